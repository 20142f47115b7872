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
  public func matches(
    _ entries: [ReviewQueue.Entry], spoken: [String: Set<Int>] = [:]
  ) -> [Int] {
    var labels: [String: [String: Bool]] = [:]
    func holds(_ label: String, _ text: String) -> Bool {
      if let known = labels[text]?[label] { return known }
      let found = label.lowercased().contains(text)
      labels[text, default: [:]][label] = found
      return found
    }
    var reasons: [String: [ReviewReason]] = [:]
    for case .anywhere(let text) in words { reasons[text] = ReviewReason.named(text) }
    for case .reason(let text) in words { reasons[text] = ReviewReason.named(text) }
    func has(_ entry: ReviewQueue.Entry, reason text: String) -> Bool {
      guard let named = reasons[text], !named.isEmpty else { return false }
      return entry.reasons.contains { named.contains($0.reason) }
    }
    func has(_ entry: ReviewQueue.Entry, label text: String) -> Bool {
      entry.suggested.map { holds($0, text) } ?? false
        || entry.refined.map { holds($0, text) } ?? false
        || entry.answers.contains { $0.labels.contains { holds($0, text) } }
    }
    func isSpoken(_ entry: ReviewQueue.Entry, by text: String) -> Bool {
      spoken[text]?.contains(entry.place) ?? false
    }
    return entries.indices.filter { index in
      // Not through a copy of the entry: its lists would be counted in and out.
      let isIn = scope.contains(
        entries[index].standing, hasReason: !entries[index].reasons.isEmpty,
        adjudicatorsDiffer: entries[index].reasons.contains { $0.reason == .adjudicatorsDiffer })
      guard isIn, !words.isEmpty else { return isIn }
      let entry = entries[index]
      return words.allSatisfy { word in
        switch word {
        case .anywhere(let text):
          has(entry, reason: text) || has(entry, label: text) || isSpoken(entry, by: text)
        case .reason(let text): has(entry, reason: text)
        case .label(let text): has(entry, label: text)
        case .speaker(let text): isSpoken(entry, by: text)
        case .rater(let name): entry.answers.contains { $0.rater == name }
        case .pair(let pair): pair.differs(in: entry.answers)
        }
      }
    }
  }
}

extension ReviewReason {
  /// The reasons that are called something like this.
  fileprivate static func named(_ text: String) -> [ReviewReason] {
    allCases.filter { "\($0.description) \($0.rawValue)".contains(text) }
  }
}
