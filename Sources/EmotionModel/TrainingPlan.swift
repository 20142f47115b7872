/// How a model is trained: everything that, with the data, decides the result.
public struct TrainingPlan: Sendable, Codable, Equatable {
  /// How the network is built.
  ///
  /// Ignored when training goes on from a checkpoint.
  public var architecture: Architecture
  /// What is done, one after the other.
  public var phases: [Phase]
  /// Decides everything random.
  public var seed: UInt64
  /// Threads of the matrix products.
  ///
  /// Another number gives another result in the last digits.
  public var threads: Int
  /// Epochs without a better log loss on the development data after which a phase ends.
  public var patience: Int
  /// τ of the correction of the head's biases at the end, `−τ · ln prior`, with the prior of the
  /// labels in the training data: raises rare labels (Menon et al.
  ///
  /// 2021, arXiv:2007.07314).
  public var priorCorrection: Double

  /// Creates a plan.
  public init(
    architecture: Architecture = .contextual(.init()), phases: [Phase], seed: UInt64 = 1,
    threads: Int = 1,
    patience: Int = 3, priorCorrection: Double = 0
  ) {
    self.architecture = architecture
    self.phases = phases
    self.seed = seed
    self.threads = threads
    self.patience = patience
    self.priorCorrection = priorCorrection
  }

  /// A stretch of training with settings of its own.
  public struct Phase: Sendable, Codable, Equatable {
    /// What it is called in the log.
    public var name: String
    /// What an example is.
    public var unit: Unit
    /// Passes over the data.
    public var epochs: Int
    /// Examples a step.
    public var batch: Int
    /// The highest learning rate.
    public var rate: Double
    /// The highest learning rate of the text encoder; 0 leaves it as it is.
    public var encoderRate: Double
    /// How much slower each layer of a fine-tuned encoder learns than the one above it.
    public var layerDecay = 1.0
    /// The share of a weight, times the learning rate, that decays in a step.
    public var weightDecay = 1e-3
    /// Longer gradients are scaled down to this length.
    public var clip = 2.0
    /// The share of the steps over which the learning rate rises.
    public var warmup = 0.05
    /// How much of the past the running mean of the weights keeps a step; 0 for no mean.
    public var average = 0.0
    /// In a phase of dialogues: the weight of judging each turn by itself as well.
    public var contextFreeWeight = 0.3
    /// The weight of the auxiliary data beside the main data.
    public var auxiliaryWeight = 0.3
    /// The weight of learning to point where the turns' given text vectors do.
    public var distillation = 0.0
    /// What of the text is dropped at random.
    public var inputDropout = InputDropout()
    /// How often a turn that has text and audio loses one of them.
    public var modalityDropout = 0.3
    /// Weight of a class ∝ frequency to the power −this; 0 counts every turn alike.
    public var classBalance = 0.0

    /// Creates a phase.
    public init(
      name: String, unit: Unit, epochs: Int, batch: Int, rate: Double, encoderRate: Double
    ) {
      self.name = name
      self.unit = unit
      self.epochs = epochs
      self.batch = batch
      self.rate = rate
      self.encoderRate = encoderRate
    }
  }

  /// What an example is.
  public enum Unit: String, Sendable, Codable {
    /// Turns by themselves, from all data: trains the text encoder.
    case turns
    /// Whole dialogues of the main data, and as large a share of the auxiliary dialogues.
    case dialogues
  }
}

extension TrainingPlan {
  /// Training from nothing on one set of dialogues, with auxiliary ones if there are any.
  public static func standard(seed: UInt64 = 1) -> TrainingPlan {
    var dialogues = Phase(
      name: "dialogues", unit: .dialogues, epochs: 4, batch: 12, rate: 1e-3, encoderRate: 4e-4)
    dialogues.average = 0.98
    let turns = Phase(
      name: "turns", unit: .turns, epochs: 2, batch: 128, rate: 2e-3, encoderRate: 2e-3)
    return TrainingPlan(phases: [turns, dialogues], seed: seed)
  }

  /// Adapting a checkpoint to a project's own labels or corrections: the text encoder stays as it
  /// is, so that a few hundred turns take seconds and cannot spoil it.
  public static func adaptation(seed: UInt64 = 1) -> TrainingPlan {
    var phase = Phase(
      name: "adapt", unit: .dialogues, epochs: 8, batch: 4, rate: 5e-4, encoderRate: 0)
    phase.average = 0.9
    phase.contextFreeWeight = 0
    return TrainingPlan(phases: [phase], seed: seed, patience: 4)
  }
}

/// Where training is.
public struct TrainingProgress: Sendable, Codable, Equatable {
  /// The phase's name.
  public var phase: String
  /// The epoch within the phase, from 1.
  public var epoch: Int
  /// The phase's epochs.
  public var epochs: Int
  /// The step within the epoch, from 1.
  public var step: Int
  /// The epoch's steps.
  public var steps: Int
  /// The mean loss of the epoch so far, in nats.
  public var loss: Double
  /// Seconds since training started or was resumed.
  public var seconds: Double
  /// At the end of an epoch: how well the development dialogues are judged; `nil` elsewhere.
  public var development: Development?

  /// How well development dialogues are judged.
  public struct Development: Sendable, Codable, Equatable {
    /// Mean of −ln p of the label given, in nats.
    public var logLoss: Double
    /// F1 of the labels, weighted by how often they were given.
    public var weightedF1: Double
    /// The share of turns judged as they were labelled.
    public var accuracy: Double
    /// Turns measured.
    public var turns: Int
  }
}

/// Why a model could not be trained.
public struct TrainingError: Error, Equatable, CustomStringConvertible {
  /// What is wrong and what to do, for the person at the terminal.
  public var description: String
  init(_ description: String) { self.description = description }
}
