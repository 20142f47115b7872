public import Dialogues

/// What somebody types to narrow the list of turns to review.
///
/// Words narrow it further, one after the other. A word is looked for in the reasons, the labels and
/// the speaker; one with a name before it only there:
///
/// * `reason:gold`, `label:anger`, `speaker:mara` hold what is typed, in upper or lower case;
/// * `rater:F` answered the turn;
/// * `pair:F,Q` answered it differently.
public struct ReviewFilter: Equatable, Sendable {
  /// Which turns there are to begin with.
  public var scope: ReviewScope
  private var words: [Word]

  private enum Word: Equatable, Sendable {
    case anywhere(String)
    case reason(String)
    case label(String)
    case speaker(String)
    case rater(String)
    case pair(RaterPair)
  }

  /// Reads what was typed.
  ///
  /// - Parameters:
  ///   - scope: which turns there are to begin with.
  ///   - text: the words.
  ///   - people: the names behind what may be typed for them, such as `F`; anything else is taken for
  ///     a name itself.
  public init(scope: ReviewScope, text: String = "", people: [String: String] = [:]) {
    self.scope = scope
    let known = Dictionary(people.map { ($0.key.lowercased(), $0.value) }) { first, _ in first }
    func name(_ typed: some StringProtocol) -> String {
      known[typed.lowercased()] ?? String(typed)
    }
    words = text.split(separator: " ").map { word in
      let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { return .anywhere(word.lowercased()) }
      let value = parts[1]
      switch parts[0].lowercased() {
      case "reason": return .reason(value.lowercased())
      case "label": return .label(value.lowercased())
      case "speaker": return .speaker(value.lowercased())
      case "rater": return .rater(name(value))
      case "pair":
        let names = value.split { $0 == "," || $0 == "/" }
        return names.count == 2
          ? .pair(RaterPair(name(names[0]), name(names[1]))) : .anywhere(word.lowercased())
      default: return .anywhere(word.lowercased())
      }
    }
  }

  /// What of the speakers' names has to be looked for.
  public var speakers: [String] {
    words.compactMap { word in
      switch word {
      case .anywhere(let text), .speaker(let text): text
      case .reason, .label, .rater, .pair: nil
      }
    }
  }

  /// The places in a queue of the entries that are listed, in its order.
  ///
  /// - Parameters:
  ///   - entries: the queue.
  ///   - spoken: for each of ``speakers`` the ``ReviewQueue/Entry/place``s of the turns whose speaker's
  ///     name holds it.
  public func matches(_ entries: ReviewEntries, spoken: [String: Set<Int>] = [:]) -> [Int] {
    let tests = words.map { Test($0, entries, spoken) }
    // One after the other in memory; in the order of the queue they lie far apart.
    let isIn = entries.rows.map { row in
      scope.contains(
        row.standing, hasReason: row.reasonCount > 0, adjudicatorsDiffer: row.adjudicatorsDiffer)
        && tests.allSatisfy { $0.holds(row, entries) }
    }
    return entries.ranks { isIn[$0] }
  }

  /// A word as what to look for among the numbers of a queue.
  private struct Test {
    private var reasons: Set<ReviewReason> = []
    /// Whether each label holds the word, and each list of labels one that does; empty if not asked.
    private var labels: [Bool] = []
    private var lists: [Bool] = []
    private var spoken: Set<Int> = []
    private var rater: Int32?
    private var pair: (Int32, Int32)?

    init(_ word: Word, _ entries: ReviewEntries, _ spoken: [String: Set<Int>]) {
      func number(_ name: String) -> Int32? {
        entries.raters.values.firstIndex(of: name).map(Int32.init)
      }
      switch word {
      case .anywhere(let text):
        look(forReason: text)
        look(forLabel: text, entries)
        self.spoken = spoken[text] ?? []
      case .reason(let text): look(forReason: text)
      case .label(let text): look(forLabel: text, entries)
      case .speaker(let text): self.spoken = spoken[text] ?? []
      case .rater(let name): rater = number(name)
      case .pair(let names):
        if let first = number(names.first), let second = number(names.second) {
          pair = (first, second)
        }
      }
    }

    private mutating func look(forReason text: String) {
      reasons = Set(ReviewReason.named(text))
    }

    private mutating func look(forLabel text: String, _ entries: ReviewEntries) {
      labels = entries.labels.values.map { $0.lowercased().contains(text) }
      lists = entries.lists.values.map { $0.contains { $0.lowercased().contains(text) } }
    }

    func holds(_ row: ReviewEntries.Row, _ entries: ReviewEntries) -> Bool {
      if !reasons.isEmpty, row.reasonCount > 0,
        entries.reasons(of: row).contains(where: { reasons.contains($0.reason) })
      {
        return true
      }
      if !labels.isEmpty {
        if row.suggested != ReviewEntries.none, labels[Int(row.suggested)] { return true }
        if row.refined != ReviewEntries.none, labels[Int(row.refined)] { return true }
      }
      if !lists.isEmpty, entries.answers(of: row).contains(where: { lists[Int($0.labels)] }) {
        return true
      }
      if !spoken.isEmpty, spoken.contains(row.place) { return true }
      if let rater { return entries.answers(of: row).contains { $0.rater == rater } }
      if let pair { return differ(pair, row, entries) }
      return false
    }

    private func differ(
      _ pair: (Int32, Int32), _ row: ReviewEntries.Row, _ entries: ReviewEntries
    ) -> Bool {
      let answers = entries.answers(of: row)
      guard let one = answers.first(where: { $0.rater == pair.0 }),
        let other = answers.first(where: { $0.rater == pair.1 }), one.labels != other.labels
      else { return false }
      return Set(entries.lists[one.labels]) != Set(entries.lists[other.labels])
    }
  }
}

extension ReviewReason {
  /// The reasons that are called something like this.
  fileprivate static func named(_ text: String) -> [ReviewReason] {
    allCases.filter { "\($0.description) \($0.rawValue)".contains(text) }
  }
}
