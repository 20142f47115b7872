import Agreement
import Dialogues
import LabelStore
import Report

/// The ratings of a project that a report is about.
struct ProjectRatings {
  let project: Project
  let path: String
  /// Whose; all of the chosen raters if `nil`.
  let kind: Dialogues.Rater.Kind?
  /// Only these raters, by name; all if empty.
  let raters: Set<String>
  /// Only these splits; all if empty.
  let splits: Set<String>
  let level: AgreementReport.Level
  /// The labels to tell apart; those of the scheme if empty.
  let labels: [String]
  let scopes: [AgreementScope]

  /// What was read.
  struct Reading {
    /// The labels.
    var ratings: RatingCollector
    /// The values of each of the scheme's dimensions that has any.
    var dimensions: [(name: String, ratings: RatingCollector)]
    /// What was left out, in sentences.
    var notes: [String]
  }

  func read() throws -> Reading {
    let information = try project.information()
    let consensus = try consensusRaters(information)
    let scheme = information.scheme
    var collected = RatingCollector(
      level: level, labels: labels.isEmpty ? scheme.labels.map(\.name) : labels,
      merging: !labels.isEmpty)
    var dimensions = scheme.dimensions.map {
      ($0.name, RatingCollector(level: .interval, labels: [], merging: false))
    }
    var (several, foreign) = (0, [String: Int]())
    var turns = TurnFacts(project: project, isNeeded: scopes.contains { $0.needsDialogue })
    try project.forEachRating(by: kind.map { [$0] }) { rating, conditions in
      guard raters.isEmpty || raters.contains(rating.rater.name),
        splits.isEmpty || splits.contains(rating.turn.dialogue.split),
        !consensus.contains(rating.rater.name)
      else { return }
      let item = rating.turn.description
      let dialogue = rating.turn.dialogue.description
      for place in dimensions.indices {
        guard let value = rating.answer.dimensions[dimensions[place].0], value.isFinite else {
          continue
        }
        try dimensions[place].1.add(
          item: item, dialogue: dialogue, rater: rating.rater.name, labels: ["\(value)"])
      }
      guard level == .sets || rating.answer.labels.count == 1 else {
        several += rating.answer.labels.isEmpty ? 0 : 1
        return
      }
      // An answer of dimensions alone says nothing about labels.
      guard !rating.answer.labels.isEmpty || rating.answer.dimensions.isEmpty else { return }
      for label in rating.answer.labels where scheme.index(of: label) == nil {
        foreign[label, default: 0] += 1
      }
      try collected.add(
        item: item, dialogue: dialogue, rater: rating.rater.name, labels: rating.answer.labels)
      if let milliseconds = conditions?.answerMilliseconds {
        collected.note(seconds: Double(milliseconds) / 1000)
      }
      for scope in scopes {
        switch scope {
        case .label: break
        case .window: collected.note(time: rating.time)
        case .split:
          let split = rating.turn.dialogue.split
          collected.note(split.isEmpty ? "without a split" : split, for: scope)
        case .condition:
          let name =
            switch conditions {
            case nil: "not recorded"
            case let conditions? where conditions.shown != nil: "suggestion visible"
            case _: "suggestion hidden"
            }
          collected.note(name, for: scope)
        case .speaker, .position:
          let facts = try turns.facts(of: rating.turn)
          collected.note(scope == .speaker ? facts.speaker : facts.position, for: scope)
        }
      }
    }
    return Reading(
      ratings: collected,
      dimensions: dimensions.filter { $0.1.ratings > 0 }.map { ($0.0, $0.1) },
      notes: notes(collected, several: several, foreign: foreign))
  }

  /// A corpus's consensus is made of its raters' answers and would agree with them by design.
  private func consensusRaters(_ information: Project.Information) throws -> Set<String> {
    guard kind == .corpus, raters.isEmpty else { return [] }
    let names = try project.raters().map(\.name)
    return Set(
      information.corpora.map(\.name).filter { corpus in
        names.contains { $0.hasPrefix(corpus + "/") }
      })
  }

  private func notes(
    _ ratings: RatingCollector, several: Int, foreign: [String: Int]
  ) -> [String] {
    var notes: [String] = []
    if several > 0 {
      notes.append(
        "\(counted(several, "rating")) of several labels left out; --level set compares sets.")
    }
    if ratings.strangers > 0 {
      notes.append(
        "\(counted(ratings.strangers, "label")) outside --labels counted as “\(RatingCollector.other)”."
      )
    } else if !foreign.isEmpty {
      let names = foreign.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(5)
        .map { "\($0.key) (\($0.value))" }
      notes.append(
        "Labels that are not in the scheme count as labels of their own: "
          + names.joined(separator: ", ") + (foreign.count > 5 ? " and others." : "."))
    }
    if scopes.contains(.window), ratings.untimed > 0 {
      notes.append(
        "\(counted(ratings.untimed, "rating")) without a time left out of the windows.")
    }
    return notes
  }
}

extension AgreementScope {
  fileprivate var needsDialogue: Bool { self == .speaker || self == .position }
}

/// Speaker and place of turns that come in the order of the project, a dialogue read at a time.
private struct TurnFacts {
  let project: Project
  let isNeeded: Bool
  private var key: DialogueKey?
  private var facts: [String: (speaker: String, position: String)] = [:]

  init(project: Project, isNeeded: Bool) {
    self.project = project
    self.isNeeded = isNeeded
  }

  mutating func facts(of turn: TurnKey) throws -> (speaker: String, position: String) {
    if key != turn.dialogue {
      key = turn.dialogue
      facts = [:]
      if isNeeded, let dialogue = try project.dialogue(turn.dialogue) {
        let count = dialogue.turns.count
        for (place, turn) in dialogue.turns.enumerated() {
          let quarter = min(4 * place / max(count, 1), 3)
          facts[turn.key.turn] = (
            turn.speaker.isEmpty ? "unknown" : turn.speaker,
            ["1st quarter", "2nd quarter", "3rd quarter", "4th quarter"][quarter]
          )
        }
      }
    }
    return facts[turn.turn] ?? ("unknown", "unknown")
  }
}
