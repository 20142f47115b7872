internal import Dialogues

/// How the checkpoint in the package was made: from folders of public corpora to its weights, with
/// one call.
///
/// The model card beside it says where others get the folders.
public enum BundledRecipe {
  /// Where the corpora are.
  public struct Folders: Sendable {
    /// MELD: `train_sent_emo.csv`, `dev_sent_emo.csv`.
    public var meld: String
    /// EmoryNLP: `emorynlp_train_final.csv`, `emorynlp_dev_final.csv`.
    public var emoryNLP: String
    /// The raw votes of EmotionLines on MELD's turns: `meld_votes_train_dev.csv`.
    public var emotionLines: String
    /// GoEmotions: `train.tsv`, `dev.tsv`.
    public var goEmotions: String

    /// The corpora as folders `meld`, `emorynlp`, `emotionlines` and `goemotions` of one folder.
    public init(under root: String) {
      meld = "\(root)/meld"
      emoryNLP = "\(root)/emorynlp"
      emotionLines = "\(root)/emotionlines"
      goEmotions = "\(root)/goemotions"
    }
  }

  /// What the recipe trains on.
  public struct Corpora: Sendable {
    /// MELD's training dialogues: seven tenths the label, three tenths EmotionLines' five votes.
    public var main: TrainingData
    /// EmoryNLP without the episodes of MELD's development dialogues, and GoEmotions.
    public var auxiliary: [TrainingData]
    /// MELD's development dialogues with their labels: measured on, never trained on.
    public var development: TrainingData
  }

  /// How the shipped encoder is cut out of MiniLM.
  private static let reduction = MiniLM.Reduction()

  /// The plan of the shipped checkpoint: first to answer as the teacher does on texts of all
  /// corpora, then to judge dialogues.
  static func plan(over encoder: MiniLM, seed: UInt64 = 1) -> TrainingPlan {
    var turns = TrainingPlan.Phase(
      name: "turns", unit: .turns, epochs: 2, batch: 64, rate: 1e-3, encoderRate: 3e-4)
    turns.auxiliaryWeight = 1
    turns.distillation = 3
    turns.weightDecay = 0.01
    turns.clip = 1
    var dialogues = TrainingPlan.Phase(
      name: "dialogues", unit: .dialogues, epochs: 4, batch: 6, rate: 5e-4, encoderRate: 1e-4)
    dialogues.auxiliaryWeight = 0.5
    dialogues.average = 0.99
    dialogues.layerDecay = 0.9
    dialogues.weightDecay = 0.01
    dialogues.distillation = 1
    dialogues.clip = 1
    return TrainingPlan(
      architecture: .contextual(over: encoder, fineTuned: true), phases: [turns, dialogues],
      seed: seed, priorCorrection: 0.2)
  }

  /// Makes the checkpoint.
  ///
  /// - Parameters:
  ///   - folders: where the corpora are.
  ///   - teacher: a checkpoint of ``MiniLMRecipe`` whose encoder is fine-tuned.
  ///   - model: the encoder the teacher was made from.
  ///   - seed: decides everything random; the shipped checkpoint's is the default.
  ///   - statePath: see ``Trainer/run(name:details:statePath:progress:)``.
  ///   - progress: told after each step; answers whether to go on.
  ///   - vectors: gives the vectors of texts by the encoder given, each of length 1, or `nil` to
  ///     stop. Called once.
  /// - Returns: the checkpoint, or `nil` if `progress` or `vectors` said stop.
  /// - Throws: ``TrainingError`` with the file and line of a corpus that is not as expected.
  public static func train(
    from folders: Folders, taughtBy teacher: Checkpoint, over model: MiniLM, seed: UInt64 = 1,
    statePath: String? = nil, progress: (TrainingProgress) -> Bool = { _ in true },
    vectors: (MiniLM, [String]) throws -> [[Float]]?
  ) throws -> Checkpoint? {
    guard
      let corpora = try taughtCorpora(folders, by: teacher, over: model, vectors: vectors)
    else { return nil }
    let student = try model.fineTuned(by: teacher.weights).reduced(reduction, for: corpora.texts)
    let trainer = try Trainer(
      main: corpora.main, auxiliary: corpora.auxiliary, development: corpora.development,
      plan: plan(over: student, seed: seed), encoder: student)
    return try trainer.run(
      name: "bundled-4",
      details:
        "text only; MELD train, EmotionLines votes, EmoryNLP, GoEmotions, taught by "
        + "\(teacher.name); seed \(seed)",
      statePath: statePath, progress: progress)
  }
}

extension BundledRecipe.Corpora {
  /// What the training turns say, each once.
  var texts: [String] {
    var seen: Set<String> = []
    return ([main] + auxiliary).lazy.flatMap(\.dialogues).flatMap(\.turns).map(\.text)
      .filter { seen.insert($0).inserted }
  }

  /// Gives the training turns their vectors.
  mutating func add(_ vectorOf: [String: [Float]]) {
    func add(_ data: inout TrainingData) {
      for turn in data.dialogues.lazy.flatMap(\.turns) {
        data.textVectors[turn.key] = vectorOf[turn.text]
      }
    }
    add(&main)
    for place in auxiliary.indices { add(&auxiliary[place]) }
  }
}
