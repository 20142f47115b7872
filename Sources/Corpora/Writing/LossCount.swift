internal import Dialogues

/// What a format could not hold, counted.
public struct LossCount: Equatable, Sendable {
  private let format: String
  private let remedy: String
  private var counts = [Int](repeating: 0, count: Loss.allCases.count)

  /// - Parameter remedy: what to do about what a choice of parts left out; may be empty.
  init(_ format: String, remedy: String = "") {
    self.format = format
    self.remedy = remedy
  }

  mutating func add(_ loss: Loss, _ count: Int = 1) { counts[loss.rawValue] += count }

  /// How often something was lost.
  func count(of loss: Loss) -> Int { counts[loss.rawValue] }

  /// One sentence for each kind of loss, always in the same order.
  public var sentences: [String] {
    Loss.allCases.compactMap { loss in
      let count = counts[loss.rawValue]
      guard count > 0 else { return nil }
      let what = loss.phrase.split(separator: "#", omittingEmptySubsequences: false)
        .joined(separator: String(count))
      return loss.isAbsence
        ? "\(format) has no place for \(what)\(loss.isChoice ? remedy : "")." : "\(what)."
    }
  }

  /// Counts what is lost of a turn in a format that holds only some of it.
  ///
  /// - Parameter holds: what the format has a place for and writes.
  mutating func add(
    _ exported: ExportedTurn, options: ExportOptions, holds: Set<ExportPart>
  ) {
    let lost: (ExportPart) -> Bool = { options.wants($0) && !holds.contains($0) }
    for exported in exported.ratings {
      if lost(.raters), !exported.rating.answer.labels.isEmpty { add(.ratings) }
      if lost(.dimensions), !exported.rating.answer.dimensions.isEmpty { add(.dimensions) }
      if lost(.conditions), exported.conditions != nil { add(.conditions) }
    }
    if lost(.gold), !exported.gold.isEmpty { add(.gold) }
    if lost(.votes), exported.votes.count > 1 { add(.votes) }
    if let suggestion = exported.suggestion {
      if lost(.suggestions) { add(.suggestions) }
      if lost(.refined), suggestion.refined != nil { add(.refined) }
    }
  }
}

/// The kinds of thing a format may not hold.
enum Loss: Int, CaseIterable {
  case gold, votes, ratings, dimensions, conditions, suggestions, refined
  case raterNames, raterKinds, confidence, ratingTimes
  case probabilities, influences
  case audio, words, metadata, titles
  case labelMapping, unlistedLabels, unlistedChoices
  case tiedGold, noGold, codelessLabels
  case renumbered, foreignIDs, merged
  case roundedTimes, untimed, unrepresentable, noMeans, formulas, flattened

  /// What it is, `#` standing for its count.
  var phrase: String {
    switch self {
    case .gold: "the gold labels of # turns"
    case .votes: "the votes of # turns on which raters differ"
    case .ratings: "# ratings behind the gold"
    case .dimensions: "the dimensions of # ratings"
    case .conditions: "the conditions of # ratings"
    case .suggestions: "# suggestions"
    case .refined: "# refined labels"
    case .raterNames: "the names and kind of the people behind # ratings (undertone.json has them)"
    case .raterKinds: "the kind of # raters"
    case .confidence: "the confidence of # ratings"
    case .ratingTimes: "the time of # ratings"
    case .probabilities: "the full probabilities of # suggestions"
    case .influences: "the influences of # suggestions"
    case .audio: "the audio of # turns"
    case .words: "the word times of # turns"
    case .metadata: "the further columns of # turns"
    case .titles: "the titles of # dialogues"
    case .unlistedLabels: "the shares or probabilities of # labels outside the project's scheme"
    case .unlistedChoices: "a choice in the setup for # labels outside the project's scheme"
    case .labelMapping: "the # label mappings of the project"
    case .tiedGold: "# turns have tied gold labels; their label is left empty"
    case .noGold: "# turns have no gold label; their label is left empty"
    case .codelessLabels: "# gold labels have no code and are written as oth"
    case .renumbered: "# turns were numbered anew, their ids being no numbers or taken"
    case .foreignIDs:
      "# turns have ids that are not IEMOCAP's; public parsers read them, "
        + "“undertone import iemocap” does not"
    case .merged:
      "# turns of several splits or corpora share one file; name a folder to keep them apart"
    case .roundedTimes: "the times of # turns were rounded"
    case .untimed: "# turns have no time; they stand one second each after the others"
    case .unrepresentable:
      "# turns do not end after they start; they stand one second each after the others"
    case .noMeans: "# turns have no values on dimensions; their means are written as 0"
    case .formulas:
      "# cells begin like a formula and are written as they are, because MELD's readers undo no "
        + "escape; use csv for a spreadsheet"
    case .flattened: "# texts held tabs, line breaks or separators, which are spaces now"
    }
  }

  /// Whether the format has no place for it, or something happened to it.
  var isAbsence: Bool {
    rawValue < Self.tiedGold.rawValue
  }

  /// Whether `--what` decides on it.
  var isChoice: Bool {
    switch self {
    case .votes, .dimensions, .conditions, .raterKinds, .confidence, .ratingTimes,
      .probabilities, .audio:
      true
    default: false
    }
  }
}
