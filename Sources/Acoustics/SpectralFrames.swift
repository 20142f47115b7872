internal import Glibc

/// What the short-time spectrum of a sound says, frame by frame: mel bands and the shape of the
/// spectrum.
///
/// Frames are 400 samples (25 ms) every 160 (10 ms) under a periodic Hann window, padded with zeros
/// to 512; they start at the first sample and none reaches beyond the last, except that a sound
/// shorter than a frame is one frame.
public struct SpectralFrames: Sendable {
  /// Samples a frame.
  public static let length = 400
  /// Samples from a frame to the next.
  public static let hop = 160
  /// How many mel bands there are, from 50 to 7600 Hz.
  public static let bandCount = 64

  /// How many frames there are, at least one.
  public let count: Int
  /// The natural logarithm of the mel bands' power, frame after frame; nothing lies more than
  /// 60 dB (6 ln 10) below the loudest band of all.
  public let logMel: [Float]
  /// The mean square of each frame's windowed samples, in dB relative to 1.
  public let level: [Float]
  /// The mean frequency of the power spectrum, in Hz.
  public let centroid: [Float]
  /// The spectrum's standard deviation around the centroid, in Hz.
  public let bandwidth: [Float]
  /// The frequency below which 85 % of the power lies, in Hz.
  public let rolloff: [Float]
  /// The ratio of the geometric to the arithmetic mean of the mel bands, in nats: 0 for noise,
  /// lower for tones.
  public let flatness: [Float]
  /// Power from 50 to 1000 Hz over power from 1 to 5 kHz, in dB (Eyben and others 2016,
  /// doi 10.1109/TAFFC.2015.2457417).
  public let alphaRatio: [Float]
  /// The greatest power of a bin up to 2 kHz over that of one from 2 to 5 kHz, in dB (same source).
  public let hammarberg: [Float]
  /// The mean absolute change of the log-mel bands from the frame before, in nats; 0 for the first.
  public let flux: [Float]

  private static let size = 512
  private static let transform = RealFFT(size: size)
  private static let bands = MelBands(
    count: bandCount, range: 50...7600, size: size, rate: Double(SpeechSound.rate))
  private static let window = (0..<length).map { place in
    Float(0.5 - 0.5 * cos(2 * Double.pi * Double(place) / Double(length)))
  }

  /// Analyses a sound.
  public init(_ sound: SpeechSound) {
    self.init(samples: sound.samples)
  }

  init(samples: [Float]) {
    let count = max(1, 1 + (samples.count - Self.length) / Self.hop)
    let groups = (count + 7) / 8
    var shapes = [SpectralShape](repeating: SpectralShape(), count: groups)
    var power = [RealFFT.Lanes](repeating: .zero, count: groups * Self.bandCount)
    var mel = [Float](repeating: 0, count: groups * 8 * Self.bandCount)
    Self.analyse(samples, into: &mel, &power, &shapes)
    mel.removeLast(mel.count - count * Self.bandCount)
    let floor = greatest(mel) - 6 * Float(M_LN10)
    for place in mel.indices { mel[place] = mel[place] < floor ? floor : mel[place] }
    func contour(_ value: (SpectralShape) -> RealFFT.Lanes) -> [Float] {
      (0..<count).map { value(shapes[$0 / 8])[$0 % 8] }
    }
    self.count = count
    logMel = mel
    level = contour(\.level)
    centroid = contour(\.centroid)
    bandwidth = contour(\.bandwidth)
    rolloff = contour(\.rolloff)
    alphaRatio = contour(\.alphaRatio)
    hammarberg = contour(\.hammarberg)
    flatness = Self.flatness(mel, power, floor: expf(floor), count: count)
    flux = Self.flux(mel, count: count)
  }

  /// - Parameters:
  ///   - mel: the logarithms of the mel bands, frame after frame.
  ///   - power: the mel bands of eight frames at a time.
  private static func analyse(
    _ samples: [Float], into mel: inout [Float], _ power: inout [RealFFT.Lanes],
    _ shapes: inout [SpectralShape]
  ) {
    // Silence behind the last frame, so that eight can always be loaded.
    let silence = (8 * shapes.count - 1) * hop + length - samples.count
    let padded = samples + [Float](repeating: 0, count: max(0, silence))
    let lanes = size + transform.bins + size
    withUnsafeTemporaryAllocation(of: RealFFT.Lanes.self, capacity: lanes) { memory in
      memory.initialize(repeating: .zero)
      let frames = UnsafeMutableBufferPointer(rebasing: memory[..<size])
      let spectra = UnsafeMutableBufferPointer(rebasing: memory[size..<size + transform.bins])
      let scratch = UnsafeMutableBufferPointer(rebasing: memory[(size + transform.bins)...])
      for group in shapes.indices {
        load(padded, from: group * 8 * hop, into: frames)
        transform.powerSpectra(of: frames, into: spectra, scratch: scratch)
        for (place, band) in bands.bands.enumerated() {
          // 1e-10 is below the quantisation noise of 16-bit sound.
          let total = band.power(of: spectra) + 1e-10
          power[group * bandCount + place] = total
          let logarithm = total.logarithm
          for lane in 0..<8 {
            mel[(group * 8 + lane) * bandCount + place] = logarithm[lane]
          }
        }
        shapes[group] = SpectralShape(UnsafeBufferPointer(spectra))
      }
    }
  }

  /// Windowed samples of eight frames, a frame in each lane; zeros behind them.
  private static func load(
    _ samples: [Float], from start: Int, into lanes: UnsafeMutableBufferPointer<RealFFT.Lanes>
  ) {
    precondition(start + 7 * hop + length <= samples.count, "eight frames need more samples")
    samples.withUnsafeBytes { samples in
      window.withUnsafeBufferPointer { window in
        for place in stride(from: 0, to: length, by: 4) {
          func four(_ frame: Int) -> SIMD4<Float> {
            samples.loadUnaligned(
              fromByteOffset: 4 * (start + frame * hop + place), as: SIMD4<Float>.self)
          }
          let early = transposed(four(0), four(1), four(2), four(3))
          let late = transposed(four(4), four(5), four(6), four(7))
          lanes[place] = RealFFT.Lanes(lowHalf: early.0, highHalf: late.0) * window[place]
          lanes[place + 1] = RealFFT.Lanes(lowHalf: early.1, highHalf: late.1) * window[place + 1]
          lanes[place + 2] = RealFFT.Lanes(lowHalf: early.2, highHalf: late.2) * window[place + 2]
          lanes[place + 3] = RealFFT.Lanes(lowHalf: early.3, highHalf: late.3) * window[place + 3]
        }
      }
    }
    for place in length..<size { lanes[place] = .zero }
  }

  private static func flatness(
    _ mel: [Float], _ power: [RealFFT.Lanes], floor: Float, count: Int
  ) -> [Float] {
    let bands = Float(bandCount)
    var flatness: [Float] = []
    flatness.reserveCapacity(count)
    for group in stride(from: 0, to: power.count, by: bandCount) {
      var total = RealFFT.Lanes.zero
      for band in group..<group + bandCount {
        total += power[band].greater(RealFFT.Lanes(repeating: floor))
      }
      let mean = (total / bands).logarithm
      mel.withUnsafeBytes { mel in
        for lane in 0..<min(8, count - flatness.count) {
          var sum = RealFFT.Lanes.zero
          let start = 4 * flatness.count * bandCount
          for part in stride(from: start, to: start + 4 * bandCount, by: 32) {
            sum += mel.loadUnaligned(fromByteOffset: part, as: RealFFT.Lanes.self)
          }
          flatness.append(sum.total / bands - mean[lane])
        }
      }
    }
    return flatness
  }

  private static func flux(_ mel: [Float], count: Int) -> [Float] {
    typealias Lanes = RealFFT.Lanes
    return mel.withUnsafeBytes { mel in
      (0..<count).map { frame in
        guard frame > 0 else { return 0 }
        var change = Lanes.zero
        for part in stride(from: 4 * frame * bandCount, to: 4 * (frame + 1) * bandCount, by: 32) {
          let now = mel.loadUnaligned(fromByteOffset: part, as: Lanes.self)
          let before = mel.loadUnaligned(fromByteOffset: part - 4 * bandCount, as: Lanes.self)
          change += (now - before).magnitude
        }
        return change.total / Float(bandCount)
      }
    }
  }
}

extension MelBands.Band {
  /// What eight frames have in it.
  fileprivate func power(of spectra: UnsafeMutableBufferPointer<RealFFT.Lanes>) -> RealFFT.Lanes {
    weights.withUnsafeBufferPointer { weights in
      var total = RealFFT.Lanes.zero
      for place in weights.indices { total += spectra[first + place] * weights[place] }
      return total
    }
  }
}

private func greatest(_ values: [Float]) -> Float {
  var result = -Float.infinity
  for value in values { result = value > result ? value : result }
  return result
}

/// The shapes of eight frames' spectra.
private struct SpectralShape {
  var level = RealFFT.Lanes.zero
  var centroid = RealFFT.Lanes.zero
  var bandwidth = RealFFT.Lanes.zero
  var rolloff = RealFFT.Lanes.zero
  var alphaRatio = RealFFT.Lanes.zero
  var hammarberg = RealFFT.Lanes.zero

  init() {}

  init(_ power: UnsafeBufferPointer<RealFFT.Lanes>) {
    let width = Float(SpeechSound.rate) / Float(2 * (power.count - 1))
    func bin(_ hertz: Float) -> Int { Int((hertz / width).rounded()) }
    var total = RealFFT.Lanes.zero
    var first = RealFFT.Lanes.zero
    var second = RealFFT.Lanes.zero
    for (place, value) in power.enumerated() {
      let frequency = Float(place) * width
      total += value
      first += value * frequency
      second += value * (frequency * frequency)
    }
    let quiet: Float = 1e-12
    let whole = total + quiet
    centroid = first / whole
    let spread = second / whole - centroid * centroid
    bandwidth = spread.replacing(with: 0, where: spread .< 0).squareRoot()
    func sum(_ bins: Range<Int>) -> RealFFT.Lanes {
      power[bins].reduce(.zero) { $0 + $1 }
    }
    func greatest(_ bins: Range<Int>) -> RealFFT.Lanes {
      power[bins].reduce(.zero) { $0.replacing(with: $1, where: $1 .> $0) }
    }
    alphaRatio = decibels(sum(bin(50)..<bin(1000)), over: sum(bin(1000)..<bin(5000)))
    hammarberg = decibels(greatest(0..<bin(2000)), over: greatest(bin(2000)..<bin(5000)))
    // Parseval: both halves of the spectrum, over the transform's length and the frame's.
    let mean = (total * 2 - power[0] - power[power.count - 1]) / Float(2 * (power.count - 1))
    level = decibels(mean / Float(SpectralFrames.length), over: RealFFT.Lanes(repeating: 1))
    var below = RealFFT.Lanes.zero
    var passed = RealFFT.Lanes.zero
    for value in power {
      below += value
      passed += RealFFT.Lanes(repeating: 1).replacing(with: 0, where: below .>= total * 0.85)
    }
    rolloff = passed * width
  }
}

private func decibels(_ a: RealFFT.Lanes, over b: RealFFT.Lanes) -> RealFFT.Lanes {
  ((a + 1e-12) / (b + 1e-12)).logarithm * (10 / Float(M_LN10))
}
