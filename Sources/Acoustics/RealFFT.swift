internal import Glibc

/// The discrete Fourier transform of real frames, eight frames at a time.
///
/// Each lane of a vector is a frame of its own, so that the butterflies of all eight are the same
/// instructions and nothing has to be shuffled. N real samples are packed into N/2 complex ones,
/// transformed by decimation in time (Cooley and Tukey 1965, doi 10.2307/2003354) and separated
/// again by symmetry.
public struct RealFFT: Sendable {
  /// Eight frames' value at one place.
  public typealias Lanes = SIMD8<Float>

  /// Samples a frame, a power of two.
  public let size: Int
  /// Where the complex sample that goes to each place comes from.
  private let reversed: [Int]
  /// e^(−2πi·k/(N/2)) for k below N/4.
  private let twiddles: [SIMD2<Float>]
  /// e^(−2πi·k/N) for k up to N/4.
  private let separators: [SIMD2<Float>]

  /// Creates a transform.
  ///
  /// - Precondition: the size is a power of two, at least 8.
  public init(size: Int) {
    precondition(size >= 8 && size & (size - 1) == 0, "the size is no power of two from 8 up")
    self.size = size
    let half = size / 2
    let bits = half.trailingZeroBitCount
    reversed = (0..<half).map { place in
      (0..<bits).reduce(0) { $0 << 1 | (place >> $1 & 1) }
    }
    func root(_ k: Int, of count: Int) -> SIMD2<Float> {
      let angle = -2 * Double.pi * Double(k) / Double(count)
      return SIMD2(Float(cos(angle)), Float(sin(angle)))
    }
    twiddles = (0..<half / 2).map { root($0, of: half) }
    separators = (0...half / 2).map { root($0, of: size) }
  }

  /// How many bins a spectrum has: N/2 + 1.
  public var bins: Int { size / 2 + 1 }

  /// The power spectra |X(k)|² of eight frames.
  ///
  /// - Parameters:
  ///   - samples: where the eight frames' sample of a place is asked for, place after place; the
  ///     transform works in there and leaves it without meaning.
  ///   - power: for each bin the eight frames' power.
  /// - Precondition: `samples` holds ``size`` and `power` ``bins`` elements.
  public func powerSpectra(
    of samples: UnsafeMutableBufferPointer<Lanes>, into power: UnsafeMutableBufferPointer<Lanes>,
    scratch: UnsafeMutableBufferPointer<Lanes>
  ) {
    precondition(samples.count == size && power.count == bins && scratch.count == size)
    let half = size / 2
    // Complex samples, real parts in front and imaginary parts behind.
    let re = UnsafeMutableBufferPointer(rebasing: scratch[..<half])
    let im = UnsafeMutableBufferPointer(rebasing: scratch[half...])
    for place in 0..<half {
      let from = 2 * reversed[place]
      re[place] = samples[from]
      im[place] = samples[from + 1]
    }
    butterflies(re, im)
    separate(re, im, into: power)
  }

  private func butterflies(
    _ re: UnsafeMutableBufferPointer<Lanes>, _ im: UnsafeMutableBufferPointer<Lanes>
  ) {
    let count = re.count
    var width = 1
    while width < count {
      let step = count / (2 * width)
      for block in stride(from: 0, to: count, by: 2 * width) {
        for offset in 0..<width {
          let w = twiddles[offset * step]
          let (a, b) = (block + offset, block + offset + width)
          let (x, y) = (re[b] * w.x - im[b] * w.y, re[b] * w.y + im[b] * w.x)
          re[b] = re[a] - x
          im[b] = im[a] - y
          re[a] += x
          im[a] += y
        }
      }
      width *= 2
    }
  }

  private func separate(
    _ re: UnsafeMutableBufferPointer<Lanes>, _ im: UnsafeMutableBufferPointer<Lanes>,
    into power: UnsafeMutableBufferPointer<Lanes>
  ) {
    let half = re.count
    let (sum, difference) = (re[0] + im[0], re[0] - im[0])
    power[0] = sum * sum
    power[half] = difference * difference
    for k in 1...half / 2 {
      let m = half - k
      let w = separators[k]
      // The transforms of the even and of the odd samples.
      let even = (re: (re[k] + re[m]) * 0.5, im: (im[k] - im[m]) * 0.5)
      let odd = (re: (im[k] + im[m]) * 0.5, im: (re[m] - re[k]) * 0.5)
      let x = odd.re * w.x - odd.im * w.y
      let y = odd.re * w.y + odd.im * w.x
      let (a, b) = (even.re + x, even.im + y)
      let (c, d) = (even.re - x, even.im - y)
      power[k] = a * a + b * b
      power[m] = c * c + d * d
    }
  }
}
