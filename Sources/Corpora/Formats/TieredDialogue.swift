internal import Dialogues

/// Makes a dialogue of the tiers of one file.
struct TieredDialogue {
  let key: DialogueKey
  let file: String
  let audio: String?
  let run: ImportRun
  /// The dialogue's title, and the source of its suggestions; empty where the file does not say.
  var title = ""
  var source = ""
  /// The kinds of raters, where they are known.
  var kinds: [String: Rater.Kind] = [:]

  /// A turn before what the other tiers say about it is known.
  private struct Draft {
    var tier: String
    var speaker: String
    var entry: Tier.Entry
    var id: String
    /// The turn's own time; `nil` inside for none.
    var time: TimeSpan??
    var suggestion: (label: String, probability: Double)?
    var refined: String?
    /// The turn's place in spoken order, where that is not the order of the times.
    var place: Int?
    var words: [WordTime] = []
    var metadata: [MetadataField] = []
    var answers: [(rater: Rater, answer: Answer)] = []

    mutating func answer(by rater: Rater, _ change: (inout Answer) -> Void) {
      let place: Int
      if let known = answers.firstIndex(where: { $0.rater.name == rater.name }) {
        place = known
      } else {
        place = answers.count
        answers.append((rater, Answer(labels: [])))
      }
      change(&answers[place].answer)
    }
  }

  private var drafts: [Draft] = []
  private var places: [String: Int] = [:]
  /// The turns by the tier they stand in, and by their speaker.
  private var subjects: [String: [Int]] = [:]
  private var longest = 0.0
  /// Whether somebody is named as a rater: labels without one are then the decision over them.
  private var hasRaters = false

  init(key: DialogueKey, file: String, audio: String?, run: ImportRun) {
    self.key = key
    self.file = file
    self.audio = audio
    self.run = run
  }

  /// Puts the tiers together and hands the dialogue on.
  mutating func read(_ tiers: [Tier]) throws {
    let named = Self.namedSpans(tiers)
    for tier in tiers where tier.meaning.role == .turns {
      for entry in tier.entries
      where tier.keepsEmpty || !trimmed(entry.text).isEmpty
        || named[tier.name]?.contains(Span(entry)) == true
      {
        if entry.end < entry.start {
          try run.warn(
            .backwardTime, file, row: entry.row,
            "a turn of \(quoted(tier.speaker)) ends before it starts.")
        }
        drafts.append(Draft(tier: tier.name, speaker: tier.speaker, entry: entry, id: ""))
      }
    }
    var speakers: [String: [Int]] = [:]
    let order = drafts.indices.sorted {
      (drafts[$0].entry.start, drafts[$0].entry.end, $0)
        < (drafts[$1].entry.start, drafts[$1].entry.end, $1)
    }
    drafts = order.map { drafts[$0] }
    for place in drafts.indices {
      drafts[place].id = String(place + 1)
      let entry = drafts[place].entry
      if !entry.id.isEmpty { places[entry.id] = place }
      subjects[drafts[place].tier, default: []].append(place)
      speakers[drafts[place].speaker, default: []].append(place)
      longest = max(longest, entry.end - entry.start)
    }
    // A tier is meant by its own name before its speaker's.
    subjects.merge(speakers) { tier, _ in tier }
    hasRaters = tiers.contains { tier in
      switch tier.meaning.role {
      case .labels(let rater), .dimension(_, let rater): rater ?? tier.rater != nil
      default: false
      }
    }
    for tier in tiers { try read(tier) }
    try emit()
  }

  /// A stretch of time, to be looked up.
  private struct Span: Hashable {
    var start, end: Double

    init(_ entry: Tier.Entry) {
      start = entry.start
      end = entry.end
    }
  }

  /// The stretches that a tier of ids names, by the tier of turns they are about: turns without a text.
  private static func namedSpans(_ tiers: [Tier]) -> [String: Set<Span>] {
    var spans: [String: Set<Span>] = [:]
    for tier in tiers where tier.meaning.role == .ids {
      guard let subject = tier.meaning.subject else { continue }
      for entry in tier.entries where !trimmed(entry.text).isEmpty {
        spans[subject, default: []].insert(Span(entry))
      }
    }
    return spans
  }

  private mutating func read(_ tier: Tier) throws {
    switch tier.meaning.role {
    case .turns: return
    case .phones:
      try run.warn(
        .choice, file, "the tier \(quoted(tier.name)) holds sounds within words; it is left out.")
      return
    default: break
    }
    if let subject = tier.meaning.subject, subjects[subject] == nil {
      try run.warn(
        .incompleteTurn, file,
        "the tier \(quoted(tier.name)) is about \(quoted(subject)), who has no turns; it is left out."
      )
      return
    }
    for entry in tier.entries where !trimmed(entry.text).isEmpty {
      guard let place = self.place(of: entry, tier) else {
        try run.warn(
          .incompleteTurn, file, row: entry.row,
          "\(quoted(entry.text)) in the tier \(quoted(tier.name)) is about no turn; it is left out."
        )
        continue
      }
      try add(entry, of: tier, to: place)
    }
  }

  /// The turn that an annotation is about: the one it names, else the one whose time it shares most.
  private func place(of entry: Tier.Entry, _ tier: Tier) -> Int? {
    if let parent = entry.parent { return places[parent] }
    let candidates = tier.meaning.subject.flatMap { subjects[$0] } ?? Array(drafts.indices)
    // Turns are in the order of their starts: none that begins more than the longest turn earlier
    // can reach here.
    var low = 0
    var high = candidates.count
    while low < high {
      let middle = (low + high) / 2
      if drafts[candidates[middle]].entry.start < entry.start - longest - 1 {
        low = middle + 1
      } else {
        high = middle
      }
    }
    var best: (place: Int, gain: Double)?
    for candidate in candidates[low...] {
      let turn = drafts[candidate].entry
      if turn.start > entry.end { break }
      let shared = min(turn.end, entry.end) - max(turn.start, entry.start)
      guard shared > 0 || entry.start == entry.end && shared >= 0 else { continue }
      // Of turns that share as much, the one that is not much longer is meant.
      let gain = shared - (turn.end - turn.start) * 1e-6
      if best.map({ gain > $0.gain }) ?? true { best = (candidate, gain) }
    }
    return best?.place
  }

  private mutating func add(_ entry: Tier.Entry, of tier: Tier, to place: Int) throws {
    let text = trimmed(entry.text)
    switch tier.meaning.role {
    case .turns, .phones: return
    case .labels(let rater):
      let labels = AnswerColumns.labels(text)
      if rater ?? tier.rater == nil, hasRaters {
        drafts[place].metadata.append(MetadataField(name: "gold", value: text))
        return
      }
      drafts[place].answer(by: self.rater(rater ?? tier.rater)) { answer in
        answer.labels += labels.filter { !answer.labels.contains($0) }
      }
    case .dimension(let name, let rater):
      guard let value = Double(text), value.isFinite else {
        try run.warn(
          .unreadableValue, file, row: entry.row,
          "\(name) \(quoted(text)) is not a number; it is left out.")
        return
      }
      drafts[place].answer(by: self.rater(rater ?? tier.rater)) { $0.dimensions[name] = value }
    case .words:
      // Relative to the sound of the turn, which is its part of the recording.
      let start = drafts[place].entry.start
      drafts[place].words.append(
        WordTime(word: text, span: TimeSpan(start: entry.start - start, end: entry.end - start)))
    case .ids: drafts[place].id = text
    case .time: try setTime(text, of: place, row: entry.row)
    case .refined: drafts[place].refined = text
    case .suggestion:
      let parts = text.split(separator: " ")
      guard parts.count > 1, let last = parts.last, let probability = Double(last),
        (0...1).contains(probability)
      else {
        drafts[place].metadata.append(MetadataField(name: "suggestion", value: text))
        return
      }
      drafts[place].suggestion = (parts.dropLast().joined(separator: " "), probability)
    case .metadata("place") where tier.meaning.subject != nil && isWholeNumber(text):
      drafts[place].place = Int(text)
    case .metadata(let name):
      drafts[place].metadata.append(MetadataField(name: name, value: entry.text))
    }
  }

  /// The turn's own time, as two numbers or `none`.
  private mutating func setTime(_ text: String, of place: Int, row: Int) throws {
    let times = text.split(separator: " ").map { Double($0) }
    if text == "none" {
      drafts[place].time = .some(nil)
    } else if times.count == 2, let start = times[0], let end = times[1], start.isFinite,
      end.isFinite
    {
      drafts[place].time = .some(TimeSpan(start: start, end: end))
    } else {
      try run.warn(
        .unreadableValue, file, row: row,
        "the time \(quoted(text)) is neither two numbers nor “none”; it is left out.")
    }
  }

  private func rater(_ name: String?) -> Rater {
    guard let name, !name.isEmpty else {
      return run.options.rater ?? Rater(name: "corpus", kind: .corpus)
    }
    return Rater(
      name: name, kind: kinds[name] ?? (name.hasSuffix("/self") ? .selfReport : .corpus))
  }

  private func emit() throws {
    var turns = TurnCollector()
    turns.title = title
    for draft in drafts {
      if turns.place(of: draft.id) != nil {
        try run.warn(
          .duplicate, file, row: draft.entry.row,
          "turn \(quoted(draft.id)) was there before; the first is kept.")
        continue
      }
      let span = TimeSpan(start: draft.entry.start, end: draft.entry.end)
      var turn = Turn(
        key: TurnKey(dialogue: key, turn: draft.id), speaker: draft.speaker,
        text: draft.entry.text, time: draft.time ?? span, metadata: draft.metadata)
      turn.words = draft.words.sorted { $0.span.start < $1.span.start }
      if let audio {
        turn.audio = AudioSpan(path: audio, span: span.end > span.start ? span : nil)
        run.countAudio()
      }
      let ratings = draft.answers.filter {
        !$0.answer.labels.isEmpty || !$0.answer.dimensions.isEmpty
      }
      .map { Rating(turn: turn.key, rater: $0.rater, answer: $0.answer) }
      if let (label, probability) = draft.suggestion {
        turns.predictions.append(
          ImportedPrediction(
            turn: turn.key, source: source.isEmpty ? "imported" : source,
            scores: [label: probability], refined: draft.refined))
      } else if let refined = draft.refined {
        turn.metadata.append(MetadataField(name: "refined", value: refined))
      }
      turns.add(turn, order: Double(draft.place ?? 0), ratings: ratings)
    }
    try turns.finish(key, file: file, run: run)
  }
}
