/// Arithmetic on vectors that the standard library has only lane by lane.
extension SIMD8<Float> {
  /// The sum of all lanes, by halves.
  var total: Float {
    let half = lowHalf + highHalf
    let quarter = half.lowHalf + half.highHalf
    return quarter.x + quarter.y
  }

  /// The natural logarithm of each lane, which must be positive and normal; within 2 units in the
  /// last place.
  ///
  /// The mantissa between √½ and √2 by a polynomial (Moshier, Cephes, `logf`).
  var logarithm: SIMD8<Float> {
    let bits = SIMD8<Int32>(truncatingIfNeeded: unsafeBitCast(self, to: SIMD8<UInt32>.self))
    // Bits of √½: what lies below it counts as twice that, with an exponent one less.
    let shifted = bits &- 0x3F35_04F3
    let exponent = SIMD8(shifted &>> 23)
    let x =
      unsafeBitCast((shifted & 0x007F_FFFF) &+ 0x3F35_04F3, to: SIMD8<Float>.self) - 1
    let square = x * x
    var y = x * 7.037_683_6e-2 - 1.151_461e-1
    y = y * x + 1.167_699_9e-1
    y = y * x - 1.242_014_1e-1
    y = y * x + 1.424_932_3e-1
    y = y * x - 1.666_805_8e-1
    y = y * x + 2.000_071_5e-1
    y = y * x - 2.499_999_4e-1
    y = y * x + 3.333_333e-1
    y = y * x * square - exponent * 2.121_944_4e-4 - square * 0.5
    return x + y + exponent * 0.693_359_375
  }

  /// The lanes without their sign.
  var magnitude: SIMD8<Float> { replacing(with: -self, where: self .< 0) }

  /// The greater of each pair of lanes.
  func greater(_ other: SIMD8<Float>) -> SIMD8<Float> {
    replacing(with: other, where: other .> self)
  }
}

extension SIMD16<Float> {
  /// The sum of all lanes, by halves.
  var total: Float { (lowHalf + highHalf).total }
}
