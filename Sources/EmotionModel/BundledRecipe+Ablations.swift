internal import Dialogues

extension BundledRecipe {
  /// A way of looking at the dialogue, and how well it does.
  public struct Ablation: Sendable {
    /// What is different, in words.
    public var name: String
    /// Scores on MELD's development dialogues, one a seed.
    public var scores: [TrainingProgress.Development]
  }

  /// Compares ways of looking at the dialogue: slots, gates, slot encoders, heads.
  ///
  /// All of them over MiniLM's vectors as they are, so that only what is compared is trained and
  /// the whole takes minutes; no auxiliary data, the epoch of the least log loss kept.
  ///
  /// - Parameters:
  ///   - folders: where the corpora are.
  ///   - seeds: a training each.
  ///   - progress: told after each step; answers whether to go on.
  ///   - vectors: see ``train(from:seed:statePath:progress:vectors:)``.
  /// - Returns: what was compared, or `nil` if `progress` or `vectors` said stop.
  public static func ablations(
    from folders: Folders, seeds: [UInt64], progress: (TrainingProgress) -> Bool = { _ in true },
    vectors: ([String]) throws -> [[Float]]?
  ) throws -> [Ablation]? {
    var corpora = try read(folders)
    corpora.auxiliary = [corpora.development]
    let texts = corpora.texts
    guard let found = try vectors(texts) else { return nil }
    corpora.add(Dictionary(uniqueKeysWithValues: zip(texts, found)))
    let development = corpora.auxiliary[0]
    var ablations: [Ablation] = []
    for (name, architecture) in contexts {
      var ablation = Ablation(name: name, scores: [])
      for seed in seeds {
        let plan = ablationPlan(name, architecture, seed: seed)
        let trainer = try Trainer(main: corpora.main, development: development, plan: plan)
        var best: TrainingProgress.Development?
        let checkpoint = try trainer.run { step in
          if let score = step.development, score.logLoss < best?.logLoss ?? .infinity {
            best = score
          }
          return progress(step)
        }
        guard checkpoint != nil, let best else { return nil }
        ablation.scores.append(best)
      }
      ablations.append(ablation)
    }
    return ablations
  }

  private static func ablationPlan(
    _ name: String, _ architecture: Architecture, seed: UInt64
  ) -> TrainingPlan {
    var phase = TrainingPlan.Phase(
      name: name, unit: .dialogues, epochs: 8, batch: 12, rate: 1e-3, encoderRate: 0)
    phase.average = 0.98
    phase.weightDecay = 5e-2
    phase.contextFreeWeight = 0
    return TrainingPlan(architecture: architecture, phases: [phase], seed: seed)
  }

  /// The ways that are compared; the first is the shipped one, each other changes one thing.
  private static var contexts: [(name: String, architecture: Architecture)] {
    typealias Slot = Architecture.Slot
    let shipped = Architecture.contextual(overVectorsOf: 384)
    func changed(_ change: (inout Architecture) -> Void) -> Architecture {
      var architecture = shipped
      change(&architecture)
      return architecture
    }
    func turnsBack(_ hops: Int) -> [Slot] { (0...hops).map { Slot(.back, $0, .text) } }
    return [
      ("as shipped", shipped),
      ("no context", changed { $0.slots = turnsBack(0) }),
      ("one turn back", changed { $0.slots = turnsBack(1) }),
      ("two turns back", changed { $0.slots = turnsBack(2) }),
      ("four turns back", changed { $0.slots = turnsBack(4) }),
      (
        "as shipped and two turns more",
        changed { $0.slots += [Slot(.back, 3, .text), Slot(.back, 4, .text)] }
      ),
      ("published gate, for each column", changed { $0.gate = .published }),
      (
        "published gate, one number a slot",
        changed {
          $0.gate = .published
          $0.gatesEachColumn = false
        }
      ),
      ("one number a slot", changed { $0.gatesEachColumn = false }),
      ("slots side by side, as published", changed { $0.sharesHead = false }),
      ("slots of width 64", changed { $0.slotEncoder = .init(width: 64) }),
      (
        "slots of width 64, an mLSTM block",
        changed { $0.slotEncoder = .init(width: 64, blocks: 1, heads: 4, steps: 8) }
      ),
    ]
  }
}
