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

  /// Makes an attempt, whether or not one is due.
  func learn(goesOn: () -> Bool = { true }) throws -> Outcome {
    try models.alone { () throws -> Outcome in
      let (round, ratings) = try read()
      if let obstacle = round.obstacle { return .impossible(obstacle) }
      let base = try EmotionClassifier(
        contentsOf: Suggester.shippedCheckpoint(locations))
      let present = models.used().first
      let standing = try present.map { model in
        LearningRound.Standing(
          name: model.source,
          classifier: try EmotionClassifier(contentsOf: models.weightsPath(of: model)),
          dialogues: model.dialogues)
      }
      guard
        let (model, checkpoint) = try round.run(
          version: (models.all().last?.version ?? 0) + 1, ratings: ratings,
          time: Double(time(nil)), from: base.checkpoint,
          beside: standing ?? LearningRound.Standing(name: builtInSource, classifier: base),
          goesOn: goesOn)
      else { return .stopped }
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
  private func read() throws -> (round: LearningRound, ratings: Int) {
    let file = try Project.open(at: project, readOnly: true, program: programVersion)
    defer { try? file.close() }
    let information = try file.information()
    let count = try file.answerCount()
    var ratings: [Rating] = []
    var keys: [DialogueKey] = []
    try file.forEachRating(by: [.person]) { rating, _ in
      if rating.turn.dialogue != keys.last { keys.append(rating.turn.dialogue) }
      ratings.append(rating)
    }
    return (
      LearningRound(
        study: information.study, labels: information.scheme.labels.map(\.name),
        dialogues: try keys.compactMap { try file.dialogue($0) }, ratings: ratings),
      count
    )
  }
}
