internal import NeuralNet
internal import Synchronization

/// Stacks of mLSTM blocks that are ready to run, so that neither their weights are laid out nor
/// their buffers made for every dialogue anew.
///
/// For weights that never change. A stack serves one thread at a time; where two want the same,
/// there will be two, over the same weights.
final class StackPool: Sendable {
  /// A stack that nobody uses. Whoever takes it out of the pool, under the pool's lock, is the only
  /// one to have it.
  private struct Idle: @unchecked Sendable {
    let stack: MLSTMStack
  }

  private struct Kept {
    var prepared: [String: MLSTMStack.Prepared] = [:]
    var idle: [String: [Idle]] = [:]
  }

  private let kept = Mutex(Kept())

  /// Runs a stack.
  ///
  /// - Parameters:
  ///   - name: tells stacks of different weights apart.
  ///   - prepare: lays its weights out, when the first of this name is needed.
  func with<Result>(
    _ name: String, prepare: () -> MLSTMStack.Prepared, run: (MLSTMStack) -> Result
  ) -> Result {
    let taken = take(name, prepare)
    defer { kept.withLock { $0.idle[name, default: []].append(taken) } }
    return run(taken.stack)
  }

  private func take(_ name: String, _ prepare: () -> MLSTMStack.Prepared) -> Idle {
    if let idle = kept.withLock({ $0.idle[name]?.popLast() }) { return idle }
    if let known = kept.withLock({ $0.prepared[name] }) { return Idle(stack: MLSTMStack(known)) }
    let prepared = prepare()
    kept.withLock { $0.prepared[name] = prepared }
    return Idle(stack: MLSTMStack(prepared))
  }
}
