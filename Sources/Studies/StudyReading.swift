public import Agreement
public import Dialogues
public import LabelStore

/// What people did in a project, put into the numbers that ``Agreement`` summarises.
public struct StudyReading: Sendable {
  /// Everybody's answers that hold and are one label.
  public private(set) var answers: [StudyAnswer] = []
  /// The raters that answers name by place.
  public private(set) var raters: [String] = []
  /// The labels that answers name by place: those asked for, then others that were given.
  public private(set) var labels: [String]
  /// The source whose suggestions answers are compared with; `nil` if the project has none.
  public private(set) var source: String?
  /// Answers that saw another suggestion than the one stored now, such as of an earlier checkpoint.
  ///
  /// They are compared with the stored one all the same, so that both arms are measured alike.
  public private(set) var sawAnother = 0

  private var raterPlaces: [String: Int] = [:]
  private var labelPlaces: [String: Int] = [:]

  /// Which answers to read, and what they are compared with.
  public struct Choice: Sendable {
    /// Only these raters, by name; all if empty.
    public var raters: Set<String> = []
    /// Only these splits; all if empty.
    public var splits: Set<String> = []
    /// The labels to tell apart, in their order.
    public var labels: [String]
    /// What a label counts as that is not among them; `nil` for itself.
    public var other: String?
    /// The source; `nil` for the one most often shown, else the first the project has.
    public var source: String?

    /// A choice of everything.
    public init(labels: [String]) { self.labels = labels }
  }

  /// Reads a project.
  ///
  /// - Parameters:
  ///   - choice: what to read.
  ///   - soundSeconds: the length of a turn's sound where the project does not say it; asked only for
  ///     turns whose sound is a whole file.
  public init(
    _ project: Project, _ choice: Choice, soundSeconds: (Turn) -> Double? = { _ in nil }
  ) throws {
    labels = choice.labels
    for (place, label) in labels.enumerated() { labelPlaces[label] = place }
    source = try choice.source ?? Self.usualSource(of: project)
    var dialogue = DialogueFacts()
    try project.forEachGivenAnswer { given in
      guard choice.raters.isEmpty || choice.raters.contains(given.rater.name),
        choice.splits.isEmpty || choice.splits.contains(given.turn.dialogue.split),
        given.answer.labels.count == 1
      else { return }
      if dialogue.key != given.turn.dialogue {
        dialogue = try DialogueFacts(
          project, given.turn.dialogue, place: dialogue.place + 1, source: source)
      }
      add(given, dialogue, choice, soundSeconds)
    }
  }

  private mutating func add(
    _ given: Project.GivenAnswer, _ dialogue: DialogueFacts, _ choice: Choice,
    _ soundSeconds: (Turn) -> Double?
  ) {
    func label(_ name: String) -> Int {
      place(of: name, known: choice.labels, other: choice.other)
    }
    guard let turn = dialogue.places[given.turn.turn] else { return }
    var answer = StudyAnswer(
      item: dialogue.place << 20 | turn, dialogue: dialogue.place,
      rater: place(ofRater: given.rater.name), label: label(given.answer.labels[0]))
    let conditions = given.conditions
    answer.isAssisted = conditions.arm.map { $0 == .suggested }
    answer.suggestion = dialogue.suggestions[given.turn.turn].map(label)
    answer.shown = conditions.shown.map { label($0.label) }
    if let shown = answer.shown, let stored = answer.suggestion, shown != stored { sawAnother += 1 }
    if let committed = given.committed, committed.labels.count == 1 {
      answer.committed = label(committed.labels[0])
    }
    answer.time = given.time
    answer.seconds = given.first.answerMilliseconds.map { Double($0) / 1000 }
    if dialogue.turns[turn].audio != nil {
      answer.heardSeconds = Double(given.heardMilliseconds) / 1000
      answer.soundSeconds =
        dialogue.turns[turn].audio?.span.map { $0.end - $0.start }
        ?? soundSeconds(dialogue.turns[turn])
    }
    answers.append(answer)
  }

  private mutating func place(of label: String, known: [String], other: String?) -> Int {
    if let place = labelPlaces[label] { return place }
    let name = other ?? label
    let place = labelPlaces[name] ?? labels.count
    if place == labels.count {
      labels.append(name)
      labelPlaces[name] = place
    }
    return place
  }

  private mutating func place(ofRater name: String) -> Int {
    if let place = raterPlaces[name] { return place }
    raterPlaces[name] = raters.count
    raters.append(name)
    return raters.count - 1
  }

  /// The source most often in view, of those as often the first by name; else the project's first.
  private static func usualSource(of project: Project) throws -> String? {
    var counts: [String: Int] = [:]
    try project.forEachGivenAnswer { given in
      if let shown = given.conditions.shown { counts[shown.source, default: 0] += 1 }
    }
    let most = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    return try most ?? project.sources().first?.name
  }
}

/// A dialogue's turns and what a source suggests for them.
private struct DialogueFacts {
  var key: DialogueKey?
  var place = -1
  var turns: [Turn] = []
  var places: [String: Int] = [:]
  var suggestions: [String: String] = [:]

  init() {}

  init(_ project: Project, _ key: DialogueKey, place: Int, source: String?) throws {
    self.key = key
    self.place = place
    turns = try project.dialogue(key)?.turns ?? []
    for (place, turn) in turns.enumerated() { places[turn.key.turn] = place }
    guard let source else { return }
    let refined = "+ded"
    var own = try project.suggestions(for: key, from: source)
    var isRefined = false
    if own.isEmpty, source.hasSuffix(refined) {
      own = try project.suggestions(for: key, from: String(source.dropLast(refined.count)))
      isRefined = true
    }
    for suggestion in own {
      suggestions[suggestion.turn.turn] = isRefined ? suggestion.refined : suggestion.best?.label
    }
  }
}

extension RatingTable {
  /// First and second answers of people who were given dialogues again, for
  /// ``RatingTable/intraRater(_:)``.
  ///
  /// - Parameters:
  ///   - project: the project.
  ///   - choice: which raters, splits and labels.
  public static func repeats(
    in project: Project, _ choice: StudyReading.Choice
  ) throws -> RatingTable {
    var builder = RatingTable.Builder(categories: choice.labels)
    let known = Set(choice.labels)
    var first: [String: String] = [:]
    var turn: TurnKey?
    try project.forEachRating(by: [.person, .retest]) { rating, _ in
      guard rating.answer.labels.count == 1,
        choice.splits.isEmpty || choice.splits.contains(rating.turn.dialogue.split)
      else { return }
      if rating.turn != turn { first = [:] }
      turn = rating.turn
      let label = rating.answer.labels[0]
      let name = known.contains(label) ? label : choice.other ?? label
      guard rating.rater.kind == .retest else {
        first[rating.rater.name] = name
        return
      }
      // Filed under the person's own name, whose answer comes first in the order of names.
      guard
        let person = first.keys.first(where: {
          Rater(name: $0, kind: .person).retest == rating.rater
        }),
        let before = first[person], choice.raters.isEmpty || choice.raters.contains(person)
      else { return }
      for answer in [before, name] {
        try builder.add(
          item: rating.turn.description, dialogue: rating.turn.dialogue.description,
          rater: person, label: answer)
      }
    }
    return try builder.table(repeats: .keep)
  }
}
