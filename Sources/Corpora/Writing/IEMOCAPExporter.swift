internal import Dialogues

/// IEMOCAP's layout: `SessionN/dialog/EmoEvaluation` with the labels and every rater's lines,
/// `dialog/transcriptions` with the texts, `sentences/ForcedAlignment` with the words where they are
/// known.
///
/// The consensus is the gold label, `xxx` where there is no majority. IEMOCAP's evaluators keep their
/// numbers; people get the next ones, which `undertone.json` explains. Self-reports are `C-F1` or
/// `C-M1`. Models are no evaluators: they have no line.
///
/// Turns of other corpora keep their ids, made safe for a path: public parsers, which look for the
/// bracketed line, read them.
struct IEMOCAPFormat: ExportFormat {
  let name = "iemocap"
  let summary = "IEMOCAP's folders: labels, every rater's lines, transcripts, words"

  func begin(
    _ path: String, _ options: ExportOptions
  ) throws(CorpusError) -> any CorpusExporter {
    try IEMOCAPExporter(path: path, options)
  }
}

final class IEMOCAPExporter: CorpusExporter {
  private let options: ExportOptions
  private let folder: OutputFolder
  private let evaluators: [String: Int]
  private var names: Set<String> = []
  private(set) var losses = LossCount("iemocap")

  init(path: String, _ options: ExportOptions) throws(CorpusError) {
    self.options = options
    let evaluators = Self.evaluators(options.raters)
    self.evaluators = evaluators
    folder = try OutputFolder(path, overwrites: options.overwrites) { json in
      json.describe("iemocap", options)
      json.object("evaluators") {
        for (name, number) in evaluators.sorted(by: { $0.value < $1.value }) {
          $0.member("E\(number)")
          $0.string(name)
        }
      }
      json.object("codes") {
        for label in options.scheme.labels.map(\.name) {
          $0.member(label)
          $0.string(Self.code(label))
        }
      }
    }
  }

  /// IEMOCAP's own evaluators keep their numbers, people get the next ones in order.
  private static func evaluators(_ raters: [Rater]) -> [String: Int] {
    var numbers: [String: Int] = [:]
    for rater in raters where rater.name.hasPrefix("IEMOCAP/E") {
      let digits = String(rater.name.dropFirst("IEMOCAP/E".count))
      if isWholeNumber(digits), digits.utf8.count < 4 { numbers[rater.name] = Int(digits) }
    }
    var next = (numbers.values.max() ?? 0) + 1
    for rater in raters where numbers[rater.name] == nil {
      switch rater.kind {
      case .person, .demonstration: break
      case .corpus:
        // A consensus, which has no rater's part in its name, is no evaluator.
        guard rater.name.contains("/") else { continue }
      case .selfReport, .model, .llm, .retest: continue
      }
      numbers[rater.name] = next
      next += 1
    }
    return numbers
  }

  /// The code of a label: IEMOCAP's own, or that of the label other corpora have for the same.
  static func code(_ label: String) -> String {
    switch label.lowercased() {
    case "joy", "joyful", "happy": "hap"
    case "angry", "mad": "ang"
    case "sad": "sad"
    case "scared": "fea"
    default: IEMOCAPNames.code(label: label.lowercased()) ?? "oth"
    }
  }

  func write(_ dialogue: ExportedDialogue) throws(CorpusError) {
    let isOwn = dialogue.key.corpus == "IEMOCAP" && IEMOCAPNames.isDialogue(dialogue.key.dialogue)
    let name = isOwn ? dialogue.key.dialogue : freeName(dialogue.key)
    names.insert(name)
    if !isOwn { losses.add(.foreignIDs, dialogue.turns.count) }
    if !dialogue.title.isEmpty { losses.add(.titles) }
    let session = isOwn ? "Session\(Array(name)[4])" : "Session1"
    let times = PlacedTimes(dialogue.turns, unitsPerSecond: 10_000)
    var blocks: [(letter: Character, place: Int, block: String)] = []
    var texts = ""
    for (place, exported) in dialogue.turns.enumerated() {
      let turn = exported.turn
      let id = isOwn ? turn.key.turn : "\(name)_\(Self.word(turn.key.turn))"
      // A context turn of the corpus stands in the transcript alone.
      let isContext = isOwn && IEMOCAPNames.turn(id)?.isContext == true && exported.ratings.isEmpty
      let span = turn.time ?? times.spans[place]
      count(exported, isContext: isContext, times: times, place)
      texts += "\(id) \(turn.time != nil || !isContext ? Self.clock(span) : ""): "
      texts += "\(flattened(turn.text))\n"
      if !isContext {
        let letter = IEMOCAPNames.turn(id)?.letter ?? " "
        blocks.append((letter, place, evaluation(exported, id: id, span: span)))
      }
      if !turn.words.isEmpty {
        let file = try folder.file("\(session)/sentences/ForcedAlignment/\(name)/\(id).wdseg")
        try file.append { $0 += Self.alignment(turn.words).utf8 }
        try file.finish()
      }
    }
    // The corpus lists one speaker's turns, then the other's.
    blocks.sort { ($0.letter, $0.place) < ($1.letter, $1.place) }
    let labels =
      "% [START_TIME - END_TIME] TURN_NAME EMOTION [V, A, D]\n\n"
      + blocks.map(\.block).joined()
    for (kind, text) in [("EmoEvaluation", labels), ("transcriptions", texts)] {
      let file = try folder.file("\(session)/dialog/\(kind)/\(name).txt")
      try file.append { $0 += text.utf8 }
      try file.finish()
    }
  }

  /// A name for a dialogue of another corpus that no other has.
  private func freeName(_ key: DialogueKey) -> String {
    let parts = [key.corpus, key.split, key.dialogue].filter { !$0.isEmpty }
    let name = Self.word(parts.joined(separator: "_"))
    var free = name
    var number = 1
    while names.contains(free) {
      number += 1
      free = "\(name)~\(number)"
    }
    return free
  }

  /// An id without anything that parts the words of a line or the names of a path.
  private static func word(_ id: String) -> String {
    FileName.escaped(String(id.map { $0.isWhitespace ? "_" : $0 }))
  }

  private static func clock(_ span: TimeSpan) -> String {
    let part: (Double) -> String = {
      let text = Decimal.fixed($0, places: 4)
      return String(repeating: "0", count: max(0, 8 - text.utf8.count)) + text
    }
    return "[\(part(span.start))-\(part(span.end))]"
  }

  private func flattened(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 < 0x20 }) else { return text }
    losses.add(.flattened)
    return String(decoding: text.utf8.map { $0 < 0x20 ? 0x20 : $0 }, as: UTF8.self)
  }

  // MARK: EmoEvaluation

  private func evaluation(_ exported: ExportedTurn, id: String, span: TimeSpan) -> String {
    let fields = Dictionary(exported.turn.metadata.map { ($0.name, $0.value) }) { one, _ in one }
    let times = "[\(Decimal.fixed(span.start, places: 4)) - \(Decimal.fixed(span.end, places: 4))]"
    var block = "\(times)\t\(id)\t\(consensus(exported, fields))\t\(means(exported, fields))\n"
    var lines: [(order: Int, line: String)] = []
    for exported in exported.ratings {
      let answer = exported.rating.answer
      guard let (rater, order) = self.rater(exported.rating.rater, turn: id) else { continue }
      let comment: (Character) -> String = {
        self.flattened(fields["\($0)-\(rater) comment"] ?? "")
      }
      if options.wants(.raters), !answer.labels.isEmpty {
        let labels = answer.labels.map { Self.category(self.separated($0)) }
        lines.append(
          (order, "C-\(rater):\t\(labels.joined(separator: "; "));\t(\(comment("C")))\n"))
      }
      let values = ["valence", "arousal", "dominance"].map { answer.dimensions[$0] }
      if options.wants(.dimensions), values.contains(where: { $0 != nil }) {
        // The corpus has two spaces after dom, and nothing where nothing was said.
        let parts = zip(["val ", "act ", "dom  "], values).map { name, value in
          "\(name)\(value.map(Decimal.text) ?? "");"
        }
        lines.append(
          (order + 5000, "A-\(rater):\t\(parts.joined(separator: " "))\t(\(comment("A")))\n"))
      }
    }
    for (_, line) in lines.sorted(by: { ($0.order, $0.line) < ($1.order, $1.line) }) {
      block += line
    }
    return block + "\n"
  }

  private func separated(_ label: String) -> String {
    guard label.utf8.contains(UInt8(ascii: ";")) else { return flattened(label) }
    losses.add(.flattened)
    return flattened(label).split(separator: ";").joined(separator: " ")
  }

  /// A label as the raters' lines spell it: IEMOCAP's own with a capital, others verbatim.
  private static func category(_ label: String) -> String {
    guard IEMOCAPNames.code(label: label) != nil, let first = label.first else { return label }
    return first.uppercased() + label.dropFirst()
  }

  /// The name of a rater in the lines, and where their lines stand; `nil` for one who has none.
  private func rater(_ rater: Rater, turn: String) -> (name: String, order: Int)? {
    if rater.kind == .selfReport {
      let letter = IEMOCAPNames.turn(turn)?.letter ?? "F"
      return ("\(letter)1", 4000)
    }
    return evaluators[rater.name].map { ("E\($0)", $0) }
  }

  private func consensus(_ exported: ExportedTurn, _ fields: [String: String]) -> String {
    guard options.wants(.gold), exported.gold.count == 1 else { return "xxx" }
    // What the corpus calls undecided stays so, whatever a count of its raters says.
    if options.gold.kind == .corpus, fields["EmoEvaluation"] == "xxx" { return "xxx" }
    let code = Self.code(exported.gold[0])
    if code == "oth", exported.gold[0].lowercased() != "other" { losses.add(.codelessLabels) }
    return code
  }

  private func means(_ exported: ExportedTurn, _ fields: [String: String]) -> String {
    let shipped = fields["EmoEvaluation VAD"] ?? ""
    if options.gold.kind == .corpus, shipped.hasPrefix("["), shipped.hasSuffix("]") {
      return flattened(shipped)
    }
    let answers = exported.ratings.filter {
      $0.rating.rater.kind == options.gold.kind && evaluators[$0.rating.rater.name] != nil
    }
    let means = ["valence", "arousal", "dominance"].map { name -> String in
      let values = answers.compactMap { $0.rating.answer.dimensions[name] }
      return Decimal.fixed(
        values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count), places: 4)
    }
    if answers.allSatisfy({ $0.rating.answer.dimensions.isEmpty }) { losses.add(.noMeans) }
    return "[\(means.joined(separator: ", "))]"
  }

  /// Frames of 10 ms as the recogniser that aligned IEMOCAP counts them, the last one included.
  private static func alignment(_ words: [WordTime]) -> String {
    var text = "\t SFrm  EFrm    SegAScr Word\n"
    for word in words {
      let first = max(0, Int((min(word.span.start, 1e4) * 100).rounded()))
      let last = max(first, Int((min(word.span.end, 1e4) * 100).rounded()) - 1)
      text += "\t\(first)\t\(last)\t0\t\(Self.word(word.word))\n"
    }
    return text
  }

  // MARK: What is lost

  private func count(
    _ exported: ExportedTurn, isContext: Bool, times: PlacedTimes, _ place: Int
  ) {
    let turn = exported.turn
    losses.add(exported, options: options, holds: [.gold, .votes, .raters, .dimensions])
    for exported in exported.ratings {
      let rating = exported.rating
      let isConsensus = rating.rater.name == turn.key.dialogue.corpus
      if rater(rating.rater, turn: turn.key.turn) == nil {
        if !isConsensus || options.gold.kind != .corpus { losses.add(.ratings) }
      } else {
        if rating.rater.kind == .person || rating.rater.kind == .demonstration {
          losses.add(.raterNames)
        }
        let known = AnswerColumns.usualDimensions
        if rating.answer.dimensions.contains(where: {
          !known.contains($0.key) || !(1...5).contains($0.value)
        }) {
          losses.add(.dimensions)
        }
      }
      if rating.answer.confidence != nil { losses.add(.confidence) }
      if rating.time != nil { losses.add(.ratingTimes) }
    }
    if let time = turn.time {
      let rounded = [time.start, time.end].map { ($0 * 10_000).rounded() / 10_000 }
      if rounded != [time.start, time.end] { losses.add(.roundedTimes) }
    } else if !isContext {
      losses.add(.untimed)
    }
    if turn.audio != nil, turn.key.dialogue.corpus != "IEMOCAP" { losses.add(.audio) }
    let known: (String) -> Bool = { $0.hasPrefix("EmoEvaluation") || $0.hasSuffix(" comment") }
    if turn.metadata.contains(where: { !known($0.name) }) { losses.add(.metadata) }
  }

  func finish() throws(CorpusError) { try folder.finish() }
}
