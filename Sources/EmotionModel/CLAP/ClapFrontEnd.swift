internal import Glibc
internal import NeuralNet

/// What CLAP's audio network sees of a sound: ten seconds as decibels in 64 bands, as laion_clap
/// computes it for models without fusion (github.com/LAION-AI/CLAP, src/laion_clap/training/data.py,
/// `get_mel` and `get_audio_features` with `repeatpad`).
enum ClapFrontEnd {
  /// Frames per second of the sound it takes.
  static let sampleRate = 48_000
  /// Samples it takes: ten seconds.
  static let length = 480_000
  /// Frames it gives.
  static let frames = 1001
  /// Bands it gives.
  static let bands = 64

  private static let window = 1024
  private static let hop = 480
  private static let bins = window / 2 + 1

  /// The features of a sound.
  ///
  /// A longer sound is cut after ten seconds: the network was trained on pieces of that length, and
  /// the reference cuts at random, which would not give the same answer twice. A shorter one is
  /// repeated as often as it fits whole, and silence follows.
  ///
  /// - Parameters:
  ///   - samples: one channel at 48 kHz, ±1; what is not a finite number counts as silence.
  ///   - isQuantised: whether samples are first rounded to 16 bits, as the reference does.
  /// - Returns: 1001 × 64 decibels, frame after frame; `nil` for no sample at all.
  static func features(of samples: some Collection<Float>, isQuantised: Bool = true) -> [Float]? {
    let piece = samples.prefix(length).map { $0.isFinite ? $0 : 0 }
    guard !piece.isEmpty else { return nil }
    var sound: [Double] = []
    sound.reserveCapacity(length)
    for _ in 0..<length / piece.count {
      for sample in piece { sound.append(Double(isQuantised ? quantised(sample) : sample)) }
    }
    sound += [Double](repeating: 0, count: length - sound.count)
    return decibels(sound)
  }

  /// To a 16-bit number, towards zero, and back (`int16_to_float32(float32_to_int16(x))`).
  private static func quantised(_ sample: Float) -> Float {
    Float(Int16(max(-1, min(1, sample)) * 32_767)) / 32_767
  }

  private static func decibels(_ sound: [Double]) -> [Float] {
    let tables = Tables.shared
    var features: [Float] = []
    features.reserveCapacity(frames * bands)
    // The transform as a matrix product: 50 ms a sound, little beside the network behind it, and as
    // exact in the silent bands as double precision is.
    let group = 143
    var cut = [Double](repeating: 0, count: group * window)
    var spectrum = [Double](repeating: 0, count: group * 2 * bins)
    var power = [Double](repeating: 0, count: group * bins)
    var energy = [Double](repeating: 0, count: group * bands)
    for start in stride(from: 0, to: frames, by: group) {
      let count = min(group, frames - start)
      for frame in 0..<count {
        let first = (start + frame) * hop - window / 2
        for place in 0..<window {
          // Reflected at both ends, without the end samples twice.
          var index = abs(first + place)
          if index >= length { index = 2 * (length - 1) - index }
          cut[frame * window + place] = sound[index]
        }
      }
      multiply(cut, tables.fourier, into: &spectrum, rows: count, inner: window, columns: 2 * bins)
      for place in 0..<count * bins {
        let (frame, bin) = (place / bins, place % bins)
        let real = spectrum[frame * 2 * bins + bin]
        let imaginary = spectrum[frame * 2 * bins + bins + bin]
        power[place] = real * real + imaginary * imaginary
      }
      multiply(power, tables.filters, into: &energy, rows: count, inner: bins, columns: bands)
      for place in 0..<count * bands {
        features.append(Float(10 * log10(max(energy[place], 1e-10))))
      }
    }
    return features
  }

  private static func multiply(
    _ a: [Double], _ b: [Double], into c: inout [Double], rows: Int, inner: Int, columns: Int
  ) {
    Double.multiply(
      MatrixProduct(
        rows: rows, columns: columns, inner: inner, first: (false, inner),
        second: (false, columns), resultStride: columns),
      a, b, into: &c, beta: 0)
  }

  /// Computed once, when first needed.
  private struct Tables: Sendable {
    static let shared = Tables()

    /// window × (2 · bins): the window times cosines, then the window times sines.
    let fourier: [Double]
    /// bins × bands.
    let filters: [Double]

    private init() {
      var fourier = [Double](repeating: 0, count: window * 2 * bins)
      let turn = 2 * Double.pi / Double(window)
      for place in 0..<window {
        // Hann's window of one period.
        let weight = 0.5 - 0.5 * cos(turn * Double(place))
        for bin in 0..<bins {
          let angle = turn * Double(place * bin % window)
          fourier[place * 2 * bins + bin] = weight * cos(angle)
          fourier[place * 2 * bins + bins + bin] = weight * -sin(angle)
        }
      }
      self.fourier = fourier
      filters = Self.slaneyFilters()
    }

    /// Triangles of equal area on Slaney's scale (Auditory Toolbox, 1998; librosa `filters.mel` with
    /// `norm="slaney"`), 50 to 14,000 Hz.
    private static func slaneyFilters() -> [Double] {
      let (lowest, highest) = (mel(50), mel(14_000))
      let edges = (0..<bands + 2).map {
        hertz(lowest + (highest - lowest) * Double($0) / Double(bands + 1))
      }
      var filters = [Double](repeating: 0, count: bins * bands)
      for bin in 0..<bins {
        let frequency = Double(bin * sampleRate) / Double(window)
        for band in 0..<bands {
          let rise = (frequency - edges[band]) / (edges[band + 1] - edges[band])
          let fall = (edges[band + 2] - frequency) / (edges[band + 2] - edges[band + 1])
          filters[bin * bands + band] =
            max(0, min(rise, fall)) * 2 / (edges[band + 2] - edges[band])
        }
      }
      return filters
    }

    /// Linear up to 1,000 Hz, logarithmic above.
    private static func mel(_ hertz: Double) -> Double {
      hertz < 1000 ? hertz * 3 / 200 : 15 + log(hertz / 1000) * 27 / log(6.4)
    }

    private static func hertz(_ mel: Double) -> Double {
      mel < 15 ? mel * 200 / 3 : 1000 * exp((mel - 15) * log(6.4) / 27)
    }
  }
}
