internal import Glibc

/// Mel-frequency cepstral coefficients: the orthonormal cosine transform (type II) of the log-mel
/// bands, without the zeroth coefficient.
struct Cepstrum {
  /// The coefficients, one contour after the other: 20 × frames.
  let coefficients: [Float]

  /// Half of the coefficients, and zeros.
  private typealias Lanes = SIMD16<Float>
  private static let half = SpeechStatistics.cepstralCount / 2

  /// For each of the lower half of the bands what it adds to the odd coefficients and to the even
  /// ones: in the upper half a band adds the opposite of its mirror image to the odd ones, and the
  /// same to the even ones.
  private static let basis: [(odd: Lanes, even: Lanes)] = {
    let bands = SpectralFrames.bandCount
    let scale = (2 / Double(bands)).squareRoot()
    func weight(_ band: Int, _ coefficient: Int) -> Float {
      Float(scale * cos(Double.pi * Double(coefficient) * (Double(band) + 0.5) / Double(bands)))
    }
    return (0..<bands / 2).map { band in
      var (odd, even) = (Lanes.zero, Lanes.zero)
      for lane in 0..<half {
        odd[lane] = weight(band, 2 * lane + 1)
        even[lane] = weight(band, 2 * lane + 2)
      }
      return (odd, even)
    }
  }()

  init(_ spectra: SpectralFrames) {
    let (bands, count) = (SpectralFrames.bandCount, spectra.count)
    var result = [Float](repeating: 0, count: SpeechStatistics.cepstralCount * count)
    Self.basis.withUnsafeBufferPointer { basis in
      spectra.logMel.withUnsafeBufferPointer { mel in
        for frame in 0..<count {
          var (odd, even) = (Lanes.zero, Lanes.zero)
          for band in basis.indices {
            let (low, high) = (mel[frame * bands + band], mel[(frame + 1) * bands - 1 - band])
            odd += basis[band].odd * (low - high)
            even += basis[band].even * (low + high)
          }
          for lane in 0..<Self.half {
            result[2 * lane * count + frame] = odd[lane]
            result[(2 * lane + 1) * count + frame] = even[lane]
          }
        }
      }
    }
    coefficients = result
  }
}
