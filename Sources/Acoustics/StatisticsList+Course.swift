/// How a sound goes: what it is in each eighth of its time, and how its contours relate to each
/// other.
extension StatisticsList {
  /// - Parameter bands: contours of broad bands.
  mutating func addEighths(
    _ bands: [[Float]], _ spectra: SpectralFrames, _ pitch: PitchContour
  ) {
    let semitones = pitch.semitones(above: 60)
    let voiced = pitch.frequency.map { $0 > 0 ? Float(1) : 0 }
    func mean(_ values: [Float], _ range: Range<Int>) -> Float {
      var sum: Float = 0
      for place in range { sum += values[place] }
      return sum / Float(range.count)
    }
    func voicedMean(_ range: Range<Int>) -> Float? {
      var (sum, count): (Float, Float) = (0, 0)
      for place in range where voiced[place] > 0 {
        sum += semitones[place]
        count += 1
      }
      return count > 0 ? sum / count : nil
    }
    let whole = voicedMean(0..<spectra.count) ?? 0
    for part in 0..<8 {
      let start = min(spectra.count * part / 8, spectra.count - 1)
      let range = start..<max(start + 1, spectra.count * (part + 1) / 8)
      for (band, contour) in bands.enumerated() {
        add("part\(part + 1).mel\(band + 1)", mean(contour, range))
      }
      add("part\(part + 1).pitch", voicedMean(range).map { $0 - whole } ?? 0)
      add("part\(part + 1).voiced", mean(voiced, range))
      add("part\(part + 1).level", mean(spectra.level, range))
    }
  }

  /// Correlations of contours with each other, with each other's changes, and with what the first
  /// of them are 40, 100 and 200 ms later: how a voice moves, where means say where it is.
  mutating func addRelations(
    _ spectra: SpectralFrames, _ pitch: PitchContour, _ cepstrum: Cepstrum
  ) {
    let count = spectra.count
    var contours: [(name: String, values: [Float])] = []
    func add(contour name: String, _ values: [Float]) { contours.append((name, values)) }
    for coefficient in 0..<16 {
      add(
        contour: "mfcc\(coefficient + 1)",
        Array(cepstrum.coefficients[coefficient * count..<(coefficient + 1) * count]))
    }
    // In units that vary about as much as the coefficients do.
    add(contour: "level", spectra.level.map { $0 / 4.34 })
    add(contour: "pitch", pitch.continuousSemitones(above: 60))
    add(contour: "periodicity", pitch.periodicity.map { 4 * $0 })
    let plain = contours.count
    for place in 0..<plain {
      add(contour: "delta.\(contours[place].name)", changes(of: contours[place].values))
    }
    var table = ContourTable(count: count)
    for contour in contours { table.add(contour.values) }
    for first in 0..<contours.count {
      for second in first + 1..<contours.count {
        self.add(
          "\(contours[first].name)~\(contours[second].name)", table.correlation(first, second))
      }
    }
    let moving = Array(0..<12) + [16, 17]
    for delay in [4, 10, ContourTable.longestDelay] {
      for first in moving {
        for second in moving {
          self.add(
            "\(contours[first].name)~\(contours[second].name).after\(10 * delay)",
            table.correlation(first, second, delay: delay))
        }
      }
    }
  }
}
