internal import Dialogues

/// A dialogue as tiers, the way Praat and ELAN show it.
///
/// Each speaker has a tier of what they say; beside it, under the same stretches of time, tiers named
/// `WHAT@SPEAKER`:
///
/// | tier | holds |
/// |---|---|
/// | `turn@Mara` | the turn's id |
/// | `time@Mara` | `none`, or start and end in seconds, where the turn could not stand in its own time |
/// | `place@Mara` | the turn's place in the dialogue, from 0, where it is not that of the times |
/// | `emotion@Mara` | the gold label |
/// | `votes@Mara` | how many raters chose which label: `joy=2;anger=1` |
/// | `emotion:ana@Mara` | a rater's labels |
/// | `valence:ana@Mara` | a rater's value on a dimension |
/// | `conditions:ana@Mara` | the conditions of a rating, as a JSON object |
/// | `suggestion@Mara` | the suggested label and its probability |
/// | `refined@Mara` | the label after decoding the dialogue |
///
/// Several labels are separated by semicolons. Turns of one speaker that overlap cannot share a tier;
/// they go to further ones, `Mara (overlap 2)`. A speaker without a name is `?`.
struct Tiers {
  /// One speaker's turns that do not overlap, with the tiers below.
  struct Lane {
    /// The tier's name.
    var name: String
    /// The speaker as the corpus has them.
    var speaker: String
    /// The places of the turns in the dialogue, in the order of time.
    var turns: [Int]
    /// The tiers below, without those that would be empty.
    var children: [Child] = []
    fileprivate var end = 0.0
  }

  /// A tier below one of what is said.
  struct Child {
    /// What it holds, such as `emotion`.
    var what: String
    /// Whose it is; `nil` where it is nobody's.
    var rater: String?
    /// The tier's name.
    var name: String
    /// The texts by the turns' places in the dialogue; a turn without one is not there.
    var texts: [Int: String]
  }

  /// Where the turns stand.
  let times: PlacedTimes
  /// The speakers in the order they first speak.
  private(set) var lanes: [Lane] = []

  /// - Parameter unitsPerSecond: the precision of the format's times.
  init(_ dialogue: ExportedDialogue, _ options: ExportOptions, unitsPerSecond: Double) {
    let turns = dialogue.turns
    times = PlacedTimes(turns, unitsPerSecond: unitsPerSecond)
    var names: Set<String> = []
    let order = turns.indices.sorted {
      (times.spans[$0].start, $0) < (times.spans[$1].start, $1)
    }
    for speaker in turns.map(\.turn.speaker) where !lanes.contains(where: { $0.speaker == speaker })
    {
      var own: [Lane] = []
      for place in order where turns[place].turn.speaker == speaker {
        let span = times.spans[place]
        if let lane = own.firstIndex(where: { $0.end <= span.start }) {
          own[lane].turns.append(place)
          own[lane].end = span.end
        } else {
          let name = Self.name(speaker, after: own.count, taken: &names)
          own.append(Lane(name: name, speaker: speaker, turns: [place], end: span.end))
        }
      }
      lanes += own
    }
    for lane in lanes.indices {
      lanes[lane].children = Self.children(
        of: lanes[lane], turns, times, isSorted: order == Array(turns.indices), options)
    }
  }

  private static func name(
    _ speaker: String, after count: Int, taken: inout Set<String>
  ) -> String {
    let plain = speaker.isEmpty ? "?" : speaker
    var number = count + 1
    var name = count == 0 ? plain : "\(plain) (overlap \(number))"
    while !taken.insert(name).inserted {
      number += 1
      name = "\(plain) (overlap \(number))"
    }
    return name
  }

  private static func children(
    of lane: Lane, _ turns: [ExportedTurn], _ times: PlacedTimes, isSorted: Bool,
    _ options: ExportOptions
  ) -> [Child] {
    var children: [Child] = []
    func add(_ what: String, _ rater: String? = nil, _ text: (Int) -> String?) {
      var texts: [Int: String] = [:]
      for place in lane.turns {
        if let text = text(place), !text.isEmpty { texts[place] = text }
      }
      if texts.isEmpty { return }
      let name = (rater.map { "\(what):\($0)" } ?? what) + "@" + lane.name
      children.append(Child(what: what, rater: rater, name: name, texts: texts))
    }
    add("turn") { turns[$0].turn.key.turn }
    add("time") { place in
      if times.isOwn[place] { return nil }
      return turns[place].turn.time.map { "\(Decimal.text($0.start)) \(Decimal.text($0.end))" }
        ?? "none"
    }
    if !isSorted { add("place") { String($0) } }
    if options.wants(.gold) { add("emotion") { turns[$0].gold.joined(separator: ";") } }
    if options.wants(.votes) {
      add("votes") {
        turns[$0].votes.map { "\($0.label)=\($0.raters)" }.joined(separator: ";")
      }
    }
    for rater in options.raters.map(\.name) {
      let rating: (Int) -> ExportedRating? = { place in
        turns[place].ratings.first { $0.rating.rater.name == rater }
      }
      guard lane.turns.contains(where: { rating($0) != nil }) else { continue }
      if options.wants(.raters) {
        add("emotion", rater) { rating($0)?.rating.answer.labels.joined(separator: ";") }
      }
      for dimension in options.wants(.dimensions) ? options.dimensionNames : [] {
        add(dimension, rater) { rating($0)?.rating.answer.dimensions[dimension].map(Decimal.text) }
      }
      if options.wants(.conditions) {
        add("conditions", rater) { rating($0)?.conditions.map(Self.text) }
      }
    }
    if options.wants(.suggestions) {
      add("suggestion") {
        turns[$0].suggestion?.best.map { "\($0.label) \(Decimal.text($0.probability))" }
      }
    }
    if options.wants(.refined) { add("refined") { turns[$0].suggestion?.refined } }
    return children
  }

  private static func text(_ conditions: RatingConditions) -> String {
    var json = JSONWriter()
    json.object { JSONLinesExporter.write(conditions, to: &$0) }
    return String(decoding: json.bytes, as: UTF8.self)
  }

  /// Counts what tiers cannot hold.
  static func count(
    _ dialogue: ExportedDialogue, _ times: PlacedTimes, _ options: ExportOptions,
    in losses: inout LossCount
  ) {
    times.count(dialogue.turns, in: &losses)
    for exported in dialogue.turns {
      let turn = exported.turn
      for exported in exported.ratings {
        if exported.rating.answer.confidence != nil { losses.add(.confidence) }
        if exported.rating.time != nil { losses.add(.ratingTimes) }
        let known = options.dimensionNames
        if exported.rating.answer.dimensions.keys.contains(where: { !known.contains($0) }) {
          losses.add(.dimensions)
        }
      }
      if let suggestion = exported.suggestion {
        if suggestion.labels.count > 1 { losses.add(.probabilities) }
        if !suggestion.influences.isEmpty { losses.add(.influences) }
      }
      if turn.audio != nil { losses.add(.audio) }
      if !turn.words.isEmpty { losses.add(.words) }
      if !turn.metadata.isEmpty { losses.add(.metadata) }
    }
  }
}
