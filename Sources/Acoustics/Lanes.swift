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

/// Four vectors of which the first has the first lanes of all, and so on.
func transposed(
  _ a: SIMD4<Float>, _ b: SIMD4<Float>, _ c: SIMD4<Float>, _ d: SIMD4<Float>
) -> (SIMD4<Float>, SIMD4<Float>, SIMD4<Float>, SIMD4<Float>) {
  let (ab, cd) = (SIMD8(lowHalf: a, highHalf: b), SIMD8(lowHalf: c, highHalf: d))
  let even = SIMD8(lowHalf: ab.evenHalf, highHalf: cd.evenHalf)
  let odd = SIMD8(lowHalf: ab.oddHalf, highHalf: cd.oddHalf)
  return (even.evenHalf, odd.evenHalf, even.oddHalf, odd.oddHalf)
}

/// The sum of what eight values at a time are turned into; what is beyond the last counts nothing.
func sum(of values: [Float], _ term: (SIMD8<Float>) -> SIMD8<Float>) -> Float {
  values.withUnsafeBytes { bytes in
    var sums = SIMD8<Float>.zero
    let whole = values.count / 8
    for group in 0..<whole {
      sums += term(bytes.loadUnaligned(fromByteOffset: 32 * group, as: SIMD8<Float>.self))
    }
    var rest: Float = 0
    for place in 8 * whole..<values.count { rest += term(SIMD8(repeating: values[place]))[0] }
    return sums.total + rest
  }
}
