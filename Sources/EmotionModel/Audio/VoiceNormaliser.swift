/// What a sound's statistics are measured against: a mean and a deviation for each.
public struct VoiceNormaliser: Sendable, Equatable {
  /// The mean of each statistic.
  public var means: [Float]
  /// The standard deviation of each statistic, above 0.
  public var deviations: [Float]

  /// Creates a normaliser.
  public init(means: [Float], deviations: [Float]) {
    self.means = means
    self.deviations = deviations
  }

  /// The mean and deviation of sounds.
  ///
  /// - Parameters:
  ///   - sounds: their statistics, at least one sound.
  ///   - prior: deviations that stand in for so many sounds, so that few of them cannot give a
  ///     deviation near 0.
  public init(
    of sounds: some Collection<[Float]>, prior: (deviations: [Float], sounds: Float)? = nil
  ) {
    let width = sounds.first?.count ?? 0
    var sums = [Double](repeating: 0, count: width)
    for sound in sounds {
      for place in 0..<width { sums[place] += Double(sound[place]) }
    }
    let count = Double(max(1, sounds.count))
    let centre = sums.map { $0 / count }
    var squares = [Double](repeating: 0, count: width)
    for sound in sounds {
      for place in 0..<width {
        let difference = Double(sound[place]) - centre[place]
        squares[place] += difference * difference
      }
    }
    means = centre.map { Float($0) }
    deviations = squares.enumerated().map { place, square in
      let expected = Double(prior?.deviations[place] ?? 0)
      let weight = Double(prior?.sounds ?? 0)
      let variance = (square + weight * expected * expected) / (count + weight)
      return Float(variance.squareRoot())
    }
  }

  /// Statistics as deviations from the mean, none further than five.
  public func normalised(_ statistics: [Float]) -> [Float] {
    statistics.indices.map { place in
      let scaled = (statistics[place] - means[place]) / max(deviations[place], 1e-6)
      return max(-5, min(5, scaled))
    }
  }
}
