internal import Glibc

/// The same utterance as another voice, room or microphone might have given it: how training makes
/// several sounds of one.
public struct SoundVariation: Sendable {
  /// How much faster it is played; pitch and formants rise with it, as in a smaller body.
  public var speed: Float
  /// How much longer it is in the end, whatever its speed: somebody who talks slower.
  public var duration: Float
  /// What raises (above 0) or lowers parts of the spectrum, as mouths and microphones do: the middle
  /// of each in Hz, and the gain there in dB.
  public var peaks: [(frequency: Float, gain: Float)]
  /// The coefficient of a filter 1 + tilt·z⁻¹ that darkens (above 0) or brightens the sound.
  public var tilt: Float
  /// The reverberation time in seconds and the share of reverberated sound; `nil` for none.
  public var room: (seconds: Float, share: Float)?
  /// The corner frequencies of a narrow line such as a telephone's, in Hz; `nil` for none.
  public var line: (low: Float, high: Float)?
  /// Noise: how many dB below the sound it lies, and how it falls with frequency (0 for white,
  /// towards 1 darker); `nil` for none.
  public var noise: (distance: Float, darkness: Float)?
  /// The gain in dB.
  public var gain: Float

  /// Draws a variation.
  ///
  /// Speed and duration 0.86 to 1.18, three peaks of ±6 dB between 200 and 6000 Hz, tilt ±0.35, gain
  /// ±6 dB: of two ways of varying voices the one by which actors not trained on were judged better;
  /// the ranges themselves were not searched. Rooms in four of ten, telephones in one of ten and noise
  /// 10 to 40 dB below in half of them are there for other recordings than the studio's.
  public init(using random: inout some RandomNumberGenerator) {
    func draw(_ low: Float, _ high: Float) -> Float {
      low + (high - low) * Float(random.next() >> 40) / Float(1 << 24)
    }
    speed = draw(0.86, 1.18)
    duration = draw(0.86, 1.18)
    peaks = (0..<3).map { _ in (200 * powf(30, draw(0, 1)), draw(-6, 6)) }
    tilt = draw(-0.35, 0.35)
    gain = draw(-6, 6)
    room = draw(0, 1) < 0.4 ? (draw(0.1, 0.5), draw(0.05, 0.35)) : nil
    line = draw(0, 1) < 0.1 ? (draw(150, 350), draw(3200, 4500)) : nil
    noise = draw(0, 1) < 0.5 ? (draw(10, 40), draw(0, 1) < 0.5 ? 0 : draw(0.5, 0.95)) : nil
  }

  /// The sound varied.
  ///
  /// - Parameters:
  ///   - samples: mono, 16 kHz.
  ///   - random: where noise comes from.
  public func applied(
    to samples: [Float], using random: inout some RandomNumberGenerator
  ) -> [Float] {
    var sound = Self.played(TimeStretch.stretched(samples, by: duration * speed), at: speed)
    for peak in peaks { Biquad(peakAt: peak.frequency, gain: peak.gain).filter(&sound) }
    var last: Float = 0
    for place in sound.indices {
      let now = sound[place]
      sound[place] = now + tilt * last
      last = now
    }
    if let room { Self.reverberate(&sound, seconds: room.seconds, share: room.share) }
    if let line {
      Biquad(highPassAt: line.low).filter(&sound)
      Biquad(lowPassAt: line.high).filter(&sound)
    }
    if let noise { addNoise(noise, to: &sound, &random) }
    let factor = powf(10, gain / 20)
    for place in sound.indices { sound[place] *= factor }
    return sound
  }

  /// Cubic interpolation between four samples (Catmull and Rom 1974).
  private static func played(_ x: [Float], at speed: Float) -> [Float] {
    guard x.count > 3, speed > 0 else { return x }
    return (0..<Int(Float(x.count) / speed)).map { place in
      let position = Float(place) * speed
      let whole = Int(position)
      let t = position - Float(whole)
      func sample(_ offset: Int) -> Float { x[max(0, min(x.count - 1, whole + offset))] }
      let (a, b, c, d) = (sample(-1), sample(0), sample(1), sample(2))
      let linear = (c - a) / 2
      let square = a - 2.5 * b + 2 * c - d / 2
      let cube = (d - a + 3 * (b - c)) / 2
      return b + t * (linear + t * (square + t * cube))
    }
  }

  /// Four parallel comb filters and two allpasses (Schroeder 1962).
  private static func reverberate(_ sound: inout [Float], seconds: Float, share: Float) {
    var wet = [Float](repeating: 0, count: sound.count)
    for delay in [475, 593, 659, 701] {
      let feedback = powf(10, -3 * Float(delay) / (seconds * Float(SpeechSound.rate)))
      var line = sound
      for place in delay..<max(delay, line.count) {
        line[place] += feedback * line[place - delay]
      }
      for place in wet.indices { wet[place] += line[place] / 4 }
    }
    for delay in [80, 27] {
      var output = wet
      for place in output.indices {
        let (early, fed) =
          place >= delay ? (wet[place - delay], output[place - delay]) : (0, 0)
        output[place] = -0.7 * wet[place] + early + 0.7 * fed
      }
      wet = output
    }
    for place in sound.indices { sound[place] += share * (wet[place] - sound[place]) }
  }

  private func addNoise(
    _ noise: (distance: Float, darkness: Float), to sound: inout [Float],
    _ random: inout some RandomNumberGenerator
  ) {
    var last: Float = 0
    var hiss = [Float](repeating: 0, count: sound.count)
    for place in hiss.indices {
      // The sum of four even draws is near enough to normal.
      let bits = random.next()
      var total: Float = -2
      for part in 0..<4 {
        total += Float(bits >> (16 * UInt64(part)) & 0xFFFF) / 65536
      }
      last = total + noise.darkness * last
      hiss[place] = last
    }
    let power = (sound.reduce(0) { $0 + $1 * $1 }, hiss.reduce(0) { $0 + $1 * $1 })
    guard power.1 > 0 else { return }
    let factor = (power.0 / power.1).squareRoot() * powf(10, -noise.distance / 20)
    for place in sound.indices { sound[place] += factor * hiss[place] }
  }
}

/// A filter of the second order (Bristow-Johnson, "Audio EQ cookbook"): passes without resonance,
/// and peaks of a quality of 0.7.
private struct Biquad {
  private var b: SIMD3<Float>
  private var a: SIMD2<Float>

  init(lowPassAt frequency: Float) { self.init(frequency, sign: -1) }
  init(highPassAt frequency: Float) { self.init(frequency, sign: 1) }

  private init(_ frequency: Float, sign: Float) {
    let w = 2 * Float.pi * frequency / Float(SpeechSound.rate)
    let alpha = sinf(w) / Float(2).squareRoot()
    let edge = (1 + sign * cosf(w)) / 2
    b = SIMD3(edge, -sign * 2 * edge, edge) / (1 + alpha)
    a = SIMD2(-2 * cosf(w), 1 - alpha) / (1 + alpha)
  }

  init(peakAt frequency: Float, gain: Float) {
    let w = 2 * Float.pi * frequency / Float(SpeechSound.rate)
    let (alpha, root) = (sinf(w) / 1.4, powf(10, gain / 40))
    let scale = 1 + alpha / root
    b = SIMD3(1 + alpha * root, -2 * cosf(w), 1 - alpha * root) / scale
    a = SIMD2(-2 * cosf(w), 1 - alpha / root) / scale
  }

  func filter(_ x: inout [Float]) {
    var (x1, x2, y1, y2): (Float, Float, Float, Float) = (0, 0, 0, 0)
    for place in x.indices {
      let now = x[place]
      let y = b.x * now + b.y * x1 + b.z * x2 - a.x * y1 - a.y * y2
      (x1, x2, y1, y2) = (now, x1, y, y1)
      x[place] = y
    }
  }
}
