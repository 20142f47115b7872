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

  /// The plan of the shipped checkpoint.
  public static func plan(seed: UInt64 = 1) -> TrainingPlan {
    var turns = TrainingPlan.Phase(
      name: "turns", unit: .turns, epochs: 3, batch: 128, rate: 2e-3, encoderRate: 2e-3)
    turns.auxiliaryWeight = 1
    turns.distillation = 3
    var dialogues = TrainingPlan.Phase(
      name: "dialogues", unit: .dialogues, epochs: 6, batch: 12, rate: 1e-3, encoderRate: 4e-4)
    dialogues.average = 0.98
    return TrainingPlan(
      architecture: .bundled, phases: [turns, dialogues], seed: seed, priorCorrection: 0.3)
  }

  /// Makes the checkpoint.
  ///
  /// - Parameters:
  ///   - folders: where the corpora are.
  ///   - seed: decides everything random; the shipped checkpoint's is the default.
  ///   - statePath: see ``Trainer/run(name:details:statePath:progress:)``.
  ///   - progress: told after each step; answers whether to go on.
  ///   - vectors: gives MiniLM's vectors of texts, each of length 1, or `nil` to stop. Called once.
  /// - Returns: the checkpoint, or `nil` if `progress` or `vectors` said stop.
  /// - Throws: ``TrainingError`` with the file and line of a corpus that is not as expected.
  public static func train(
    from folders: Folders, seed: UInt64 = 1, statePath: String? = nil,
    progress: (TrainingProgress) -> Bool = { _ in true },
    vectors: ([String]) throws -> [[Float]]?
  ) throws -> Checkpoint? {
    var corpora = try read(folders)
    let texts = corpora.texts
    guard let found = try vectors(texts) else { return nil }
    let vectorOf = Dictionary(uniqueKeysWithValues: zip(texts, found))
    corpora.add(vectorOf)
    guard let taught = try taught(corpora.main, seed: seed, progress: progress) else { return nil }
    let trainer = try Trainer(
      main: taught, auxiliary: corpora.auxiliary, development: corpora.development,
      plan: plan(seed: seed), wordVectors: { $0.map { vectorOf[$0] ?? [] } })
    return try trainer.run(
      name: "bundled-2",
      details:
        "text only; MELD train, EmotionLines votes, EmoryNLP, GoEmotions, taught by MiniLM; "
        + "seed \(seed)",
      statePath: statePath, progress: progress)
  }
}

extension BundledRecipe.Corpora {
  /// What the training turns say and the words of the vocabulary, each once.
  var texts: [String] {
    var seen: Set<String> = []
    let said = ([main] + auxiliary).lazy.flatMap(\.dialogues).flatMap(\.turns).map(\.text)
    return (Array(said) + Vocabulary.words(countedIn: said)).filter { seen.insert($0).inserted }
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
