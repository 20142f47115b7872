internal import Glibc

/// Random numbers that are the same for a seed on every machine and in every release.
///
/// SplitMix64 (Steele, Lea and Flood 2014, doi 10.1145/2660193.2660195): one word of state, so that
/// a training run can be resumed exactly.
public struct RandomSource: RandomNumberGenerator, Sendable, Codable, Equatable {
  private var state: UInt64

  /// Creates a source for a seed, and for a purpose within it such as an epoch or a step: streams
  /// of different purposes have nothing in common.
  public init(seed: UInt64, purpose: UInt64 = 0) {
    state = seed
    let first = next()
    state = first ^ (purpose &* 0xD1B5_4A32_D192_ED03)
    _ = next()
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number from 0 up to, not including, 1.
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A number from the standard normal distribution, by Box and Muller's method.
  public mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * Double.pi * uniform())
  }

  /// A whole number from 0 up to, not including, a bound, without bias that matters for 64 bits.
  public mutating func below(_ bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// Puts elements in random order (Fisher and Yates), the same one for a seed in every release of
  /// the language, which the standard library's own `shuffle` does not promise.
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(last, below(last + 1))
    }
  }
}
