internal import NeuralNet

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
    for sound in sounds { add(sound, to: &sums) }
    let count = Double(max(1, sounds.count))
    let centre = sums.map { $0 / count }
    var squares = [Double](repeating: 0, count: width)
    for sound in sounds { addSquares(of: sound, around: centre, to: &squares) }
    means = centre.map { Float($0) }
    deviations = squares.enumerated().map { place, square in
      let expected = Double(prior?.deviations[place] ?? 0)
      let weight = Double(prior?.sounds ?? 0)
      let variance = (square + weight * expected * expected) / (count + weight)
      return Float(variance.squareRoot())
    }
  }

  /// Statistics as deviations from the mean, none further than five.
  public func normalised(_ statistics: [Float]) -> [Float] { normalised([statistics]).elements }

  /// The same of several sounds: sounds × statistics.
  func normalised(_ sounds: [[Float]]) -> Matrix<Float> {
    let width = means.count
    var result = Matrix<Float>(rows: sounds.count, columns: width)
    for (row, sound) in sounds.enumerated() {
      precondition(sound.count == width && deviations.count == width, "statistics are missing")
      result.elements.withUnsafeMutableBufferPointer { result in
        normalise(
          sound, means, deviations,
          into: UnsafeMutableBufferPointer(
            rebasing: result[row * width..<(row + 1) * width]))
      }
    }
    return result
  }
}

// Over pointers, so that loops without checks become vector instructions.

private func add(_ sound: [Float], to sums: inout [Double]) {
  precondition(sound.count >= sums.count, "statistics are missing")
  sound.withUnsafeBufferPointer { sound in
    sums.withUnsafeMutableBufferPointer { sums in
      for place in sums.indices { sums[place] += Double(sound[place]) }
    }
  }
}

private func addSquares(of sound: [Float], around centre: [Double], to sums: inout [Double]) {
  sound.withUnsafeBufferPointer { sound in
    centre.withUnsafeBufferPointer { centre in
      sums.withUnsafeMutableBufferPointer { sums in
        for place in sums.indices {
          let difference = Double(sound[place]) - centre[place]
          sums[place] += difference * difference
        }
      }
    }
  }
}

private func normalise(
  _ sound: [Float], _ means: [Float], _ deviations: [Float],
  into result: UnsafeMutableBufferPointer<Float>
) {
  sound.withUnsafeBufferPointer { sound in
    means.withUnsafeBufferPointer { means in
      deviations.withUnsafeBufferPointer { deviations in
        for place in result.indices {
          let scaled = (sound[place] - means[place]) / max(deviations[place], 1e-6)
          result[place] = max(-5, min(5, scaled))
        }
      }
    }
  }
}
