import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEndTests {
  @Suite("Learning from corrections") struct Learning {
    /// Dialogues of eight turns, of which the study of seed 1 holds out the first, third and fourth.
    /// The words say an emotion, but whoever rates here hears another.
    func moods(_ home: Home, rating: [String] = ["sadness", "fear"], learnAfter: Int = 40) throws
      -> String
    {
      let lines = ["The box is on the table.", "That is wonderful, I am so happy!"]
      var turns = "dialogue,turn,speaker,text\n"
      for dialogue in 1...6 {
        for turn in 1...8 {
          turns +=
            "d\(dialogue),\(turn),\(["Ada", "Bo"][turn % 2]),\"\(lines[turn % 2]) \(dialogue)/\(turn)\"\n"
        }
      }
      try home.write(turns, to: "moods.csv")
      let project = home.path("moods.undertone")
      for words in [
        ["import", "manifest", "moods.csv", "--into", project, "--corpus", "moods"],
        ["study", project, "--learn-after", "\(learnAfter)"],
      ] {
        let result = try home.run(program: try Home.program(), words)
        try #require(result.status == 0, "\(result.text)")
      }
      return project
    }

    func rate(
      _ dialogues: ClosedRange<Int>, in project: String, _ home: Home,
      as label: (_ dialogue: Int, _ turn: Int) -> String
    ) throws {
      var ratings = "dialogue,turn,rater,label\n"
      for dialogue in dialogues {
        for turn in 1...8 { ratings += "d\(dialogue),\(turn),ben,\(label(dialogue, turn))\n" }
      }
      try home.write(ratings, to: "ratings.csv")
      let result = try home.run("import", "ratings", "ratings.csv", "--into", project)
      try #require(result.status == 0, "\(result.text)")
    }

    func learned(_ project: String) -> [String] {
      ((try? FileManager.default.contentsOfDirectory(atPath: "\(project).learned")) ?? []).sorted()
    }

    @Test(.enabled(if: Home.sqlite != nil, "sqlite3 is not installed"))
    func `after enough ratings suggestions come from what was learned, and one key goes back`()
      throws
    {
      let home = try Home.quiet()
      let project = try moods(home)
      try rate(1...4, in: project, home) { ["sadness", "fear"][$1 % 2] }
      let screen = try home.open(project, "--rater", "ana")
      try screen.wait(forTurn: "1/8")
      // Eight more make forty.
      try screen.press("g")
      try screen.type("d5")
      try screen.press("Enter")
      try screen.wait(forText: "dialogue 5/6")
      for turn in 1...8 {
        try screen.wait(forTurn: "\(turn)/8")
        try screen.press(turn % 2 == 0 ? "5" : "7")
      }
      try screen.wait(forText: "dialogue 6/6")
      try screen.wait(forText: "The model learned from", seconds: 120)
      #expect(learned(project).count == 3)
      try screen.press("[")
      try screen.wait(forText: "dialogue 5/6")
      try screen.press("]")
      try screen.wait(forText: "dialogue 6/6")
      // Here nobody has rated anything, so what was learned may suggest.
      let text = "The box is on the table. 6/4"
      try screen.wait(for: "a suggestion of what was learned") {
        $0.suggestion(inRowOf: text) == "sadness"
      }
      try screen.press("j", "4")
      try screen.waitForSaved()
      try screen.press("B")
      try screen.wait(forText: "Suggestions come from gatedxlstm from now on")
      try screen.wait(for: "a suggestion as before") {
        $0.suggestion(inRowOf: text).map { $0 != "sadness" } ?? false
      }
      try screen.press("4")
      try screen.waitForSaved()
      try screen.quit()

      let source = try #require(learned(project).first { $0.hasSuffix(".safetensors") })
        .replacingOccurrences(of: ".safetensors", with: "")
      #expect(source.hasPrefix("gatedxlstm-adapted-1-"))
      let shown = try home.rows(
        """
        SELECT shown_source FROM event JOIN turn ON turn.id = event.turn
        JOIN dialogue ON dialogue.id = turn.dialogue
        WHERE kind = 'answered' AND dialogue.name = 'd6' ORDER BY clock
        """, in: project)
      #expect(shown == [source, "gatedxlstm"])
      // In what it learned from it suggests nothing: there it would tell what ben answered.
      let suggested = try home.rows(
        """
        SELECT DISTINCT dialogue.name FROM suggestion JOIN source ON source.id = suggestion.source
        JOIN turn ON turn.id = suggestion.turn JOIN dialogue ON dialogue.id = turn.dialogue
        WHERE source.name = '\(source)'
        """, in: project)
      #expect(suggested == ["d6"])
      let study = try home.run("study", project)
      #expect(study.output.contains("learning     after every 40 ratings"), "\(study.output)")
      #expect(
        study.output.contains("  \(source), used\n    adapted to 16 rated turns of 2 dialogues"))
      // The choice holds in the next sitting, for ana alone.
      for (rater, wanted) in [("ana", false), ("ben", true)] {
        let screen = try home.open(project, "--rater", rater)
        try screen.wait(forTurn: "1/8", orAnyOf: 8)
        try screen.press("g")
        try screen.type("d6")
        try screen.press("Enter")
        try screen.wait(forText: "dialogue 6/6")
        try screen.wait(for: "suggestions for \(rater)") {
          $0.suggestion(inRowOf: "table. 6/6").map { ($0 == "sadness") == wanted } ?? false
        }
        try screen.quit()
      }
    }

    @Test func `decoding the built-in model's suggestions does not hide what was learned`() throws {
      let home = try Home.quiet()
      let project = try moods(home)
      try rate(1...5, in: project, home) { ["sadness", "fear"][$1 % 2] }
      for words in [
        ["study", project, "--learn-now"], ["suggest", project],
        ["refine", project, "--source", "gatedxlstm", "--against", "ben"],
      ] {
        let result = try home.run(program: try Home.program(), words)
        try #require(result.status == 0, "\(result.text)")
      }
      let queue = try home.run("review", project, "--format", "json")
      #expect(queue.output.contains("\"source\" : \"gatedxlstm+ded\""), "\(queue.text)")
      let screen = try home.open(project, "--rater", "ana")
      try screen.wait(forTurn: "1/8")
      try screen.press("g")
      try screen.type("d6")
      try screen.press("Enter")
      try screen.wait(forText: "dialogue 6/6")
      try screen.wait(for: "a suggestion of what was learned") {
        $0.suggestion(inRowOf: "The box is on the table. 6/4") == "sadness"
      }
      try screen.press("B")
      try screen.wait(forText: "Suggestions come from gatedxlstm from now on")
      try screen.wait(for: "a suggestion as before") {
        $0.suggestion(inRowOf: "The box is on the table. 6/4").map { $0 != "sadness" } ?? false
      }
      try screen.quit()
    }

    @Test func `learning that was killed goes on, or begins anew with a sentence if it cannot`()
      throws
    {
      let home = try Home.quiet()
      let project = try moods(home)
      try rate(1...6, in: project, home) { ["sadness", "fear"][$1 % 2] }
      let script = """
        "$0" study "$1" --learn-now & pid=$!
        until [ -e "$1.learned/attempt.state" ] || ! kill -0 $pid; do sleep 0.01; done
        kill -9 $pid; wait $pid
        exit 0
        """
      var sources: [String] = []
      for isDamaged in [false, true] {
        let killed = try home.run(
          program: "/bin/bash", ["-c", script, try Home.program(), project])
        #expect(killed.status == 0, "\(killed.text)")
        try #require(learned(project).contains("attempt.state"), "\(learned(project))")
        if isDamaged {
          try "a state".write(
            toFile: "\(project).learned/attempt.state", atomically: false, encoding: .utf8)
        }
        let result = try home.run("study", project, "--learn-now")
        #expect(result.status == 0, "\(result.text)")
        #expect(result.errors.contains("Learning begins anew: ") == isDamaged, "\(result.errors)")
        #expect(!learned(project).contains { $0.hasPrefix("attempt") }, "\(learned(project))")
        sources.append(try #require(learned(project).first { $0.hasSuffix(".safetensors") }))
        try FileManager.default.removeItem(atPath: "\(project).learned")
      }
      #expect(sources[0] == sources[1])
    }

    @Test func `what does worse on held-out dialogues is listed and not used`() throws {
      let home = try Home.quiet()
      let project = try moods(home)
      // Planted: nonsense wherever it learns, the plain sense of the words where it is measured.
      try rate(1...6, in: project, home) { dialogue, turn in
        [1, 3, 4].contains(dialogue)
          ? ["neutral", "joy"][turn % 2] : ["disgust", "anger"][turn % 2]
      }
      let result = try home.run("study", project, "--learn-now")
      #expect(result.status == 0, "\(result.text)")
      #expect(result.output.contains(", not used, it is worse"), "\(result.output)")
      #expect(learned(project) == ["adapted-1.json", "lock"])
      let study = try home.run("study", project)
      #expect(study.output.contains("not used, it is worse"))
    }

    @Test func `the samples can be learned from`() throws {
      let home = try Home.quiet()
      let project = home.path("samples.undertone")
      for words in [
        ["import", "manifest", "\(Home.checkout)/sample-dialogs/manifest.csv", "--into", project],
        ["import", "ratings", "\(Home.checkout)/sample-dialogs/ratings.csv", "--into", project],
        ["study", project, "--learn-after", "50", "--control", "0.4"],
        ["study", project, "--learn-now"],
      ] {
        let result = try home.run(program: try Home.program(), words)
        #expect(result.status == 0, "\(result.text)")
        if words.last == "--learn-now" {
          #expect(result.output.contains("held-out turns log loss"))
        }
      }
      #expect(learned(project).contains("adapted-1.json"))
    }

    @Test func `whoever kills it in between leaves nothing half-written, and it can begin anew`()
      throws
    {
      let home = try Home.quiet()
      let project = try moods(home)
      try rate(1...6, in: project, home) { ["sadness", "fear"][$1 % 2] }
      // Killed while it reads and learns, and then at the moment the first file appears.
      let script = """
        for delay in 0.1 0.5 1 1.5; do
          "$0" study "$1" --learn-now & pid=$!
          sleep $delay
          kill -9 $pid; wait $pid
        done
        rm -rf "$1".learned
        "$0" study "$1" --learn-now & pid=$!
        until ls "$1".learned | grep -q safetensors; do :; done
        kill -9 $pid; wait $pid
        exit 0
        """
      let killed = try home.run(program: "/bin/bash", ["-c", script, try Home.program(), project])
      #expect(killed.status == 0, "\(killed.text)")
      // The record comes last: where it is not, nothing is listed or used.
      let listed = try home.run("study", project)
      #expect(
        listed.output.contains("gatedxlstm-adapted") == learned(project).contains("adapted-1.json"))
      let last = try home.run("study", project, "--learn-now")
      #expect(last.status == 0, "\(last.text)")
      let files = learned(project)
      #expect(!files.contains { $0.hasSuffix(".partial") }, "\(files)")
      for name in files where name.hasSuffix(".safetensors") {
        // As whole as any checkpoint: it can be used.
        let used = try home.run(
          "suggest", project, "--checkpoint", "\(project).learned/\(name)")
        #expect(used.status == 0, "\(used.text)")
      }
      #expect(files.contains { $0.hasSuffix(".safetensors") })
    }

    @Test func `nothing is learned without consent, or where labels are given blind`() throws {
      let home = try Home.quiet()
      let project = try moods(home, learnAfter: 0)
      try rate(1...6, in: project, home) { ["sadness", "fear"][$1 % 2] }
      let refused = try home.run("study", project, "--learn-now")
      #expect(refused.status == 1)
      #expect(refused.errors.contains("nobody has agreed"), "\(refused.errors)")
      let blind = try home.run(
        "study", project, "--learn-after", "5", "--protocol", "blind", "--learn-now")
      #expect(blind.status == 1, "\(blind.text)")
      let screen = try home.open(project, "--rater", "ana")
      try screen.wait(forTurn: "1/8")
      for turn in 2...7 {
        try screen.press("4")
        try screen.wait(forTurn: "\(turn)/8")
      }
      try screen.waitForSaved()
      try screen.press("B")
      try screen.wait(forText: "No suggestions are shown here")
      try screen.quit()
      #expect(learned(project).isEmpty)
    }
  }
}

extension Tmux {
  /// Waits until a dialogue of so many turns is open, at whichever turn.
  fileprivate func wait(forTurn turn: String, orAnyOf turns: Int) throws {
    try wait(for: "turn \(turn) or another") { $0.title.contains("/\(turns) ") }
  }
}
