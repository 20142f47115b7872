import Agreement
import ArgumentParser
import Dialogues
import LabelStore
import Review

/// Which turns a review is about, as options of the command.
struct ReviewSelection: ParsableArguments {
  @Flag(name: .long, help: "Only turns people differ on and nobody has decided.")
  var open = false

  @Flag(name: .long, help: "Only those where no label has more votes than every other.")
  var ties = false

  @Flag(name: .long, help: "Only turns all people agree on: their label is filled in.")
  var unanimous = false

  @Flag(name: .long, help: "Only turns that are decided.")
  var decided = false

  @Flag(name: .long, help: "All turns that anybody answered, decided ones too.")
  var all = false

  @Option(name: .long, help: "Only for this reason; say it once for each.")
  var reason: [ReviewReason] = []

  @Option(name: .long, help: "Only turns this rater answered.")
  var by: String?

  @Option(name: .long, help: "Only turns these two raters answered differently: ana,ben.")
  var pair: String?

  @Option(name: .long, help: "Only turns given or suggested this label.")
  var label: String?

  @Option(name: .long, help: "Only turns of speakers whose name holds this.")
  var speaker: String?

  @Option(name: .long, help: "A corpus's rater whose answers count as known, e.g. MELD.")
  var goldRater: String?

  @Option(
    name: .long, help: "How a label is held against the model: see the manual for the formulas.")
  var quality: LabelQuality = .selfConfidence

  func validate() throws {
    guard [open, ties, unanimous, decided, all].count(where: { $0 }) < 2 else {
      throw ValidationError("Say one of --open, --ties, --unanimous, --decided and --all.")
    }
    if pair != nil, names.count != 2 {
      throw ValidationError("--pair expects two raters, parted by a comma: ana,ben.")
    }
  }

  private var names: [String] {
    (pair ?? "").split(separator: ",").map { String($0).trimmingSpaces }.filter { !$0.isEmpty }
  }

  var scope: ReviewScope {
    open
      ? .open : ties ? .ties : unanimous ? .unanimous : decided ? .decided : all ? .all : .toReview
  }

  /// What the annotator's list is narrowed by, as it could be typed there.
  var filter: String {
    speaker.map { $0.split(separator: " ").map { "speaker:\($0)" }.joined(separator: " ") } ?? ""
  }

  /// How turns are scored and which count; everything but the ``scope``.
  func options(for file: Project, at path: String) throws -> ReviewQueue.Options {
    let raters = try file.raters().map(\.name)
    for name in [by, goldRater].compactMap({ $0 }) + names where !raters.contains(name) {
      throw Failure(
        "\(path): it has no rater “\(name.visibleName)”; it has "
          + "\(raters.isEmpty ? "none yet" : raters.joined(separator: ", ").visibleName).")
    }
    return ReviewQueue.Options(
      reasons: Set(reason.isEmpty ? ReviewReason.allCases : reason), quality: quality, rater: by,
      label: label, pair: names.count == 2 ? RaterPair(names[0], names[1]) : nil)
  }
}
