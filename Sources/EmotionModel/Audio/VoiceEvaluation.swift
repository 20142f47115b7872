internal import Acoustics
internal import NeuralNet

/// How well clips of actors are judged that were not trained on.
public struct VoiceEvaluation: Sendable {
  /// The labels.
  public var labels: [String]
  /// The answers by what was known of the speaker.
  public var answers: [Answers]
  /// For each clip its actor.
  public var actors: [Int]
  /// For each clip the place of its label.
  public var truth: [Int]

  /// What one judge answered.
  public struct Answers: Sendable {
    /// Who judged.
    public var judge: Judge
    /// What it knows of the speaker besides the clip.
    public var knows: Knowledge
    /// For each clip the place of the label answered.
    public var predicted: [Int]
  }

  /// Who judges.
  public enum Judge: String, Sendable, CaseIterable {
    /// A linear discriminant on the statistics that say where a voice is, trained on the clips as
    /// they are; where the speaker is known, these are measured against the speaker's mean. What
    /// the model has to beat; there is none where a trained model is scored.
    case discriminant
    /// The model.
    case model
  }

  /// What is known of a speaker.
  public enum Knowledge: String, Sendable, CaseIterable {
    /// The clip alone.
    case nothing
    /// All clips of the speaker, without their labels.
    case allClips = "all_clips"
  }

  /// Judges every clip by a model that was trained without its actor.
  ///
  /// - Parameters:
  ///   - folds: how many groups of actors; actors are dealt out in the order of their numbers.
  ///   - progress: told the share done; answers whether to go on.
  /// - Throws: ``TrainingError`` if there are fewer actors than folds or `progress` said stop.
  public init(
    crossValidating corpus: VoiceCorpus, folds: Int = 5,
    progress: (Double) -> Bool = { _ in true }
  ) throws(TrainingError) {
    let actors = corpus.actors
    guard folds > 1, actors.count >= folds else {
      throw TrainingError(
        "There are \(actors.count) actors, and holding out whole actors in \(folds) groups needs at "
          + "least as many.")
    }
    var groups: [Int: Int] = [:]
    for (place, actor) in actors.enumerated() { groups[actor] = place % folds }
    self.init(corpus.examples, Judge.allCases)
    let summaries = corpus.examples.summaries
    for fold in 0..<folds {
      judgePlainly(summaries) { groups[$0] == fold }
      let examples = corpus.examples.filtered { groups[$0] != fold }
      let model = try VoiceModel(
        name: "", details: "", examples: examples,
        progress: { progress((Double(fold) + $0) / Double(folds)) })
      judge(corpus.examples, by: model) { groups[$0] == fold }
    }
  }

  /// Judges every clip by a model.
  public init(_ corpus: VoiceCorpus, judgedBy model: VoiceModel) throws(TrainingError) {
    guard model.labels == corpus.examples.names else {
      throw TrainingError(
        "The model knows \(model.labels.joined(separator: ", ")) and the clips are named for "
          + "\(corpus.examples.names.joined(separator: ", ")).")
    }
    self.init(corpus.examples, [.model])
    judge(corpus.examples, by: model) { _ in true }
  }

  private init(_ examples: VoiceExamples, _ judges: [Judge]) {
    labels = examples.names
    actors = examples.speakers
    truth = examples.labels
    let blank = [Int](repeating: 0, count: truth.count)
    answers = Knowledge.allCases.flatMap { knows in
      judges.map { Answers(judge: $0, knows: knows, predicted: blank) }
    }
  }

  private mutating func judge(
    _ examples: VoiceExamples, by model: VoiceModel, where isWanted: (Int) -> Bool
  ) {
    for actor in Set(examples.speakers).sorted() where isWanted(actor) {
      let places = examples.speakers.indices.filter { examples.speakers[$0] == actor }
      let sounds = places.map { examples.statistics[0][$0] }
      note(places, .model, .nothing, model.hear(sounds, against: .everybody(model.training)))
      note(places, .model, .allClips, model.hear(sounds, against: .speaker(sounds)))
    }
  }

  private mutating func judgePlainly(
    _ summaries: VoiceExamples, where isHeldOut: (Int) -> Bool
  ) {
    let training = summaries.filtered { !isHeldOut($0) }
    let heldOut = summaries.speakers.indices.filter { isHeldOut(summaries.speakers[$0]) }
    let normaliser = VoiceNormaliser(of: training.statistics[0])
    let everybody = summaries.normalised(by: normaliser)
    let own = summaries.normalisedBySpeaker()
    let taught = summaries.speakers.indices.filter { !isHeldOut(summaries.speakers[$0]) }
    for (knows, inputs) in [(Knowledge.nothing, everybody), (.allClips, own)] {
      func matrix(_ places: [Int]) -> Matrix<Float> {
        let rows = places.map { inputs[$0] }
        return Matrix(
          rows: rows.count, columns: rows.first?.count ?? 0, elements: Array(rows.joined()))
      }
      let discriminant = VoiceDiscriminant(
        inputs: matrix(taught), kinds: VoiceKinds(training.labels))
      let posteriors = discriminant.posteriors(discriminant.project(matrix(heldOut)))
      note(heldOut, .discriminant, knows, (0..<posteriors.rows).map(posteriors.row))
    }
  }

  private mutating func note(
    _ places: [Int], _ judge: Judge, _ knows: Knowledge, _ posteriors: [[Float]]
  ) {
    for row in answers.indices where answers[row].knows == knows && answers[row].judge == judge {
      for (place, posterior) in zip(places, posteriors) {
        answers[row].predicted[place] = posterior.indices.reduce(0) {
          posterior[$1] > posterior[$0] ? $1 : $0
        }
      }
    }
  }

  /// The scores of answers.
  public func scores(of answers: Answers) -> Evaluation {
    Evaluation(labels: labels, truth: truth, predicted: answers.predicted)
  }

  /// Intervals of the scores, by resampling actors.
  public func intervals(
    of answers: Answers, replicates: Int, seed: UInt64
  ) -> EvaluationIntervals {
    EvaluationIntervals(
      labels: labels,
      dialogues: Set(actors).sorted().map { actor in
        truth.indices.filter { actors[$0] == actor }.map { (truth[$0], answers.predicted[$0]) }
      }, replicates: replicates, seed: seed)
  }
}

extension VoiceExamples {
  /// The clips as they are, in the statistics that say where a voice is.
  fileprivate var summaries: VoiceExamples {
    var summaries = self
    summaries.statistics = [
      statistics[0].map { Array($0.prefix(SpeechStatistics.summaryCount)) }
    ]
    return summaries
  }
}
