internal import Glibc

/// A sound summed up in numbers of fixed count: what of a voice carries its emotion, after Schuller
/// and others 2009 (Interspeech emotion challenge) and the eGeMAPS of Eyben and others 2016
/// (doi 10.1109/TAFFC.2015.2457417).
public struct SpeechStatistics: Sendable {
  /// The numbers, all finite, in the order of ``names``.
  public let values: [Float]

  /// What each number is, such as `mfcc3.deviation`.
  public static let names: [String] = {
    var list = StatisticsList(isNamed: true)
    list.add(
      SpectralFrames(samples: [Float](repeating: 0, count: SpectralFrames.length)),
      PitchContour(samples: [], frames: 1))
    return list.names
  }()

  /// How many of the numbers, from the first on, say where the voice is; the others
  /// say how it goes and moves.
  public static let summaryCount = names.firstIndex { $0.hasPrefix("part1.") } ?? names.count

  /// Raised whenever a number of a sound comes out otherwise than before by more than rounding.
  public static let version = 2

  /// Mel-frequency cepstral coefficients taken, without the zeroth.
  static let cepstralCount = 20

  /// Sums a sound up.
  public init(_ sound: SpeechSound) {
    let spectra = SpectralFrames(sound)
    self.init(spectra, PitchContour(sound, frames: spectra.count))
  }

  /// Sums up what was computed of a sound already.
  public init(_ spectra: SpectralFrames, _ pitch: PitchContour) {
    var list = StatisticsList(isNamed: false)
    list.add(spectra, pitch)
    values = list.values.map { $0.isFinite ? $0 : 0 }
  }
}

/// The numbers and their names, added together so that they cannot fall apart.
struct StatisticsList {
  var values: [Float] = []
  var names: [String] = []
  /// Names are texts, and wanted once; the numbers are wanted a thousand times a second.
  let isNamed: Bool

  init(isNamed: Bool) {
    self.isNamed = isNamed
    values.reserveCapacity(2000)
  }

  mutating func add(_ name: @autoclosure () -> String, _ value: Float) {
    values.append(value)
    if isNamed { names.append(name()) }
  }

  /// Mean, standard deviation and deciles of a contour.
  mutating func add(contour name: @autoclosure () -> String, _ contour: [Float]) {
    let statistics = ContourStatistics(contour)
    add("\(name()).mean", statistics.mean)
    add("\(name()).deviation", statistics.deviation)
    add("\(name()).low", statistics.deciles.low)
    add("\(name()).median", statistics.deciles.median)
    add("\(name()).high", statistics.deciles.high)
  }

  mutating func add(_ spectra: SpectralFrames, _ pitch: PitchContour) {
    let cepstrum = Cepstrum(spectra)
    let bands = Self.broadBands(spectra)
    for (band, contour) in bands.enumerated() { add(contour: "mel\(band + 1)", contour) }
    addCepstrum(cepstrum, pitch)
    addSpectralShape(spectra, pitch)
    addLevel(spectra)
    addPitch(pitch)
    addVoicing(pitch)
    addEighths(bands, spectra, pitch)
    addRelations(spectra, pitch, cepstrum)
  }
}

extension StatisticsList {
  /// Contours of sixteen bands, each the mean of four neighbours.
  private static func broadBands(_ spectra: SpectralFrames) -> [[Float]] {
    let width = 4
    return spectra.logMel.withUnsafeBufferPointer { mel in
      (0..<SpectralFrames.bandCount / width).map { band in
        (0..<spectra.count).map { frame in
          let start = frame * SpectralFrames.bandCount + band * width
          return (mel[start] + mel[start + 1] + mel[start + 2] + mel[start + 3]) / 4
        }
      }
    }
  }

  /// Cepstral coefficients, their changes, and their means where the voice is heard.
  private mutating func addCepstrum(_ cepstrum: Cepstrum, _ pitch: PitchContour) {
    let count = pitch.frequency.count
    for coefficient in 0..<SpeechStatistics.cepstralCount {
      let contour = Array(cepstrum.coefficients[coefficient * count..<(coefficient + 1) * count])
      var voiced: Float = 0
      var voicedCount: Float = 0
      for frame in 0..<count where pitch.frequency[frame] > 0 {
        voiced += contour[frame]
        voicedCount += 1
      }
      add("mfcc\(coefficient + 1).voiced", voicedCount > 0 ? voiced / voicedCount : 0)
      add(contour: "mfcc\(coefficient + 1)", contour)
      add(contour: "delta\(coefficient + 1)", changes(of: contour))
    }
  }

  private mutating func addSpectralShape(_ spectra: SpectralFrames, _ pitch: PitchContour) {
    let contours = [
      ("centroid", spectra.centroid), ("bandwidth", spectra.bandwidth),
      ("rolloff", spectra.rolloff), ("flatness", spectra.flatness), ("flux", spectra.flux),
    ]
    for (name, contour) in contours { add(contour: name, contour) }
    for (name, contour) in [("alpha", spectra.alphaRatio), ("hammarberg", spectra.hammarberg)] {
      add(contour: name, contour.indices.filter { pitch.frequency[$0] > 0 }.map { contour[$0] })
    }
  }

  private mutating func addLevel(_ spectra: SpectralFrames) {
    let level = spectra.level
    add("level.peak", level.max() ?? 0)
    add("level.slope", slope(of: level) * 100)
    add(contour: "level", level)
    // Below 20 dB under the peak is a pause between words, or a stop.
    let threshold = (level.max() ?? 0) - 20
    add("level.loudShare", Float(level.count { $0 > threshold }) / Float(level.count))
    // Syllables are peaks of the level, smoothed over 90 ms.
    let smooth = level.indices.map { place in
      let around = level[max(0, place - 4)...min(level.count - 1, place + 4)]
      return around.reduce(0, +) / Float(around.count)
    }
    var peaks = 0
    for place in 1..<max(1, smooth.count - 1)
    where smooth[place] > smooth[place - 1] && smooth[place] >= smooth[place + 1]
      && smooth[place] > threshold
    {
      peaks += 1
    }
    let seconds = Float(level.count) / 100
    add("syllables", Float(peaks) / seconds)
    add("duration", logf(seconds))
  }

  /// Pitch in semitones above 27.5 Hz, as eGeMAPS has it.
  private mutating func addPitch(_ pitch: PitchContour) {
    let semitones = pitch.frequency.filter { $0 > 0 }.map { 12 * log2f($0 / 27.5) }
    add(contour: "pitch", semitones)
    add("pitch.slope", slope(of: semitones) * 100)
    let mean = semitones.reduce(0, +) / Float(max(1, semitones.count))
    let fifth = max(1, semitones.count / 5)
    func offset(_ part: ArraySlice<Float>) -> Float {
      part.isEmpty ? 0 : part.reduce(0, +) / Float(part.count) - mean
    }
    add("pitch.start", offset(semitones.prefix(fifth)))
    add("pitch.end", offset(semitones.suffix(fifth)))
    var (rises, falls) = ([Float](), [Float]())
    var relative: [Float] = []
    for place in 1..<max(1, pitch.frequency.count)
    where pitch.frequency[place] > 0 && pitch.frequency[place - 1] > 0 {
      let ratio = pitch.frequency[place] / pitch.frequency[place - 1]
      let change = 12 * log2f(ratio)
      if change > 0 { rises.append(change) } else { falls.append(change) }
      relative.append(abs(1 - ratio))
    }
    add("pitch.rise", rises.reduce(0, +) / Float(max(1, rises.count)))
    add("pitch.fall", falls.reduce(0, +) / Float(max(1, falls.count)))
    // From one 10 ms to the next, not from period to period.
    add("jitter", relative.reduce(0, +) / Float(max(1, relative.count)))
  }

  private mutating func addVoicing(_ pitch: PitchContour) {
    let ratios = pitch.periodicity.filter { $0 > 0 }.map { periodicity in
      // Harmonics over noise in dB (Boersma 1993, equation 4).
      let share = min(periodicity, 0.9999)
      return 10 * log10f(share / (1 - share))
    }
    add(contour: "harmonicity", ratios)
    var runs: (voiced: [Float], pause: [Float]) = ([], [])
    var length: Float = 0
    for (place, frequency) in pitch.frequency.enumerated() {
      length += 1
      let isLast = place + 1 == pitch.frequency.count
      if isLast || (pitch.frequency[place + 1] > 0) != (frequency > 0) {
        if frequency > 0 {
          runs.voiced.append(length / 100)
        } else {
          runs.pause.append(length / 100)
        }
        length = 0
      }
    }
    let count = Float(pitch.frequency.count)
    add("voiced.share", Float(ratios.count) / count)
    add("voiced.rate", Float(runs.voiced.count) / count * 100)
    for (name, lengths) in [("voiced", runs.voiced), ("unvoiced", runs.pause)] {
      let statistics = ContourStatistics(lengths)
      add("\(name).length", statistics.mean)
      add("\(name).spread", statistics.deviation)
    }
  }
}
