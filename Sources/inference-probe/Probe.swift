import CAllocationCount
import Dialogues
import EmotionModel
import NeuralNet

/// Counts what inference allocates once it is warm, one line each: `name<tab>allocations a call`.
///
///     inference-probe [CHECKPOINT]
///
/// `stack` is the mLSTM stack of the published configuration, narrower, over four turns;
/// `result` an empty matrix of the stack's result, which shows that counting works. With a checkpoint,
/// `dialogue_N` is a whole judgement of a dialogue of N turns, results included.
@main
enum Probe {
  static func main() throws {
    setMatrixThreads(1)
    countStack()
    if CommandLine.arguments.count > 1 {
      let classifier = try EmotionClassifier(contentsOf: CommandLine.arguments[1])
      for turns in [10, 20, 40] {
        let dialogue = dialogue(turns: turns)
        report("dialogue_\(turns)") { _ = classifier.analyse(dialogue) }
      }
    }
  }

  private static func countStack() {
    let (width, steps, turns) = (64, 16, 4)
    let blocks = (0..<3).map { MLSTMBlock(width: width, heads: 4, name: "\($0)") }
    var random = RandomSource(seed: 1)
    let weights = Weights<Float>(startingFrom: blocks.flatMap(\.parameters), &random)
    let stack = MLSTMStack(MLSTMStack.Prepared(blocks) { weights[$0] })
    let x = Matrix<Float>(rows: turns * steps, columns: width, deviation: 1, using: &random)
    var last = Matrix<Float>(rows: turns, columns: width)
    report("stack") { stack.lastSteps(of: x, steps: steps, into: &last) }
    report("result") { last = Matrix(rows: turns, columns: width) }
  }

  private static func dialogue(turns: Int) -> Dialogue {
    let key = DialogueKey(corpus: "probe", dialogue: "1")
    return Dialogue(
      key: key,
      turns: (0..<turns).map { turn in
        Turn(
          key: TurnKey(dialogue: key, turn: "\(turn)"), speaker: ["Mara", "Theo"][turn % 2],
          text: "You moved the boxes, number \(turn), and I am glad.")
      })
  }

  private static func report(_ name: String, _ work: () -> Void) {
    for _ in 0..<3 { work() }
    let before = undertone_allocations()
    for _ in 0..<10 { work() }
    let after = undertone_allocations()
    print("\(name)\t\(Double(after - before) / 10)")
  }
}
