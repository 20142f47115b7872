/// The generator of Steele, Lea and Flood 2014, doi 10.1145/2714064.2660195.
///
/// Its state only counts up, so the draws of any replicate can be reached without making those
/// before: a bootstrap has the same replicates on any number of threads.
struct SplitMix64 {
  private static let step: UInt64 = 0x9E37_79B9_7F4A_7C15
  private var state: UInt64

  /// Starts a sequence, having skipped the given number of draws.
  init(seed: UInt64, skipping draws: UInt64 = 0) {
    state = seed &+ draws &* Self.step
  }

  /// The next 64 bits.
  @inline(__always)
  mutating func next() -> UInt64 {
    state &+= Self.step
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// floor(u · 2⁻⁵³ · count) of the upper 53 bits: a place below `count`.
  @inline(__always)
  mutating func place(below count: Double) -> Int {
    Int(Double(next() >> 11) * 0x1p-53 * count)
  }
}
