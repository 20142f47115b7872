internal import Acoustics
internal import Glibc
internal import NeuralNet

/// What the encoder of speakers hears of a sound: 40 mel bands of its power every 10 ms, as librosa
/// computes them for Resemblyzer (`melspectrogram` with 400 samples a frame under a Hann window, the
/// sound's ends padded with zeros; bands spaced and normalised as in Slaney's Auditory Toolbox). No
/// logarithm is taken.
struct SpeakerSpectrum: Sendable {
  /// Samples a frame.
  private static let length = 400
  /// Samples from a frame to the next.
  private static let hop = 160
  private static let bins = length / 2 + 1
  /// How many bands there are.
  static let bands = 40
  /// The level a sound is brought to: −30 dB below full scale, as root mean square.
  private static let level = pow(10, -30.0 / 20)

  private let parameters: FixedParameters

  init() {
    let tables = Weights(["transform": Self.transform, "bands": Self.filters])
    parameters = FixedParameters(tables) { _ in .weightOfManyRows }
  }

  /// How many frames a sound has.
  static func frames(of sound: SpeechSound) -> Int { 1 + sound.samples.count / hop }

  /// The bands of a sound, a row a frame.
  func rows(of sound: SpeechSound) -> Matrix<Float> {
    let samples = sound.samples
    let power = samples.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(samples.count)
    let gain = Float(Self.level / (power.squareRoot() + 1e-9))
    let count = Self.frames(of: sound)
    var frames = [Float](repeating: 0, count: count * Self.length)
    for frame in 0..<count {
      let start = frame * Self.hop - Self.length / 2
      let first = max(0, -start)
      for place in first..<max(first, min(Self.length, samples.count - start)) {
        frames[frame * Self.length + place] = samples[start + place] * gain
      }
    }
    let tape = Tape<Float>()
    func product(_ rows: [Float], _ weight: String) -> Matrix<Float> {
      let x = Matrix(rows: count, columns: rows.count / count, elements: rows)
      return tape.linear(tape.constant(x), parameters.set[weight]).value
    }
    let waves = product(frames, "transform").elements
    var spectra = [Float](repeating: 0, count: count * Self.bins)
    for frame in 0..<count {
      let real = frame * 2 * Self.bins
      for bin in 0..<Self.bins {
        let wave = SIMD2(waves[real + bin], waves[real + Self.bins + bin])
        spectra[frame * Self.bins + bin] = (wave * wave).sum()
      }
    }
    return product(spectra, "bands")
  }

  /// The discrete Fourier transform of a windowed frame, real parts before imaginary ones. A frame of
  /// 400 is no power of two, and beside the encoder a product costs little.
  private static var transform: Matrix<Float> {
    var matrix = Matrix<Float>(rows: 2 * bins, columns: length)
    for bin in 0..<bins {
      for place in 0..<length {
        let window = 0.5 - 0.5 * cos(2 * Double.pi * Double(place) / Double(length))
        let angle = 2 * Double.pi * Double(bin * place % length) / Double(length)
        matrix[bin, place] = Float(window * cos(angle))
        matrix[bins + bin, place] = Float(-window * sin(angle))
      }
    }
    return matrix
  }

  /// The bands' weights over the bins.
  private static var filters: Matrix<Float> {
    // Slaney's scale: linear up to 1 kHz (15 mel), then 27 mel for each factor of 6.4.
    func hertz(_ mel: Double) -> Double {
      mel < 15 ? mel * 200 / 3 : 1000 * exp((mel - 15) * log(6.4) / 27)
    }
    let nyquist = Double(SpeechSound.rate) / 2
    let top = 15 + log(nyquist / 1000) * 27 / log(6.4)
    let edges = (0..<bands + 2).map { hertz(top * Double($0) / Double(bands + 1)) }
    var matrix = Matrix<Float>(rows: bands, columns: bins)
    for band in 0..<bands {
      let (low, centre, high) = (edges[band], edges[band + 1], edges[band + 2])
      for bin in 0..<bins {
        let frequency = nyquist * Double(bin) / Double(bins - 1)
        let slope = min((frequency - low) / (centre - low), (high - frequency) / (high - centre))
        // Each band has the same area.
        matrix[band, bin] = Float(max(0, slope) * 2 / (high - low))
      }
    }
    return matrix
  }
}
