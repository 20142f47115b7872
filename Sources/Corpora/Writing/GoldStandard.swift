public import Dialogues

/// How the gold label of a turn follows from what raters said of it.
///
/// By adjudication where there is one, else the label most raters of one kind chose; where several
/// share first place, all of them. Nothing is ever picked among them. Kinds are not mixed: a corpus
/// and the people who rate it anew give two gold standards.
public struct GoldStandard: Equatable, Sendable {
  /// Whose votes count.
  public var kind: Rater.Kind

  /// Creates a standard of one kind of rater.
  public init(kind: Rater.Kind) {
    self.kind = kind
  }

  /// The gold of a turn and the votes behind it, the labels in alphabetical order.
  ///
  /// A corpus's consensus, the rater that has the corpus's own name, is made of what its raters
  /// said: it decides, and they are the votes.
  ///
  /// - Parameters:
  ///   - ratings: what everybody said of the turn.
  ///   - corpus: the corpus the turn belongs to.
  ///   - adjudicated: what an adjudicator decided, which no count overrules: none if there is no
  ///     right answer; `nil` if nobody decided.
  public func decide(
    _ ratings: [ExportedRating], corpus: String, adjudicated: [String]? = nil
  ) -> (gold: [String], votes: [Vote]) {
    let (gold, votes) = count(ratings, corpus: corpus)
    return (adjudicated ?? gold, votes)
  }

  /// How the gold of a turn came about: by a decision, because all agree, by majority, or not at all.
  ///
  /// - Parameters:
  ///   - ratings: what everybody said of the turn.
  ///   - corpus: the corpus the turn belongs to.
  ///   - isDecided: whether an adjudicator decided.
  public func standing(
    _ ratings: [ExportedRating], corpus: String, isDecided: Bool
  ) -> Standing {
    let voters = ratings.lazy.filter { $0.rating.rater.kind == kind }
      .filter { kind != .corpus || $0.rating.rater.name != corpus }
      .map(\.rating.answer.labels).filter { !$0.isEmpty }
    return Standing(answers: Array(voters), isDecided: isDecided)
  }

  private func count(
    _ ratings: [ExportedRating], corpus: String
  ) -> (gold: [String], votes: [Vote]) {
    var voters: [[String]] = []
    var consensus: [String]?
    for exported in ratings where exported.rating.rater.kind == kind {
      let labels = exported.rating.answer.labels
      if labels.isEmpty { continue }
      if kind == .corpus, exported.rating.rater.name == corpus {
        consensus = labels
      } else {
        voters.append(labels)
      }
    }
    if voters.isEmpty, let consensus { voters = [consensus] }
    if voters.count == 1, voters[0].count == 1 {
      let vote = Vote(label: voters[0][0], raters: 1, share: 1)
      return (consensus ?? voters[0], [vote])
    }
    let votes = Self.count(voters)
    let most = votes.map(\.raters).max() ?? 0
    return (consensus ?? votes.filter { $0.raters == most }.map(\.label), votes)
  }

  private static func count(_ voters: [[String]]) -> [Vote] {
    var raters: [String: Int] = [:]
    var shares: [String: Double] = [:]
    for labels in voters {
      let labels = Set(labels)
      for label in labels {
        raters[label, default: 0] += 1
        shares[label, default: 0] += 1 / Double(labels.count)
      }
    }
    return raters.keys.sorted().map {
      Vote(
        label: $0, raters: raters[$0] ?? 0, share: (shares[$0] ?? 0) / Double(voters.count))
    }
  }
}
