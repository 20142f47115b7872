internal import Glibc

/// Triangular bands, evenly spaced on the mel scale, over the bins of a power spectrum.
///
/// HTK's mel, 2595·log₁₀(1 + f/700), and triangles of height 1 (Young and others, The HTK Book;
/// `librosa.filters.mel` with `htk=True, norm=None`).
public struct MelBands: Sendable {
  /// One band: the first bin it weighs and the weights from there on.
  public struct Band: Sendable {
    /// The first bin with a weight.
    public var first: Int
    /// The weights of that bin and those after it.
    public var weights: [Float]
  }

  /// The bands, lowest first.
  public let bands: [Band]

  /// Creates bands.
  ///
  /// - Parameters:
  ///   - count: how many bands.
  ///   - range: the frequencies they span, in Hz.
  ///   - size: the length of the Fourier transform.
  ///   - rate: samples per second.
  public init(count: Int, range: ClosedRange<Double>, size: Int, rate: Double) {
    func mel(_ hertz: Double) -> Double { 2595 * log10(1 + hertz / 700) }
    func hertz(_ mel: Double) -> Double { 700 * (pow(10, mel / 2595) - 1) }
    let (low, high) = (mel(range.lowerBound), mel(range.upperBound))
    let edges = (0...count + 1).map {
      hertz(low + (high - low) * Double($0) / Double(count + 1))
    }
    bands = (0..<count).map { band in
      let weights = (0...size / 2).map { bin -> Float in
        let frequency = Double(bin) * rate / Double(size)
        let rising = (frequency - edges[band]) / (edges[band + 1] - edges[band])
        let falling = (edges[band + 2] - frequency) / (edges[band + 2] - edges[band + 1])
        return Float(max(0, min(rising, falling)))
      }
      let first = weights.firstIndex { $0 > 0 } ?? 0
      let last = weights.lastIndex { $0 > 0 } ?? first
      return Band(first: first, weights: Array(weights[first...last]))
    }
  }
}
