internal import Glibc

/// Mel-frequency cepstral coefficients: the orthonormal cosine transform (type II) of the log-mel
/// bands, without the zeroth coefficient.
struct Cepstrum {
  /// The coefficients, one contour after the other: 20 × frames.
  let coefficients: [Float]

  private static let basis: [Float] = {
    let bands = SpectralFrames.bandCount
    let scale = (2 / Double(bands)).squareRoot()
    return (1...SpeechStatistics.cepstralCount).flatMap { coefficient in
      (0..<bands).map { band in
        Float(scale * cos(Double.pi * Double(coefficient) * (Double(band) + 0.5) / Double(bands)))
      }
    }
  }()

  init(_ spectra: SpectralFrames) {
    let (bands, count) = (SpectralFrames.bandCount, spectra.count)
    var result = [Float](repeating: 0, count: SpeechStatistics.cepstralCount * count)
    Self.basis.withUnsafeBytes { basis in
      spectra.logMel.withUnsafeBytes { mel in
        for frame in 0..<count {
          for coefficient in 0..<SpeechStatistics.cepstralCount {
            var sum = SIMD16<Float>.zero
            for part in stride(from: 0, to: 4 * bands, by: 64) {
              sum +=
                mel.loadUnaligned(
                  fromByteOffset: 4 * frame * bands + part, as: SIMD16<Float>.self)
                * basis.loadUnaligned(
                  fromByteOffset: 4 * coefficient * bands + part, as: SIMD16<Float>.self)
            }
            result[coefficient * count + frame] = sum.total
          }
        }
      }
    }
    coefficients = result
  }
}
