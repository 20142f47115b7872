import ArgumentParser
import Dialogues
import EmotionModel
import LabelStore

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Score a source's suggestions against a rater's labels, or triggers and influence.",
    discussion: """
      It prints the scores of the model's own choice and of the label after decoding the dialogues, \
      with intervals by bootstrap over dialogues, beside always answering the commonest label and \
      chance. Run “undertone suggest” first.

      With --influence it scores which turns caused a change of emotion, on a JSON file of excerpts \
      in the shape of MELD-FR: the trigger model, the model's influence, and position alone.

      With --clips it scores how well emotion is heard, on a folder of acted clips named as RAVDESS \
      names them: a model trained for each group of actors without them, or a trained one with \
      --model. The first has a linear discriminant on summary statistics beside it.

      Examples:
        undertone evaluate friends.undertone --against MELD --split dev
        undertone evaluate friends.undertone --source dag-erc --against MELD --format json
        undertone evaluate --influence MELD_val_efr.json --verify
        undertone evaluate --clips ~/ravdess
        undertone evaluate --clips ~/other-actors --model models/audio.safetensors
      """)

  /// The formats of the scores.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Argument(help: "The project file.", completion: .file(extensions: ["undertone"]))
  var project: String?

  @Option(
    name: .long, help: "A file of excerpts with triggers, instead of a project.",
    completion: .file(extensions: ["json"]))
  var influence: String?

  @Flag(
    name: .long,
    help: "With --influence: compare influence with leaving turns out, computed from scratch.")
  var verify = false

  @Option(
    name: .long, help: "With --influence: the checkpoint whose influence is scored.",
    completion: .file(extensions: ["safetensors"]))
  var checkpoint: String?

  @Option(
    name: .long, help: "A folder of acted clips, instead of a project.", completion: .directory)
  var clips: String?

  @Option(
    name: .long,
    help: "With --clips: a trained model of voices, scored on clips of actors it has not heard.",
    completion: .file(extensions: ["safetensors"]))
  var model: String?

  @OptionGroup var voices: VoicesOption

  @Option(name: .long, help: "The source of the suggestions.")
  var source: String = builtInSource

  @Option(name: .long, help: "The rater whose labels count as true.")
  var against: String?

  @Option(name: .long, help: "Only the dialogues of this split.")
  var split: String?

  @Option(name: .long, help: "The format: text or json.")
  var format: Format = .text

  @Option(name: .long, help: "How many bootstrap replicates the intervals have.")
  var replicates = 1000

  @Option(name: .long, help: "The seed of the bootstrap.")
  var seed: UInt64 = 1

  func validate() throws {
    guard (1...1_000_000).contains(replicates) else {
      throw ValidationError("--replicates expects a number from 1 to 1000000.")
    }
    guard [project, influence, clips].count(where: { $0 != nil }) == 1 else {
      throw ValidationError(
        "Name a project, or a file of excerpts with --influence, or a folder of clips with --clips."
      )
    }
    guard voices.voices == nil || clips != nil else {
      throw ValidationError(
        "--voices goes with --clips; a project's suggestions were made by undertone suggest.")
    }
    guard model == nil || clips != nil else {
      throw ValidationError("--model goes with --clips; a project's scores are of its suggestions.")
    }
    guard project == nil || against != nil else {
      throw ValidationError("Say with --against whose labels count as true.")
    }
  }

  func run() throws {
    Interruption.listen()
    try explainingFailures {
      if let clips {
        let evaluation = try ClipEvaluation(
          path: clips, model: model,
          statistics: voices.choice(Settings(path: Locations().settings)).statistics(Locations()),
          replicates: replicates, seed: seed)
        print(format == .json ? evaluation.json : evaluation.text)
      } else if let influence {
        let evaluation = try InfluenceEvaluation(
          path: influence, checkpoint: checkpoint, verifies: verify, replicates: replicates,
          seed: seed, locations: Locations())
        print(format == .json ? evaluation.json : evaluation.text)
      } else if let project, let against {
        try score(project, against: against)
      }
    }
  }

  private func score(_ project: String, against: String) throws {
    let scored = try read(project, against: against)
    func report(_ predicted: [Int]) -> ScoreReport {
      ScoreReport(
        scores: Evaluation(labels: scored.labels, truth: scored.truth, predicted: predicted),
        intervals: EvaluationIntervals(
          labels: scored.labels, dialogues: scored.dialogues(predicted), replicates: replicates,
          seed: seed))
    }
    let before = report(scored.unaided)
    let after = scored.refined.map(report)
    switch format {
    case .text:
      print(before.line(source))
      if let after { print(after.line("\(source)+ded")) }
      print(before.details)
      if let after {
        print("after decoding the dialogues:")
        print(after.perLabel)
      } else if scored.withoutRefined < scored.truth.count {
        printError(
          "\(counted(scored.withoutRefined, "turn")) of \(scored.truth.count) have no label after decoding, "
            + "so it is not scored; “undertone suggest \(project)” decodes them all.")
      }
      if let calibration = scored.calibration {
        print(
          "log loss \(rounded(calibration.logLoss, 10_000))  "
            + "Brier \(rounded(calibration.brier, 10_000))  "
            + "ECE \(rounded(calibration.expectedCalibrationError, 10_000))")
        let never = zip(scored.truth, scored.posteriors).count { $1[$0] == 0 }
        if never > 0 {
          print(
            "\(counted(never, "turn")) of them with a label that got a probability of 0, which makes log "
              + "loss say little: the source never suggests it")
        }
      }
      print("95 % intervals: \(replicates) replicates over dialogues, seed \(seed)")
    case .json:
      var members = [
        "\"schema\":1", "\"source\":\(jsonText(source))", "\"against\":\(jsonText(against))",
        "\"replicates\":\(replicates)", "\"seed\":\(seed)", "\"before\":\(before.json)",
      ]
      if let after { members.append("\"after\":\(after.json)") }
      members.append(before.baselines)
      if let calibration = scored.calibration {
        members.append(
          "\"log_loss\":\(calibration.logLoss),\"brier\":\(calibration.brier),"
            + "\"ece\":\(calibration.expectedCalibrationError)")
      }
      print("{\(members.joined(separator: ","))}")
    }
  }

  private struct Scored {
    var labels: [String]
    var truth: [Int] = []
    var unaided: [Int] = []
    var labelsAfter: [Int] = []
    /// How many turns have no label after decoding.
    var withoutRefined = 0
    /// Each turn's label after decoding; `nil` where one has none.
    var refined: [Int]? { withoutRefined == 0 ? labelsAfter : nil }
    var posteriors: [[Double]] = []
    /// Where each dialogue's turns begin.
    var starts: [Int] = []

    var calibration: Calibration? { Calibration(posteriors: posteriors, truth: truth) }

    func dialogues(_ predicted: [Int]) -> [[(truth: Int, predicted: Int)]] {
      zip(starts, starts.dropFirst() + [truth.count]).map { start, end in
        (start..<end).map { (truth[$0], predicted[$0]) }
      }
    }
  }

  private func read(_ project: String, against: String) throws -> Scored {
    let file = try Project.open(at: project, readOnly: true, program: programVersion)
    guard try file.suggestionCount(of: source) > 0 else {
      let known = try file.sources().map(\.name.visibleName).joined(separator: ", ")
      throw Failure(
        "\(project): it has no suggestions of “\(source.visibleName)”"
          + (known.isEmpty ? "; run “undertone suggest” first." : "; there are \(known)."))
    }
    var scored = Scored(labels: try file.information().scheme.labels.map(\.name))
    var unknown = 0
    for place in 0..<(try file.dialogueCount) {
      guard let dialogue = try file.dialogue(at: place) else { break }
      if let split, dialogue.key.split != split { continue }
      var truth: [TurnKey: Int] = [:]
      for rating in try file.ratings(of: dialogue.key) where rating.rater.name == against {
        guard let label = rating.answer.labels.first, rating.answer.labels.count == 1 else {
          continue
        }
        guard let place = scored.labels.firstIndex(of: label) else {
          unknown += 1
          continue
        }
        truth[rating.turn] = place
      }
      let start = scored.truth.count
      for suggestion in try file.suggestions(for: dialogue.key, from: source) {
        guard let label = truth[suggestion.turn], let best = suggestion.best?.label,
          let unaided = scored.labels.firstIndex(of: best)
        else { continue }
        scored.truth.append(label)
        scored.unaided.append(unaided)
        if let refined = suggestion.refined.flatMap(scored.labels.firstIndex(of:)) {
          scored.labelsAfter.append(refined)
        } else {
          scored.withoutRefined += 1
        }
        scored.posteriors.append(
          scored.labels.map { name in
            suggestion.labels.firstIndex(of: name).map { suggestion.posterior[$0] } ?? 0
          })
      }
      if scored.truth.count > start { scored.starts.append(start) }
    }
    try file.close()
    guard !scored.truth.isEmpty else {
      throw Failure(
        "\(project): no turn has both a suggestion of “\(source.visibleName)” and a label of "
          + "“\(against.visibleName)”\(split.map { " in the split \($0.visibleName)" } ?? "").")
    }
    if unknown > 0 {
      printError("\(counted(unknown, "label")) of \(against) are not in the scheme and left out.")
    }
    return scored
  }
}
