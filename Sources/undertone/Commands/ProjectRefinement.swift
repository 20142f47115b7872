import Dialogues
import EmotionModel
import LabelStore

/// Decodes the stored suggestions of a source and files the result as a source of its own.
struct ProjectRefinement {
  let project: String
  let source: String
  /// The rater whose labels the prior is counted in.
  let against: String

  /// Does it.
  ///
  /// - Returns: what was done, as a line for people.
  func run() throws -> String {
    let file = try Project.open(at: project, program: programVersion)
    if let reason = file.readOnlyReason { throw Failure(reason) }
    guard try file.suggestionCount(of: source) > 0 else {
      throw Failure("\(project): it has no suggestions of “\(source.visibleName)” to decode.")
    }
    let priors = try priors(file)
    guard priors.whole.pairs > 0 else {
      throw Failure(
        "\(project): “\(against.visibleName)” has labelled no two turns in a row of one speaker, so there "
          + "is nothing to count the prior in.")
    }
    let refined = Source(
      name: "\(source)+ded",
      details:
        "\(source), dialogues decoded (Dialogical Emotion Decoder); prior from the labels of "
        + "\(against) in \(priors.isSplit ? "the split train" : "all other dialogues")")
    let bar = ProgressBar(project)
    let count = try file.dialogueCount
    var turns = 0
    var changed = 0
    for place in 0..<count {
      try Interruption.check()
      guard let dialogue = try file.dialogue(at: place) else { break }
      let own = priors.own[dialogue.key] ?? ShiftProbability()
      let suggestions = try decode(
        file.suggestions(for: dialogue.key, from: source), of: dialogue,
        prior: priors.whole.without(own).value ?? 0.5)
      try file.storeSuggestions(refined, suggestions)
      turns += suggestions.count
      changed += suggestions.count { $0.refined != $0.best?.label }
      bar.update(Double(place + 1) / Double(count))
    }
    bar.finish()
    try file.close()
    return "\(refined.name): \(counted(turns, "suggestion")), \(changed) changed; prior "
      + "\(rounded(priors.whole.value ?? 0.5, 10_000)) from \(counted(priors.whole.pairs, "pair")) of turns"
  }

  /// The counts of all training dialogues together, and what each has in it.
  private func priors(
    _ file: Project
  ) throws -> (whole: ShiftProbability, own: [DialogueKey: ShiftProbability], isSplit: Bool) {
    var all: [DialogueKey: ShiftProbability] = [:]
    for place in 0..<(try file.dialogueCount) {
      guard let dialogue = try file.dialogue(at: place) else { break }
      var labels: [TurnKey: String] = [:]
      for rating in try file.ratings(of: dialogue.key)
      where rating.rater.name == against && rating.answer.labels.count == 1 {
        labels[rating.turn] = rating.answer.labels[0]
      }
      var count = ShiftProbability()
      count.add(
        speakers: Suggester.voices(in: dialogue), labels: dialogue.turns.map { labels[$0.key] })
      all[dialogue.key] = count
    }
    let training = all.filter { $0.key.split == "train" }
    let isSplit = training.values.contains { $0.pairs > 0 }
    let own = isSplit ? training : all
    return (own.values.reduce(into: ShiftProbability()) { $0.add($1) }, own, isSplit)
  }

  /// The suggestions with their labels after decoding; turns the source says nothing about are not
  /// there for the decoder.
  private func decode(
    _ suggestions: [Suggestion], of dialogue: Dialogue, prior: Double
  ) throws -> [Suggestion] {
    guard let labels = suggestions.first?.labels else { return [] }
    guard suggestions.allSatisfy({ $0.labels == labels }) else {
      throw Failure(
        "\(project): the suggestions for \(dialogue.key) speak of different labels; import them again."
      )
    }
    let voices = Dictionary(
      uniqueKeysWithValues: zip(dialogue.turns.map(\.key), Suggester.voices(in: dialogue)))
    let decoded = DialogicalEmotionDecoder(shiftProbability: prior).decode(
      logits: suggestions.map { $0.posterior.map(logarithm) },
      speakers: suggestions.map { voices[$0.turn] ?? -1 })
    return zip(suggestions, decoded.states).map { suggestion, state in
      var suggestion = suggestion
      suggestion.refined = labels[state]
      // They speak for another pair of labels where decoding changed the label.
      if suggestion.refined != suggestion.best?.label { suggestion.influences = [] }
      return suggestion
    }
  }
}
