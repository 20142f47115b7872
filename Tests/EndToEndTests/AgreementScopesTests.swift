import Dialogues
import Foundation
import LabelStore
import TestSupport
import Testing

/// A project of four dialogues of four turns in two splits, rated by ana and ben, who say the same except
/// where they are told to differ, and by cem, who says anger throughout.
struct RatedProject {
  static let labels = ["joy", "anger", "fear"]

  let home: Home
  var path: String { home.path("rated.undertone") }
  private let design = StudyDesign(controlShare: 0.5, seed: 1)

  /// What a turn is, for those who decide where people differ.
  struct Place {
    var dialogue: Int
    var turn: Int
    var isControl: Bool
    /// The how-manieth turn of all, in the order of work.
    var order: Int
    var split: String { dialogue < 2 ? "dev" : "" }
    var speaker: String { turn % 2 == 0 ? "Mara" : "Theo" }
  }

  init(differing: (Place) -> Bool = { _ in false }) throws {
    home = try Home()
    let project = try Project.create(
      at: home.path("rated.undertone"), name: "rated",
      scheme: LabelScheme(name: "three", labels: Self.labels), study: design)
    try project.importCorpus(name: "boxes", root: "sound") { writer in
      for dialogue in 0..<4 {
        try writer.add(
          Dialogue(
            key: key(dialogue, 0).dialogue,
            turns: (0..<4).map {
              Turn(
                key: key(dialogue, $0), speaker: $0 % 2 == 0 ? "Mara" : "Theo", text: "Box \($0).")
            }))
      }
    }
    for dialogue in 0..<4 {
      try project.storeSuggestions(
        Source(name: "sage"),
        (0..<4).map {
          Suggestion(
            turn: key(dialogue, $0), labels: Self.labels, posterior: [0.8, 0.1, 0.1],
            refined: "fear")
        })
    }
    for (order, turn) in (0..<16).map({ key($0 / 4, $0 % 4) }).enumerated() {
      let isControl = design.arm(of: turn.dialogue) == .control
      let place = Place(
        dialogue: order / 4, turn: order % 4, isControl: isControl, order: order)
      let ana = order % 3 == 0 ? "fear" : "joy"
      let ben = differing(place) ? (ana == "joy" ? "fear" : "joy") : ana
      for (rater, label) in [("ana", ana), ("ben", ben), ("cem", "anger")] {
        try project.answer(
          turn, Answer(labels: [label]),
          conditions: RatingConditions(
            shown: isControl ? nil : .init(source: "sage", label: "joy", probability: 0.8),
            answerMilliseconds: 1500, program: "undertone", annotationProtocol: .assisted,
            arm: isControl ? .control : .suggested),
          by: Rater(name: rater, kind: .person))
      }
    }
    try project.close()
  }

  func key(_ dialogue: Int, _ turn: Int) -> TurnKey {
    TurnKey(
      dialogue: DialogueKey(
        corpus: "boxes", split: dialogue < 2 ? "dev" : "", dialogue: "d\(dialogue)"),
      turn: "u\(turn)")
  }

  func agreement(_ words: String...) throws -> Home.Outcome {
    try home.run(
      program: try Home.program(), ["agreement", path, "--replicates", "40"] + words)
  }

  /// The value of a statistic in the format csv; empty for one that is undefined.
  func value(_ statistic: String, _ scope: String, in output: String) throws -> String {
    let line = try #require(
      output.split(separator: "\n").first { $0.hasPrefix("\(statistic),\(scope),") },
      "\(statistic),\(scope) in \(output)")
    return String(line.split(separator: ",", omittingEmptySubsequences: false)[2])
  }
}

extension EndToEndTests {
  @Suite("Agreement of a project, in parts") struct AgreementScopes {
    /// A scope, the part of it in which people differ, and parts in which they do not.
    struct Part: Sendable {
      var scope: String
      var apart: String
      var alike: [String]
      var differing: @Sendable (RatedProject.Place) -> Bool
    }

    static let parts: [Part] = [
      Part(scope: "speaker", apart: "Theo", alike: ["Mara"]) { $0.speaker == "Theo" },
      Part(
        scope: "position", apart: "4th quarter",
        alike: ["1st quarter", "2nd quarter", "3rd quarter"]
      ) { $0.turn == 3 },
      Part(scope: "split", apart: "dev", alike: ["without a split"]) { $0.split == "dev" },
      Part(scope: "condition", apart: "suggestion hidden", alike: ["suggestion visible"]) {
        $0.isControl
      },
      Part(scope: "window", apart: "2", alike: ["1"]) { $0.order >= 8 },
      Part(scope: "label", apart: "tied", alike: ["joy", "fear"]) { $0.turn == 0 },
    ]

    @Test(arguments: parts)
    func `--by finds the part in which people differ`(part: Part) throws {
      let (scope, apart, alike, differing) = (part.scope, part.apart, part.alike, part.differing)
      let project = try RatedProject(differing: differing)
      let result = try project.agreement(
        "--by", scope, "--windows", "2", "--raters", "ana,ben", "--format", "csv")
      #expect(result.status == 0, "\(result.errors)")
      #expect(try project.value("raw_agreement", "\(scope):\(apart)", in: result.output) == "0.0")
      for part in alike {
        #expect(try project.value("raw_agreement", "\(scope):\(part)", in: result.output) == "1.0")
      }
      let text = try project.agreement("--by", scope, "--raters", "ana,ben")
      #expect(text.output.contains("by \(scope)"))
    }

    @Test func `--raters, --rater, --split and --labels take a part of the ratings`() throws {
      let project = try RatedProject()
      let all = try project.agreement("--format", "csv").output
      #expect(try project.value("ratings", "all", in: all) == "48")
      let two = try project.agreement("--rater", "ana", "--rater", "cem", "--format", "csv").output
      #expect(try project.value("raters", "all", in: two) == "2")
      #expect(try project.value("raw_agreement", "all", in: two) == "0.0")
      let dev = try project.agreement("--split", "dev", "--format", "csv").output
      #expect(try project.value("turns", "all", in: dev) == "8")
      // Anger against everything else: cem apart, ana and ben together.
      let anger = try project.agreement("--labels", "anger", "--format", "csv").output
      #expect(try project.value("ratings", "label:other", in: anger) == "32")
      let raw = try #require(Double(try project.value("raw_agreement", "all", in: anger)))
      #expect(abs(raw - 1.0 / 3) < 1e-12)
      let nobody = try project.agreement("--raters", "ana,zoe")
      #expect(nobody.status == 1)
      #expect(
        nobody.errors.contains("nobody called “zoe” has rated in it; there are ana, ben, cem"))
    }

    /// The model says joy everywhere; decoded, fear. Ana's and ben's majority is joy on ten of 16 turns.
    @Test func `--model sets a source of suggestions beside the people`() throws {
      let project = try RatedProject()
      let result = try project.agreement(
        "--model", "sage", "--model", "sage+ded", "--raters", "ana,ben", "--format", "csv")
      #expect(result.status == 0, "\(result.errors)")
      let joy = try #require(Double(try project.value("model_wa", "model:sage", in: result.output)))
      let fear = try #require(
        Double(try project.value("model_wa", "model:sage+ded", in: result.output)))
      #expect(abs(joy - 10.0 / 16) < 1e-12 && abs(fear - 6.0 / 16) < 1e-12)
      #expect(try project.value("human_ceiling_wa", "model:sage", in: result.output) == "1.0")
      let none = try project.agreement("--model", "oracle")
      #expect(none.status == 1)
      #expect(none.errors.contains("there are no suggestions of “oracle”; there are those of sage"))
    }

    @Test func `a study's bias, its raters and their skill are in every format`() throws {
      let project = try RatedProject(differing: { $0.isControl })
      let json = try project.agreement("--format", "json", "--turns")
      let report = try #require(
        try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
      let study = try #require(report["study"] as? [String: Any])
      #expect(study["source"] as? String == "sage")
      let raters = try #require(study["per_rater"] as? [[String: Any]])
      #expect(raters.map { $0["rater"] as? String } == ["ana", "ben", "cem"])
      func pull(_ place: Int) -> Double? {
        (raters[place]["suggestion_pull"] as? [String: Any])?["value"] as? Double
      }
      #expect(pull(2) == 0)
      #expect(try #require(pull(1)) != 0)
      let truth = try #require(report["truth"] as? [String: Any])
      #expect((truth["turns"] as? [Any])?.count == 16)
      let people = try #require(report["per_rater"] as? [[String: Any]])
      #expect(
        people.allSatisfy { $0["dawid_skene_accuracy"] != nil && $0["mace_competence"] != nil })
      for (format, wanted) in [
        ("text", ["suggestions and people", "Bias of suggestions", "Nobody is flagged"]),
        ("html", ["Suggestions and people", "Suggestions, rater by rater", "Drift"]),
        ("latex", ["tab:study", "tab:study-raters", "Bias of suggestions", "schroeder2025"]),
        ("csv", ["suggestion_pull,study,", "acceptance,study|rater:ana,"]),
      ] {
        let output = try project.agreement("--format", format).output
        for text in wanted { #expect(output.contains(text), "\(format): \(text)") }
      }
    }
  }
}
