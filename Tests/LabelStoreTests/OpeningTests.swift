import Dialogues
import Foundation
import Glibc
import LabelStore
import TestSupport
import Testing

struct OpeningTests {
  let folder = Folder()

  private func refusal(_ path: String) -> ProjectError? {
    do {
      let project = try Project.open(at: path)
      _ = try project.information()
      return nil
    } catch {
      return error as? ProjectError
    }
  }

  private func expectRefusal(
    _ path: String, _ reason: ProjectError.Reason, _ words: String,
    _ location: SourceLocation = #_sourceLocation
  ) {
    let error = refusal(path)
    #expect(error?.reason == reason, sourceLocation: location)
    #expect(error?.message.hasPrefix("\(path): ") == true, sourceLocation: location)
    #expect(
      error?.message.contains(words) == true, "\(error?.message ?? "opened")",
      sourceLocation: location)
  }

  private func sqlite(_ path: String, _ sql: String) throws -> (lines: [String], code: Int32) {
    try Child(program: "/usr/bin/env", ["sqlite3", path, sql]).finish()
  }

  @Test func `what is not a project is refused with the file, the reason and what to do`() throws {
    expectRefusal(folder.file("none.undertone"), .missing, "there is no such file")
    expectRefusal(folder.path, .notAProject, "it is a folder")
    for (name, content) in [
      ("empty", ""), ("text", String(repeating: "not a database ", count: 99)),
    ] {
      try Data(content.utf8).write(to: URL(fileURLWithPath: folder.file(name)))
      expectRefusal(folder.file(name), .notAProject, "not an Undertone project")
      #expect(try String(contentsOfFile: folder.file(name), encoding: .utf8) == content)
    }
    mkfifo(folder.file("pipe"), 0o600)
    expectRefusal(folder.file("pipe"), .notAProject, "not a regular file")
  }

  @Test func `somebody else's database is refused and not touched`() throws {
    let path = folder.file("other.db")
    #expect(try sqlite(path, "CREATE TABLE t (x); INSERT INTO t VALUES (1);").code == 0)
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    expectRefusal(path, .notAProject, "not an Undertone project")
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    #expect(folder.names == ["other.db"])
  }

  @Test func `a project of a newer version is refused`() throws {
    let path = folder.file("boxes.undertone")
    try Boxes.project(in: folder).close()
    _ = try sqlite(path, "PRAGMA user_version = 99")
    expectRefusal(path, .newer, "newer Undertone (format 99")
  }

  @Test func `a project with a strange trigger is refused`() throws {
    let path = folder.file("boxes.undertone")
    try Boxes.project(in: folder).close()
    _ = try sqlite(path, "CREATE TABLE mine (x); CREATE VIEW my_view AS SELECT * FROM label;")
    #expect(refusal(path) == nil)
    _ = try sqlite(path, "CREATE TRIGGER harm AFTER INSERT ON event BEGIN DELETE FROM source; END")
    expectRefusal(path, .damaged, "triggers are not those of a project")
  }

  @Test func `a damaged or cut file is refused in words or its damage is found, never a crash`()
    throws
  {
    let path = folder.file("boxes.undertone")
    let project = try Boxes.project(in: folder, dialogues: 60)
    for turn in 0..<3 { try project.say("joy", on: Boxes.key(0, turn)) }
    try project.close()
    let sound = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    try Data(sound.prefix(sound.count / 2)).write(to: URL(fileURLWithPath: path))
    expectRefusal(path, .damaged, "damaged")
    var random = SplitMix(seed: 11)
    var found = 0
    for round in 0..<40 {
      var bytes = sound
      for _ in 0..<200 {
        let page = Int.random(in: round % 4 == 0 ? 0..<1 : 1..<(bytes.count / 4096), using: &random)
        bytes[page * 4096 + .random(in: 100..<4096, using: &random)] = .random(
          in: 0...255, using: &random)
      }
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      do {
        let project = try Project.open(at: path)
        let problems = try project.check()
        if !problems.isEmpty { found += 1 }
        for number in 0..<60 {
          _ = try? project.dialogue(at: number)
          _ = try? project.turnStates(of: Boxes.dialogueKey(number), for: Boxes.ana)
        }
        try project.forEachRating { _, _ in }
        try? project.close()
      } catch let error as ProjectError {
        found += 1
        #expect(error.message.hasPrefix(path))
      }
      unlink(path + "-wal")
      unlink(path + "-shm")
    }
    #expect(found > 30)
  }

  @Test func `a project appears only when it is complete, readable by its owner alone`() throws {
    struct Failure: Error {}
    #expect(throws: Failure.self) {
      _ = try Project.create(at: folder.file("a.undertone"), name: "", scheme: .meld) { _ in
        #expect(folder.names.allSatisfy { $0.hasPrefix(".a.undertone.new-") })
        throw Failure()
      }
    }
    #expect(folder.names == [])
    let project = try Boxes.project(in: folder)
    try project.say("joy", on: Boxes.key(0, 0))
    #expect(folder.names == ["boxes.undertone", "boxes.undertone-shm", "boxes.undertone-wal"])
    for name in folder.names {
      let mode = try FileManager.default.attributesOfItem(atPath: folder.file(name))[
        .posixPermissions]
      #expect(mode as? Int == 0o600, "\(name)")
    }
    #expect {
      _ = try Boxes.project(in: folder)
    } throws: { ($0 as? ProjectError)?.reason == .exists }
    try project.close()
    #expect(folder.names == ["boxes.undertone"])
    #expect {
      _ = try Project.create(at: folder.file("no/a.undertone"), name: "", scheme: .meld)
    } throws: { ($0 as? ProjectError)?.reason == .missing }
  }

  @Test
  func `opened for reading only, a project can be looked at and says why it cannot be changed`()
    throws
  {
    try Boxes.project(in: folder).close()
    let project = try Project.open(at: folder.file("boxes.undertone"), readOnly: true)
    #expect(try project.information().turns == 12)
    #expect {
      try project.say("joy", on: Boxes.key(0, 0))
    } throws: {
      ($0 as? ProjectError)?.reason == .readOnly && "\($0)".contains("opened for reading only")
    }
    #expect(throws: ProjectError.self) { try project.importRatings { _ in } }
    #expect(throws: ProjectError.self) { try project.undo(by: Boxes.ana) }
  }

  @Test(arguments: [(0o444, 0o755, "may not write to it"), (0o666, 0o555, "write to its folder")])
  func `a file or folder without permission to write is opened for reading`(
    file: Int, directory: Int, words: String
  ) throws {
    let path = folder.file("boxes.undertone")
    try Boxes.project(in: folder).close()
    chmod(path, mode_t(file))
    chmod(folder.path, mode_t(directory))
    defer { chmod(folder.path, 0o700) }
    // Root may do anything, so the child becomes nobody.
    let child =
      geteuid() == 0 ? try Child("--as-nobody", "inspect", path) : try Child("inspect", path)
    let (lines, code) = child.finish()
    #expect(code == 0)
    #expect(lines.first == "turns 12")
    #expect(lines.last?.contains(words) == true, "\(lines)")
  }

  @Test func `SQLite's own shell is refused to change or delete an event or a rating`() throws {
    let path = folder.file("boxes.undertone")
    let project = try Boxes.project(in: folder)
    try project.say("joy", on: Boxes.key(0, 0))
    try project.say("fear", on: Boxes.key(0, 1))
    try project.importRatings { try $0.add(Boxes.rating(0, 0, "fear")) }
    try project.close()
    let all =
      "SELECT group_concat(quote(id) || quote(labels)) FROM event; SELECT * FROM imported_rating"
    let before = try sqlite(path, all).lines
    for sql in [
      "UPDATE event SET labels = '[\"anger\"]'", "DELETE FROM event",
      "DELETE FROM event WHERE arrival = 2",
      "UPDATE OR IGNORE event SET time = 0", "PRAGMA foreign_keys = OFF; DELETE FROM event",
      "INSERT OR REPLACE INTO event SELECT arrival, id, clock, time, rater, turn, kind, target, "
        + "'[]', dimensions, confidence, note, shown_source, shown_label, shown_probability, met, "
        + "heard_milliseconds, replays, answer_milliseconds, program FROM event",
      "REPLACE INTO event (arrival, id, clock, time, rater, turn, kind, program) "
        + "VALUES (1, randomblob(16), 1, 1, 1, 1048576, 'flagged', '')",
      "INSERT INTO event (id, clock, time, rater, turn, kind, target, program) "
        + "SELECT randomblob(16), clock + 9, 1, rater, 1048578, 'undid', id, '' FROM event LIMIT 1",
      "UPDATE imported_rating SET labels = '[]'", "DELETE FROM imported_rating",
      "REPLACE INTO imported_rating SELECT rater, turn, '[]', NULL, NULL, NULL FROM imported_rating",
      "UPDATE turn SET text = 'x'", "DELETE FROM turn", "DELETE FROM dialogue",
    ] {
      let (lines, code) = try sqlite(path, sql)
      #expect(code != 0, "\(sql)")
      #expect(lines.joined().contains("rror"), "\(sql): \(lines)")
    }
    #expect(try sqlite(path, all).lines == before)
    #expect(try Project.open(at: path).check() == [])
  }
}
