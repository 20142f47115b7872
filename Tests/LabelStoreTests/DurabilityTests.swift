import Dialogues
import Foundation
import Glibc
import LabelStore
import Testing

@Suite(.serialized) struct DurabilityTests {
  let folder = Folder()
  let probe = Rater(name: "probe", kind: .person)

  /// Holds what a labelling child said against the project.
  private func expectSaved(_ lines: [String], by rater: Rater, in project: Project) throws {
    var said: [TurnKey: String] = [:]
    for line in lines {
      let words = line.split(separator: " ")
      try #require(words.count == 3 && words[0] == "saved", "\(line)")
      said[try #require(TurnKey(words[1]))] = String(words[2])
    }
    var wrong = 0
    for (key, label) in said {
      // The child may have answered once more than it could say.
      let history = try project.history(of: key, by: rater)
      let answers = history.suffix(2).map(\.action)
      if !answers.contains(.answered(Answer(labels: [label]))) { wrong += 1 }
    }
    #expect(wrong == 0)
  }

  @Test(arguments: [1, 7, 23, 60, 140])
  func `every label that was reported saved is there after the program was killed`(count: Int)
    throws
  {
    let path = folder.file("boxes.undertone")
    try Boxes.project(in: folder, dialogues: 5).close()
    let child = try Child("label", path)
    var lines = child.lines(atLeast: count)
    child.kill()
    lines = child.finish().lines
    try #require(lines.count >= count)
    let project = try Project.open(at: path)
    try expectSaved(lines, by: probe, in: project)
    #expect(try project.check() == [])
  }

  @Test func `a full disk loses nothing that was reported saved, and says what to do`() throws {
    let path = folder.file("boxes.undertone")
    try Boxes.project(in: folder, dialogues: 5).close()
    let child = try Child("--file-limit", "400000", "label", path)
    let (lines, code) = child.finish()
    #expect(code == 1)
    let error = try #require(lines.last)
    #expect(error.hasPrefix("error: \(path): the disk refused to take more"))
    #expect(error.contains("free some space"))
    #expect(lines.count > 5)
    let project = try Project.open(at: path)
    try expectSaved(lines.dropLast(), by: probe, in: project)
    #expect(try project.check() == [])
    try project.say("joy", on: Boxes.key(0, 0))
  }

  @Test(.enabled(if: geteuid() == 0, "only root can mount a small disk"))
  func `an import that does not fit on the disk leaves no project behind`() throws {
    let disk = folder.file("disk")
    mkdir(disk, 0o700)
    let mount = try Child(
      program: "/usr/bin/env", ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk])
    guard mount.finish().code == 0 else { return }
    defer {
      umount(disk)
      rmdir(disk)
    }
    #expect {
      _ = try Project.create(at: "\(disk)/a.undertone", name: "", scheme: .meld) { project in
        try project.importCorpus(name: "boxes", root: "") { writer in
          for number in 0..<20_000 { try writer.add(Boxes.dialogue(number)) }
        }
      }
    } throws: {
      ($0 as? ProjectError)?.reason == .diskFull
        && "\($0)".hasPrefix("\(disk)/a.undertone: there is no room")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: disk) == [])
  }

  @Test func `two programs label at once, and each sees what the other did`() throws {
    let path = folder.file("boxes.undertone")
    let project = try Boxes.project(in: folder, dialogues: 5)
    let cleo = Rater(name: "cleo", kind: .person)
    let children = try [Child("label", path, "probe"), Child("label", path, "cleo")]
    for number in 0..<30 {
      try project.say("joy", on: Boxes.key(number % 5, number % 3))
    }
    let lines = children.map { child in
      _ = child.lines(atLeast: 40)
      child.kill()
      return child.finish().lines
    }
    for (lines, rater) in zip(lines, [probe, cleo]) {
      #expect(lines.count >= 40)
      try expectSaved(lines, by: rater, in: project)
      #expect(try project.progress(of: rater).labelled == 15)
    }
    #expect(try project.raters().map(\.name) == ["ana", "cleo", "probe"])
    #expect(try project.check() == [])
  }

  @Test func `an import killed half way leaves the project as it was`() throws {
    let path = folder.file("boxes.undertone")
    try Boxes.project(in: folder, dialogues: 1).close()
    let child = try Child("import", path, "1000000", "5")
    // Past the twenty thousand turns that are collected first, so that rows are being written.
    try #require(child.lines(atLeast: 6).count >= 6)
    child.kill()
    let project = try Project.open(at: path)
    #expect(try project.information().turns == 3)
    #expect(try project.information().corpora.count == 1)
    #expect(try project.check() == [])
  }

  @Test func `a saved label is synced to the disk before the call returns`() throws {
    let project = try Boxes.project(in: folder)
    let mode = try Synchronous.mode(of: project)
    #expect(mode == 2, "2 is FULL: the log is synced at every commit")
  }
}
