internal import Glibc

/// How the learning rate changes over a run, as a factor of its peak.
public struct CosineSchedule: Sendable {
  /// Steps over which the factor rises from 0 to 1.
  public var warmup: Int
  /// All steps of the run; at the last the factor is ``floor``.
  public var total: Int
  /// The factor at the end.
  public var floor: Double

  /// Creates a schedule.
  public init(warmup: Int, total: Int, floor: Double = 0) {
    self.warmup = warmup
    self.total = total
    self.floor = floor
  }

  /// The factor for a step, counted from 0.
  public func factor(at step: Int) -> Double {
    if step < warmup { return Double(step + 1) / Double(warmup) }
    let part = min(1, Double(step - warmup) / Double(max(1, total - warmup)))
    return floor + (1 - floor) * (1 + cos(Double.pi * part)) / 2
  }
}
