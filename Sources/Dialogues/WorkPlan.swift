/// What one rater works on, in their order.
///
/// Dialogues come in an order of each rater's own, so that tiredness and practice do not fall on the
/// same dialogues for everybody; turns never do, because a turn is rated in its conversation.
public struct WorkItem: Hashable, Sendable {
  /// The dialogue.
  public var dialogue: DialogueKey
  /// Why the rater has it. Not shown to them.
  public var purpose: Purpose

  /// Creates an item.
  public init(dialogue: DialogueKey, purpose: Purpose) {
    self.dialogue = dialogue
    self.purpose = purpose
  }

  /// Why a rater has a dialogue.
  public enum Purpose: String, Sendable, Codable, CaseIterable {
    /// It is the rater's share of the work.
    case work
    /// Its right labels are known; it shows how well the rater does.
    case gold
    /// The rater has had it before; it shows how far they agree with themselves.
    case retest
  }
}

extension Rater {
  /// Under whom a person's answers in dialogues given to them again are filed, so that they neither
  /// replace the first ones nor count as another person's.
  public var retest: Rater { Rater(name: "\(name)/retest", kind: .retest) }
}

extension StudyDesign {
  /// A dialogue to be shared out.
  public struct Candidate: Sendable {
    /// Its identity.
    public var dialogue: DialogueKey
    /// How much work it is.
    public var turns: Int
    /// Whether every turn of it has a gold label.
    public var isGold: Bool

    /// Creates a candidate.
    public init(dialogue: DialogueKey, turns: Int, isGold: Bool = false) {
      self.dialogue = dialogue
      self.turns = turns
      self.isGold = isGold
    }
  }

  /// Shares dialogues out among ``raters``.
  ///
  /// What raters already have stays as it is and where it is; new work comes after it, so that the
  /// function can be called again when a corpus grew, a rater joined, or the overlap was raised. Each
  /// dialogue goes to the raters with the fewest turns so far, so loads differ by little more than
  /// one dialogue.
  ///
  /// - Parameters:
  ///   - candidates: all dialogues of the project, in any order.
  ///   - present: what raters have already, in their order.
  /// - Returns: for each of ``raters`` what is to be added, in their order.
  public func share(
    _ candidates: [Candidate], present: [String: [WorkItem]] = [:]
  ) -> [String: [WorkItem]] {
    let sorted = shuffled(candidates, by: \.dialogue) { hash("deal", $0) }
    let turns = Dictionary(sorted.map { ($0.dialogue, $0.turns) }) { first, _ in first }
    var loads = raters.map { rater in
      (present[rater] ?? []).reduce(0) { $0 + (turns[$1.dialogue] ?? 0) }
    }
    let had = raters.map { Set((present[$0] ?? []).map(\.dialogue)) }
    var added = raters.map { _ in [WorkItem]() }
    let gold = goldDialogues(sorted)
    for candidate in sorted {
      let dialogue = candidate.dialogue
      let isGold = gold.contains(dialogue)
      let holders = had.count { $0.contains(dialogue) }
      let wanted = isGold ? raters.count : overlap
      let free = raters.indices.filter { !had[$0].contains(dialogue) }
        .map { (load: loads[$0], hash: hash("rater", raters[$0], dialogue), place: $0) }
        .sorted { ($0.load, $0.hash, $0.place) < ($1.load, $1.hash, $1.place) }
      for rater in free.prefix(max(0, wanted - holders)) {
        added[rater.place].append(
          WorkItem(dialogue: dialogue, purpose: isGold ? .gold : .work))
        loads[rater.place] += candidate.turns
      }
    }
    var result: [String: [WorkItem]] = [:]
    for (place, rater) in raters.enumerated() {
      let items = shuffled(added[place], by: \.dialogue) { hash("order", rater, $0) }
      result[rater] = withRetests(items, of: rater)
    }
    return result
  }

  private func goldDialogues(_ candidates: [Candidate]) -> Set<DialogueKey> {
    let wanted = Int((goldShare * Double(candidates.count)).rounded())
    return Set(candidates.lazy.filter(\.isGold).map(\.dialogue).prefix(wanted))
  }

  /// Puts retests among a rater's work, each at least a third of the work after the first time, so
  /// that it is not remembered.
  private func withRetests(_ items: [WorkItem], of rater: String) -> [WorkItem] {
    let wanted = Int((retestShare * Double(items.count)).rounded())
    let gap = max(1, items.count / 3)
    let chosen = items.enumerated().prefix(max(0, items.count - gap))
      .map { (hash: hash("retest", rater, $0.element.dialogue), place: $0.offset) }
      .sorted { ($0.hash, $0.place) < ($1.hash, $1.place) }.prefix(wanted)
    var placed = items.enumerated().map { (key: Double($0.offset), item: $0.element) }
    for (hash, place) in chosen {
      let room = Double(items.count - place - gap)
      let retest = WorkItem(dialogue: items[place].dialogue, purpose: .retest)
      placed.append(
        (key: Double(place + gap) + 0.5 + room * Double(hash >> 11) * 0x1p-53, item: retest))
    }
    return placed.sorted { $0.key < $1.key }.map(\.item)
  }

  /// Sorts by a hash of the dialogue, and dialogues of one hash by name.
  private func shuffled<T>(
    _ items: [T], by dialogue: (T) -> DialogueKey, _ hash: (DialogueKey) -> UInt64
  ) -> [T] {
    items.map { (hash: hash(dialogue($0)), item: $0) }
      .sorted {
        $0.hash != $1.hash
          ? $0.hash < $1.hash
          : "\(dialogue($0.item))" < "\(dialogue($1.item))"
      }
      .map(\.item)
  }

  private func hash(_ purpose: String, _ dialogue: DialogueKey) -> UInt64 {
    hash(purpose, dialogue.corpus, dialogue.split, dialogue.dialogue)
  }

  private func hash(_ purpose: String, _ rater: String, _ dialogue: DialogueKey) -> UInt64 {
    hash(purpose, rater, dialogue.corpus, dialogue.split, dialogue.dialogue)
  }
}
