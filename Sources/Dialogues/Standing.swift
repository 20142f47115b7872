/// How far it is settled which label of a turn is the right one.
///
/// What all people said alike needs no decision: it is filled in, and told apart everywhere from what
/// an adjudicator decided. Nothing is written for it, so that it cannot outlive a changed answer.
public enum Standing: String, Sendable, Codable, CaseIterable {
  /// An adjudicator decided.
  case decided
  /// Two or more people answered, all of them alike.
  case unanimous
  /// People differ, and one label was given most often.
  case majority
  /// People differ, and no label was given more often than every other.
  case tie
  /// One person answered.
  case single
  /// Nobody answered.
  case unrated

  /// The standing of a turn.
  ///
  /// - Parameters:
  ///   - answers: what each person answered, at least one label each.
  ///   - isDecided: whether an adjudicator decided.
  public init(answers: some Collection<[String]>, isDecided: Bool) {
    if isDecided {
      self = .decided
    } else if answers.isEmpty {
      self = .unrated
    } else if answers.count == 1 {
      self = .single
    } else if Self.areAlike(answers) {
      self = .unanimous
    } else {
      let votes = Self.votes(answers)
      let most = votes.lazy.map(\.count).max() ?? 0
      self = votes.count { $0.count == most } == 1 ? .majority : .tie
    }
  }

  /// Whether nothing is left to decide.
  public var isSettled: Bool { self == .decided || self == .unanimous }

  /// Whether people differ and nobody has decided.
  public var isOpen: Bool { self == .majority || self == .tie }

  /// How many gave each label, in the order they were first given.
  static func votes(_ answers: some Collection<[String]>) -> [(label: String, count: Int)] {
    var votes: [(label: String, count: Int)] = []
    votes.reserveCapacity(answers.count)
    for labels in answers {
      for label in labels {
        if let place = votes.firstIndex(where: { $0.label == label }) {
          votes[place].count += 1
        } else {
          votes.append((label, 1))
        }
      }
    }
    return votes
  }

  /// Whether all answers are the same labels, in any order.
  static func areAlike(_ answers: some Collection<[String]>) -> Bool {
    guard let first = answers.first else { return false }
    if answers.allSatisfy({ $0 == first }) { return true }
    // One label each, and not the same: nothing to gain from sets.
    if answers.allSatisfy({ $0.count == 1 }) { return false }
    let labels = Set(first)
    return answers.allSatisfy { Set($0) == labels }
  }
}

extension Standing: CustomStringConvertible {
  /// The standing in a word or two.
  public var description: String {
    switch self {
    case .decided: "decided"
    case .unanimous: "all agree"
    case .majority: "majority"
    case .tie: "tie"
    case .single: "one answer"
    case .unrated: "no answer"
    }
  }
}

extension TurnUnderReview {
  /// How far the turn is settled.
  public var standing: Standing {
    Standing(answers: answers.lazy.map(\.labels), isDecided: isAdjudicated)
  }

  /// How many people gave each label, in the order they were first given.
  public var votes: [(label: String, count: Int)] { Standing.votes(answers.lazy.map(\.labels)) }

  /// What two or more people answered alike, as the first of them put it: what is filled in.
  public var unanimous: [String]? {
    answers.count > 1 && Standing.areAlike(answers.lazy.map(\.labels)) ? answers[0].labels : nil
  }
}
