internal import Dialogues

/// A tier of a TextGrid or an ELAN document.
struct Tier {
  /// Its name, and what that says.
  var name: String
  var meaning: TierName
  /// The speaker of a tier of turns; who gave the labels of a tier of labels, where the file says.
  var speaker: String
  var rater: String?
  var entries: [Entry] = []

  /// A stretch of time with a text.
  struct Entry {
    /// The annotation's own id; empty where the format has none.
    var id = ""
    var start, end: Double
    var text: String
    /// The id of the annotation it is about; `nil` where only the time says that.
    var parent: String?
    /// Where it stands in the file.
    var row: Int
  }
}

/// Makes a dialogue of the tiers of one file.
struct TieredDialogue {
  let key: DialogueKey
  let file: String
  let audio: String?
  let run: ImportRun

  /// A turn before what the other tiers say about it is known.
  private struct Draft {
    var speaker: String
    var entry: Tier.Entry
    var id: String
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
  private var speakers: [String: [Int]] = [:]
  private var longest = 0.0

  init(key: DialogueKey, file: String, audio: String?, run: ImportRun) {
    self.key = key
    self.file = file
    self.audio = audio
    self.run = run
  }

  /// Puts the tiers together and hands the dialogue on.
  mutating func read(_ tiers: [Tier]) throws {
    for tier in tiers where tier.meaning.role == .turns {
      for entry in tier.entries where !trimmed(entry.text).isEmpty {
        if entry.end < entry.start {
          try run.warn(
            .backwardTime, file, row: entry.row,
            "a turn of \(quoted(tier.speaker)) ends before it starts.")
        }
        drafts.append(Draft(speaker: tier.speaker, entry: entry, id: ""))
      }
    }
    let order = drafts.indices.sorted {
      (drafts[$0].entry.start, drafts[$0].entry.end, $0)
        < (drafts[$1].entry.start, drafts[$1].entry.end, $1)
    }
    drafts = order.map { drafts[$0] }
    for place in drafts.indices {
      drafts[place].id = String(place + 1)
      let entry = drafts[place].entry
      if !entry.id.isEmpty { places[entry.id] = place }
      speakers[drafts[place].speaker, default: []].append(place)
      longest = max(longest, entry.end - entry.start)
    }
    for tier in tiers { try read(tier) }
    try emit()
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
    if let speaker = tier.meaning.speaker, speakers[speaker] == nil {
      try run.warn(
        .incompleteTurn, file,
        "the tier \(quoted(tier.name)) is about \(quoted(speaker)), who has no turns; it is left out."
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
    let candidates = tier.meaning.speaker.flatMap { speakers[$0] } ?? Array(drafts.indices)
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
    case .metadata(let name):
      drafts[place].metadata.append(MetadataField(name: name, value: entry.text))
    }
  }

  private func rater(_ name: String?) -> Rater {
    guard let name, !name.isEmpty else {
      return run.options.rater ?? Rater(name: "corpus", kind: .corpus)
    }
    return Rater(name: name, kind: name.hasSuffix("/self") ? .selfReport : .corpus)
  }

  private func emit() throws {
    var turns = TurnCollector()
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
        text: trimmed(draft.entry.text), time: span, metadata: draft.metadata)
      turn.words = draft.words.sorted { $0.span.start < $1.span.start }
      if let audio {
        turn.audio = AudioSpan(path: audio, span: span.end > span.start ? span : nil)
        run.countAudio()
      }
      let ratings = draft.answers.filter {
        !$0.answer.labels.isEmpty || !$0.answer.dimensions.isEmpty
      }
      .map { Rating(turn: turn.key, rater: $0.rater, answer: $0.answer) }
      turns.add(turn, ratings: ratings)
    }
    try turns.finish(key, file: file, run: run)
  }
}

/// The files of a format that has one a dialogue.
struct DialogueFiles {
  /// The files, in byte order of their names.
  let files: [String]
  /// The folder that audio paths start from.
  let root: AudioRoot
  /// What the corpus is called.
  let corpus: String

  /// - Parameter endings: the format's extensions, in lower case.
  init(_ path: String, endings: [String], options: ImportOptions) throws(CorpusError) {
    files = Self.files(path, endings: endings)
    let folder = FileSystem.isFolder(path) ? path : FileSystem.folder(of: path)
    guard !files.isEmpty else {
      throw CorpusError(
        file: path,
        message: "no file in it ends in \(endings.map { ".\($0)" }.joined(separator: " or ")).")
    }
    root = try AudioRoot(options.root ?? folder)
    let name = FileSystem.resolved(folder).map(FileSystem.lastComponent) ?? ""
    corpus = options.corpus ?? (name.isEmpty ? "corpus" : name)
  }

  /// The files of a format in a folder; a path that is a file is its own only one.
  static func files(_ path: String, endings: [String]) -> [String] {
    guard FileSystem.isFolder(path) else { return [path] }
    return FileSystem.names(in: path).filter { endings.contains(FileSystem.fileExtension($0)) }
      .map { "\(path)/\($0)" }
  }

  /// Reads file after file, each a dialogue named like it.
  func read(
    into run: ImportRun, _ body: (_ file: String, _ key: DialogueKey) throws -> Void
  ) throws {
    run.summary.root = root.path
    run.setScheme(nil)
    if run.options.corpus == nil {
      try run.warn(
        .choice, files[0],
        "the turns are filed under \(quoted(corpus)), after the folder; projects merge only where "
          + "the name is the same, and --corpus NAME sets it.")
    }
    for file in files { run.expect(bytes: FileSystem.size(file) ?? 0) }
    for file in files {
      let stem = FileSystem.stem(FileSystem.lastComponent(file))
      try body(
        file, DialogueKey(corpus: corpus, split: run.options.split ?? "", dialogue: stem))
      run.advance(bytes: FileSystem.size(file) ?? 0)
    }
    run.summary.scheme =
      run.options.scheme ?? ManifestImporter.scheme(for: run.summary.labels, corpus: corpus)
  }

  /// The recording of a dialogue: one of the names given, else one named like the file.
  ///
  /// Reported, and counted as missing for the file, where there is none.
  func recording(of file: String, named names: [String] = [], run: ImportRun) throws -> String? {
    let stem = FileSystem.stem(FileSystem.lastComponent(file))
    let usual = ["wav", "flac", "ogg", "opus", "mp3", "m4a", "mp4"].map { "\(stem).\($0)" }
    for name in names + usual {
      if case .found(let path) = root.find(name) { return path }
    }
    try run.warn(
      .missingFile, file,
      names.first.map { "its recording \(quoted($0)) is not there; the turns are text only." }
        ?? "there is no recording named like it; the turns are text only.")
    return nil
  }
}
