internal import Glibc

/// The discrete Fourier transform of real frames, eight frames at a time.
///
/// Each lane of a vector is a frame of its own, so that the butterflies of all eight are the same
/// instructions and nothing has to be shuffled. N real samples are packed into N/2 complex ones,
/// transformed by decimation in time (Cooley and Tukey 1965, doi 10.2307/2003354), two of its steps
/// at a time so that values are read and written half as often, and separated again by symmetry.
public struct RealFFT: Sendable {
  /// Eight frames' value at one place.
  public typealias Lanes = SIMD8<Float>

  /// Samples a frame, a power of two.
  public let size: Int
  /// Where the complex sample that goes to each place comes from.
  private let reversed: [Int]
  /// e^(−2πi·k/(N/2)) for k below 3N/8.
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
    twiddles = (0..<3 * half / 4).map { root($0, of: half) }
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
    transform(samples, re, im)
    separate(re, im, into: power)
  }

  /// Four frames' complex values at one place; eight would not stay in registers.
  private struct Quad {
    var re: SIMD4<Float>
    var im: SIMD4<Float>

    @inline(__always) static func + (a: Quad, b: Quad) -> Quad {
      Quad(re: a.re + b.re, im: a.im + b.im)
    }
    @inline(__always) static func - (a: Quad, b: Quad) -> Quad {
      Quad(re: a.re - b.re, im: a.im - b.im)
    }
    @inline(__always) static func * (a: Quad, w: SIMD2<Float>) -> Quad {
      Quad(re: a.re * w.x - a.im * w.y, im: a.re * w.y + a.im * w.x)
    }
    /// Times −i.
    var turned: Quad { Quad(re: im, im: -re) }
  }

  /// The complex samples of all frames, each place in two halves.
  private struct Quads {
    let re: UnsafeMutablePointer<SIMD4<Float>>
    let im: UnsafeMutablePointer<SIMD4<Float>>

    subscript(place: Int) -> Quad {
      get { Quad(re: re[place], im: im[place]) }
      nonmutating set {
        re[place] = newValue.re
        im[place] = newValue.im
      }
    }

    /// Two steps of the transform for one set of four values, which must have been multiplied by
    /// their roots of unity.
    @inline(__always)
    func join(_ a: Quad, _ b: Quad, _ c: Quad, _ d: Quad, at place: Int, distance: Int) {
      let (sum, difference) = (a + b, a - b)
      let (far, turned) = (c + d, (c - d).turned)
      self[place] = sum + far
      self[place + distance] = difference + turned
      self[place + 2 * distance] = sum - far
      self[place + 3 * distance] = difference - turned
    }
  }

  private func transform(
    _ samples: UnsafeMutableBufferPointer<Lanes>, _ re: UnsafeMutableBufferPointer<Lanes>,
    _ im: UnsafeMutableBufferPointer<Lanes>
  ) {
    let count = re.count
    samples.withMemoryRebound(to: SIMD4<Float>.self) { samples in
      re.withMemoryRebound(to: SIMD4<Float>.self) { re in
        im.withMemoryRebound(to: SIMD4<Float>.self) { im in
          guard let re = re.baseAddress, let im = im.baseAddress else { return }
          let quads = Quads(re: re, im: im)
          begin(samples, quads, count)
          var width = 4
          while 4 * width <= count {
            joinFour(quads, width, count)
            width *= 4
          }
          if width < count { joinTwo(quads, width, count) }
        }
      }
    }
  }

  /// The first two steps, whose roots of unity are 1 and −i, while values are put in their places.
  private func begin(
    _ samples: UnsafeMutableBufferPointer<SIMD4<Float>>, _ quads: Quads, _ count: Int
  ) {
    reversed.withUnsafeBufferPointer { reversed in
      for place in stride(from: 0, to: count, by: 4) {
        for half in 0..<2 {
          func value(_ offset: Int) -> Quad {
            let from = 4 * reversed[place + offset] + half
            return Quad(re: samples[from], im: samples[from + 2])
          }
          quads.join(
            value(0), value(1), value(2), value(3), at: 2 * place + half, distance: 2)
        }
      }
    }
  }

  private func joinFour(_ quads: Quads, _ width: Int, _ count: Int) {
    let step = count / (4 * width)
    for offset in 0..<width {
      let (near, far) = (twiddles[2 * offset * step], twiddles[offset * step])
      let both = twiddles[3 * offset * step]
      for block in stride(from: offset, to: count, by: 4 * width) {
        for place in 2 * block..<2 * block + 2 {
          quads.join(
            quads[place], quads[place + 2 * width] * near, quads[place + 4 * width] * far,
            quads[place + 6 * width] * both, at: place, distance: 2 * width)
        }
      }
    }
  }

  /// The last step of a transform whose number of steps is odd.
  private func joinTwo(_ quads: Quads, _ width: Int, _ count: Int) {
    for offset in 0..<width {
      for place in 2 * offset..<2 * offset + 2 {
        let (a, b) = (quads[place], quads[place + 2 * width] * twiddles[offset])
        quads[place] = a + b
        quads[place + 2 * width] = a - b
      }
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
