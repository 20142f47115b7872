import Foundation
import TestSupport
import Testing

extension EndToEndTests {
  @Suite("The command line") struct CommandLine {
    @Test(arguments: [
      ["import", "klingon", "turns.csv", "--into", "new.undertone"],
      ["export", "xls", "some.undertone", "labels.xls"], ["agreement"], ["--nonsense"],
      ["agreement", "some.undertone", "--format", "yaml"],
    ])
    func `a command line that means nothing is explained, with exit code 2`(words: [String]) throws
    {
      let home = try Home()
      let result = try home.run(program: try Home.program(), words)
      #expect(result.status == 2)
      #expect(result.output == "")
      #expect(result.errors.hasPrefix("Error: "), "\(result.errors)")
      #expect(try home.files() == [])
    }

    @Test(arguments: [
      ["agreement", "none.undertone"], ["export", "csv", "none.undertone", "labels.csv"],
      ["suggest", "none.undertone"], ["import", "meld", "none", "--into", "new.undertone"],
      ["import", "ratings", "none.csv", "--into", "none.undertone"],
    ])
    func `a file that is not there is named, with exit code 1`(words: [String]) throws {
      let home = try Home()
      let result = try home.run(program: try Home.program(), words)
      #expect(result.status == 1)
      #expect(result.output == "")
      #expect(result.errors.contains("none"), "\(result.errors)")
      #expect(try home.files() == [])
    }

    @Test func `a word that is no command is answered with the commands there are`() throws {
      let home = try Home()
      let screen = try home.open("frobnicate")
      let status = try screen.waitForEnd()
      #expect(status == 2)
      #expect(try screen.screen().contains("There is no command “frobnicate”"))
    }

    @Test func `without a terminal the annotator says so and makes nothing`() throws {
      let home = try Home()
      let result = try home.run()
      #expect(result.status == 1)
      #expect(result.output == "")
      #expect(result.errors.contains("needs a terminal"))
      #expect(try home.files() == [])
    }

    @Test func `a text file is no project, and stays as it was`() throws {
      let home = try Home()
      try home.write("Dear diary,\n", to: "diary.undertone")
      let screen = try home.open(home.path("diary.undertone"))
      let status = try screen.waitForEnd()
      #expect(status == 1)
      let told = try screen.screen()
      #expect(told.contains("it is not an Undertone project"))
      let result = try home.run("agreement", "diary.undertone")
      #expect(result.status == 1)
      #expect(result.errors.contains("diary.undertone: it is not an Undertone project"))
      let text = try String(contentsOfFile: home.path("diary.undertone"), encoding: .utf8)
      #expect(text == "Dear diary,\n")
    }

    @Test(.enabled(if: Home.sqlite != nil, "sqlite3 is not installed"))
    func `a project of a newer version is not touched`() throws {
      let home = try Home.quiet()
      try home.importTurns(3, into: "new.undertone")
      _ = try home.rows("PRAGMA user_version = 99", in: home.path("new.undertone"))
      let before = try Data(contentsOf: URL(fileURLWithPath: home.path("new.undertone")))
      let screen = try home.open(home.path("new.undertone"))
      let status = try screen.waitForEnd()
      #expect(status == 1)
      let told = try screen.screen()
      #expect(told.contains("written by a newer Undertone"))
      let after = try Data(contentsOf: URL(fileURLWithPath: home.path("new.undertone")))
      #expect(after == before)
    }

    @Test func `what is opened for reading shows everything and refuses labels with a reason`()
      throws
    {
      let home = try Home.quiet()
      try home.importTurns(3, into: "done.undertone")
      let screen = try home.open(home.path("done.undertone"), "--read-only")
      try screen.wait(forTurn: "1/3")
      for key in ["4", "f", "s", "u", "m", "BSpace"] {
        try screen.press("j", "k")
        try screen.wait(for: "no message") { !$0.contains("opened for reading only") }
        try screen.press(key)
        try screen.wait(forText: "it was opened for reading only")
      }
      let shown = try screen.wait(forTurn: "1/3")
      #expect(shown.title.contains("read-only"))
      try screen.quit()
      let result = try home.run("export", "csv", "done.undertone", "labels.csv")
      #expect(result.status == 0, "\(result.text)")
      let labels = try String(contentsOfFile: home.path("labels.csv"), encoding: .utf8)
      #expect(!labels.contains("anger"))
    }

    @Test func `agreement on the samples is text for people and JSON for programs`() throws {
      let home = try Home.quiet()
      let screen = try home.open()
      try screen.wait(forTurn: "1/17")
      try screen.quit()
      let text = try home.run("agreement", home.samples, "--replicates", "100")
      #expect(text.status == 0, "\(text.errors)")
      let printed = try #require(text.output.firstMatch(of: #/Krippendorff's α +(0\.\d{3}) /#))
      let json = try home.run(
        "agreement", home.samples, "--replicates", "100", "--format", "json")
      #expect(json.status == 0, "\(json.errors)")
      let report = try #require(
        try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
      #expect(report["schema"] as? Int == 1)
      let alpha = try #require(
        (report["alpha_nominal"] as? [String: Any])?["value"] as? Double)
      #expect(abs(alpha - (Double(printed.1) ?? .nan)) < 0.0006)
    }

    @Test func `labels come out as CSV and as JSON lines`() throws {
      let home = try Home.quiet()
      try home.importTurns(3, into: "ours.undertone")
      let screen = try home.open(home.path("ours.undertone"), "--rater", "ana")
      try screen.wait(forTurn: "1/3")
      try screen.press("4")
      try screen.wait(forTurn: "2/3")
      try screen.quit()
      let csv = try home.run("export", "csv", "ours.undertone", "ours.csv")
      #expect(csv.status == 0, "\(csv.text)")
      let rows = try String(contentsOfFile: home.path("ours.csv"), encoding: .utf8)
        .split(separator: "\n")
      #expect(rows.count == 4)
      let columns = rows.first?.split(separator: ",")
      #expect(columns?.contains("rater:ana") == true, "\(rows)")
      #expect(rows.dropFirst().first?.contains(",anger,anger,") == true)
      let json = try home.run("export", "jsonl", "ours.undertone", "ours.jsonl")
      #expect(json.status == 0, "\(json.text)")
      let lines = try String(contentsOfFile: home.path("ours.jsonl"), encoding: .utf8)
        .split(separator: "\n")
      #expect(lines.count == 3)
      let first = try #require(
        try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any])
      #expect(first["gold"] as? [String] == ["anger"])
    }

    @Test
    func `an export holds what was asked for, says what is lost, and replaces nothing unasked`()
      throws
    {
      let home = try Home.quiet()
      try home.importTurns(3, into: "ours.undertone")
      let screen = try home.open(home.path("ours.undertone"), "--rater", "ana")
      try screen.wait(forTurn: "1/3")
      try screen.press("4")
      try screen.wait(forTurn: "2/3")
      try screen.quit()
      let grids = try home.run("export", "textgrid", "ours.undertone", "grids")
      #expect(grids.status == 0, "\(grids.text)")
      let files = try FileManager.default.subpathsOfDirectory(atPath: home.path("grids"))
      let grid = try #require(files.first { $0.hasSuffix(".TextGrid") })
      let text = try String(contentsOfFile: home.path("grids/\(grid)"), encoding: .utf8)
      #expect(text.contains("name = \"emotion:ana@") && text.contains("text = \"anger\""))
      #expect(grids.errors.contains("textgrid has no place for the time of 1 ratings."))
      let again = try home.run("export", "textgrid", "ours.undertone", "grids")
      #expect(again.status == 1 && again.errors.contains("--overwrite"))
      let over = try home.run("export", "textgrid", "ours.undertone", "grids", "--overwrite")
      #expect(over.status == 0, "\(over.text)")
      let wrong = try home.run("export", "csv", "ours.undertone", "x.csv", "--what", "gold,all")
      #expect(wrong.status == 2 && wrong.errors.contains("gold,votes,raters"))
      let soft = try home.run("export", "csv", "ours.undertone", "s.csv", "--what", "votes")
      #expect(soft.status == 0, "\(soft.text)")
      let rows = try String(contentsOfFile: home.path("s.csv"), encoding: .utf8)
      #expect(rows.contains(",votes:anger,") && !rows.contains("rater:ana"))
    }

    @Test(.enabled(if: Home.sqlite != nil, "sqlite3 is not installed"))
    func `the same import again changes nothing, and a dry run makes no file`() throws {
      let home = try Home()
      try home.writeManifest(turns: 40)
      let words = ["import", "manifest", "turns.csv", "--into", "new.undertone"]
      let dry = try home.run(program: try Home.program(), words + ["--dry-run"])
      #expect(dry.status == 0, "\(dry.text)")
      #expect(dry.output.contains("would import 2 dialogues, 40 turns"))
      #expect(try home.files() == ["turns.csv"])
      let first = try home.run(program: try Home.program(), words)
      #expect(first.output.contains("imported 2 new dialogues, 40 new turns"))
      let before = try home.rows(".dump", in: home.path("new.undertone"))
      let second = try home.run(program: try Home.program(), words)
      #expect(second.status == 0, "\(second.text)")
      #expect(second.output.contains("imported 0 new dialogues, 0 new turns, 0 new ratings"))
      #expect(try home.rows(".dump", in: home.path("new.undertone")) == before)
    }

    @Test func `Ctrl-C during an import leaves nothing behind`() throws {
      let home = try Home()
      try home.writeManifest(turns: 100_000)
      let project = home.path("new.undertone")
      let screen = try home.open(
        "import", "manifest", home.path("turns.csv"), "--into", project)
      try screen.wait(forText: " %")
      try screen.press("C-c")
      let status = try screen.waitForEnd()
      #expect(status == 1)
      let told = try screen.screen()
      #expect(told.contains("Interrupted; nothing was changed."))
      #expect(try home.files() == ["turns.csv"])
    }
  }
}

extension Home {
  /// Writes `turns.csv`, invented turns of text in dialogues of twenty.
  func writeManifest(turns: Int, perDialogue: Int = 20) throws {
    let rows = (0..<turns).map { turn in
      "d\(turn / perDialogue),t\(turn % perDialogue),\(turn % 2 == 0 ? "Ada" : "Bo"),Words \(turn)."
    }
    try write(
      "dialogue,turn,speaker,text\n" + rows.joined(separator: "\n") + "\n", to: "turns.csv")
  }

  /// Makes a project of one dialogue of text.
  func importTurns(_ count: Int, into project: String) throws {
    try writeManifest(turns: count, perDialogue: count)
    let result = try run("import", "manifest", "turns.csv", "--into", project)
    try #require(result.status == 0, "\(result.text)")
  }
}
