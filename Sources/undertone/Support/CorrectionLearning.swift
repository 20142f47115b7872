import Dialogues
import EmotionModel
import Glibc
import LabelStore

/// Learns from what a project's people answered; see `undertone study --learn-after`.
///
/// Reads the project through a connection of its own, which is closed before the long part begins:
/// no lock is held while it computes.
struct CorrectionLearning: Sendable {
  let project: String
  let locations: Locations

  var models: LearnedModels { LearnedModels(besides: project) }

  /// How an attempt ended.
  enum Outcome {
    /// There is a new model, which is used or not.
    case learned(LearnedModel)
    /// There is too little to learn from or to measure on, and what is missing.
    case impossible(String)
    /// Another program is at it.
    case busy
    /// It was asked to stop; nothing has changed.
    case stopped
  }

  /// Makes an attempt, whether or not one is due, or goes on with one that was cut short.
  ///
  /// - Parameters:
  ///   - mayFinishEarlier: whether to go on with an attempt although people have answered more since,
  ///     or otherwise, unless so many that the next one is due.
  ///   - note: told in a sentence if an attempt was cut short and cannot be gone on with.
  ///   - goesOn: asked again and again whether to go on; an attempt that is stopped can be gone on with.
  func learn(
    mayFinishEarlier: Bool, note: (String) -> Void, goesOn: () -> Bool = { true }
  ) throws -> Outcome {
    try models.alone { () throws -> Outcome in
      let (round, ratings) = try read(mayFinishEarlier: mayFinishEarlier)
      if let obstacle = round.obstacle {
        models.endAttempt()
        return .impossible(obstacle)
      }
      let base = try Checkpoint(contentsOf: Suggester.shippedCheckpoint(locations))
      let present = models.used().first
      let standing = try present.map { model in
        LearningRound.Standing(
          name: model.source,
          classifier: try EmotionClassifier(contentsOf: models.weightsPath(of: model)),
          dialogues: model.dialogues)
      }
      // Only one that was stopped is worth going on with.
      var isOver = true
      defer { if isOver { models.endAttempt() } }
      guard
        let (model, checkpoint) = try round.run(
          version: (models.all().last?.version ?? 0) + 1, ratings: ratings,
          time: Double(time(nil)), from: base,
          beside: standing
            ?? LearningRound.Standing(name: builtInSource, classifier: EmotionClassifier(base)),
          statePath: models.statePath, note: note, goesOn: goesOn)
      else {
        isOver = goesOn()
        return .stopped
      }
      try models.add(model, checkpoint)
      return .learned(model)
    } ?? .busy
  }

  /// Lists a model that is used among the project's sources.
  func file(_ model: LearnedModel, in file: Project) throws {
    guard model.isUsed, file.readOnlyReason == nil else { return }
    try file.storeSuggestions(Source(name: model.source, details: model.details), [])
  }

  /// What there is to learn from: the rated dialogues and people's answers, and how many these are.
  private func read(mayFinishEarlier: Bool) throws -> (round: LearningRound, ratings: Int) {
    let file = try Project.open(at: project, readOnly: true, program: programVersion)
    defer { try? file.close() }
    let information = try file.information()
    let count = try file.answerCount()
    var answers: [Rating] = []
    try file.forEachRating(by: [.person]) { rating, _ in answers.append(rating) }
    var attempt = LearningAttempt(ratings: count, answers: answers)
    let begun = models.attempt()
    if let begun, mayFinishEarlier, count < begun.ratings + information.study.learnsAfter {
      attempt = begun
    }
    if attempt != begun { try models.begin(attempt) }
    let ratings = attempt.votes
    var keys: [DialogueKey] = []
    for rating in ratings where rating.turn.dialogue != keys.last {
      keys.append(rating.turn.dialogue)
    }
    return (
      LearningRound(
        study: information.study, labels: information.scheme.labels.map(\.name),
        dialogues: try keys.compactMap { try file.dialogue($0) }, ratings: ratings),
      attempt.ratings
    )
  }
}
