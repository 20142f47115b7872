import Foundation
import TestSupport
import Testing

extension EndToEndTests {
  /// What nobody would call a proper dialogue, sound or model, and what becomes of it.
  @Suite("Odd input") struct BadInput {
    static let sox = ["/usr/bin/sox", "/usr/local/bin/sox"].first {
      FileManager.default.isExecutableFile(atPath: $0)
    }

    @Test(
      .enabled(if: Home.sqlite != nil, "sqlite3 is not installed"),
      .enabled(if: sox != nil, "sox is not installed"))
    func `one turn, nobody speaking, no text, 5,000 turns and an hour of sound get their answers`()
      throws
    {
      let home = try Home()
      for (name, seconds) in [("hour.wav", "3600"), ("tone.wav", "0.4")] {
        let made = try home.run(
          program: try #require(Self.sox),
          ["-n", "-r", "8000", "-c", "1", "-b", "8", name, "synth", seconds, "sine", "220"])
        try #require(made.status == 0, "\(made.text)")
      }
      var rows = [
        "dialogue,turn,speaker,text,audio", "one,1,Ada,Only this.,", "mute,1,,Nobody says this.,",
        "mute,2,,Nor this!,", "void,1,Bo,,tone.wav", "hour,1,Ada,An hour of it.,hour.wav",
      ]
      for turn in 1...5000 {
        rows.append("long,\(turn),\(["Ada", "Bo"][turn % 2]),This is turn \(turn) of many.,")
      }
      try home.write(rows.joined(separator: "\n") + "\n", to: "odd.csv")
      let project = home.path("odd.undertone")
      let imported = try home.run("import", "manifest", "odd.csv", "--into", project)
      try #require(imported.status == 0, "\(imported.text)")
      let result = try home.run("suggest", project)
      #expect(result.status == 0, "\(result.text)")
      #expect(result.output.contains("5005 suggestions in 5 dialogues"))
      #expect(result.errors.contains("hour.wav is longer than the 900 s a turn may last"))
      let counts = try home.rows(
        """
        SELECT dialogue.name, count(*), min(probability) > 0.14 AND max(probability) <= 1
        FROM suggestion JOIN turn ON turn.id = suggestion.turn
        JOIN dialogue ON dialogue.id = turn.dialogue GROUP BY 1 ORDER BY 1
        """, in: project)
      #expect(counts == ["hour|1|1", "long|5000|1", "mute|2|1", "one|1|1", "void|1|1"])
      // And the annotator opens the longest of them.
      let screen = try home.open(project)
      try screen.wait(forTurn: "1/1")
      try screen.press("g")
      try screen.type("d5 5000")
      try screen.press("Enter")
      try screen.wait(forTurn: "5000/5000")
      try screen.wait(for: "a suggestion") {
        $0.suggestion(inRowOf: "This is turn 5000 of many.") != nil
      }
      try screen.quit()
    }

    @Test func `a model whose labels the project lacks is refused, one that shares some is mapped`()
      throws
    {
      let home = try Home()
      try home.write("dialogue,turn,speaker,text\na,1,Ada,How wonderful!\n", to: "a.csv")
      for (name, labels) in [("none", "calm,tense"), ("some", "happy,calm")] {
        let made = try home.run(
          "import", "manifest", "a.csv", "--into", "\(name).undertone", "--labels", labels)
        try #require(made.status == 0, "\(made.text)")
      }
      let none = try home.run("suggest", "none.undertone")
      #expect(none.status == 1)
      #expect(none.errors.contains("none of these is a label of this project"), "\(none.errors)")
      let some = try home.run("suggest", "some.undertone")
      #expect(some.status == 0, "\(some.text)")
      #expect(some.errors.contains("joy       →  happy"))
      #expect(some.errors.contains("never suggested: calm"))
    }

    @Test
    func `a checkpoint that is cut off or damaged is refused by every command that reads one`()
      throws
    {
      let home = try Home()
      try home.importTurns(3, into: "p.undertone")
      let bytes = try Data(
        contentsOf: URL(fileURLWithPath: "\(Home.checkout)/models/bundled.safetensors"))
      var header = bytes
      header.replaceSubrange(0..<8, with: [UInt8](repeating: 0xFF, count: 8))
      var name = bytes
      name[20] ^= 0x40
      for (file, content) in [
        ("cut.safetensors", bytes.prefix(bytes.count / 2)), ("empty.safetensors", Data()),
        ("header.safetensors", header), ("name.safetensors", name),
      ] {
        try content.write(to: URL(fileURLWithPath: home.path(file)))
        for words in [
          ["suggest", "p.undertone", "--checkpoint", file],
          ["suggest", "p.undertone", "--checkpoint", file, "--verify", "turns//d0/t1"],
          ["train", "p.undertone", "--from", file, "--out", "out.safetensors"],
        ] {
          let result = try home.run(program: try Home.program(), words)
          #expect(result.status == 1, "\(words): \(result.text)")
          #expect(result.errors.contains(file), "\(result.errors)")
        }
      }
      #expect(!(try home.files().contains("out.safetensors")))
    }

    @Test func `doctor reads every model that ships and names the one that is damaged`() throws {
      let home = try Home()
      let whole = try home.run("doctor")
      for name in ["model", "voices", "triggers"] {
        #expect(whole.output.contains(try Regex("(?m)^ok  \(name) .*intact")), "\(whole.output)")
      }
      let share = home.path("share")
      for folder in ["models", "sample-dialogs", "themes"] {
        try FileManager.default.createDirectory(
          atPath: share, withIntermediateDirectories: true)
        try FileManager.default.copyItem(
          atPath: "\(Home.checkout)/\(folder)", toPath: "\(share)/\(folder)")
      }
      for name in ["audio", "trigger"] {
        let file = "\(share)/models/\(name).safetensors"
        let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        try bytes.dropLast(10).write(to: URL(fileURLWithPath: file))
      }
      let result = try home.run(
        program: "/usr/bin/env", ["UNDERTONE_SHARE=\(share)", try Home.program(), "doctor"])
      #expect(result.status == 1)
      #expect(result.output.contains(#/(?m)^!   voices .*audio\.safetensors/#))
      #expect(result.output.contains(#/(?m)^!   triggers .*trigger\.safetensors/#))
    }
  }
}
