import Foundation
import NeuralNet
import Testing

@testable import EmotionModel

@Suite struct VoiceDiscriminantTests {
  /// The same numbers as in scripts/voice_reference.py.
  private static let labels = (0..<60).map { $0 % 3 }
  /// Label 1 in two manners, the others in one.
  private static let kinds = VoiceKinds(
    labels, areStrong: labels.indices.map { labels[$0] == 1 && $0 % 2 == 0 })
  private static let inputs: Matrix<Float> = {
    var inputs = Matrix<Float>(rows: 60, columns: 5)
    for i in 0..<60 {
      for j in 0..<5 {
        let wave = sin(Double(1 + i * 7 + j * 3))
        inputs[i, j] = Float(j == i % 3 ? wave + 0.8 : wave)
      }
    }
    return inputs
  }()

  @Test func `posteriors are those of scikit-learn`() {
    let discriminant = VoiceDiscriminant(
      inputs: Self.inputs, kinds: VoiceKinds(Self.labels), shrinkage: 0.1)
    #expect(discriminant.projection.columns == 2)
    // Printed by scripts/voice_reference.py: NumPy in closed form, scikit-learn as its witness.
    let expected: [(row: Int, posterior: [Float])] = [
      (0, [0.998520, 0.001476, 0.000005]), (1, [0.044790, 0.953457, 0.001753]),
      (2, [0.000007, 0.000735, 0.999258]), (17, [0.000083, 0.000299, 0.999618]),
      (40, [0.002942, 0.996732, 0.000326]),
    ]
    for (row, posterior) in expected {
      let places = discriminant.project(Self.inputs)
      let ours = discriminant.posteriors(places, spread: 1).row(row)
      for label in posterior.indices {
        let difference: Float = ours[label] - posterior[label]
        #expect(abs(difference) < 1e-3)
      }
    }
  }

  @Test func `a label's probability is that of the manners it is acted in`() {
    #expect(Self.kinds.labels == [0, 1, 1, 2])
    #expect(Self.kinds.of.prefix(6) == [0, 1, 3, 0, 2, 3])
    var inputs = Self.inputs
    for row in 0..<60 where Self.kinds.of[row] == 2 { inputs[row, 0] += 1.5 }
    let discriminant = VoiceDiscriminant(inputs: inputs, kinds: Self.kinds, shrinkage: 0.1)
    #expect(discriminant.projection.columns == 3)
    // Printed by scripts/voice_reference.py.
    let expected: [(row: Int, posterior: [Float])] = [
      (0, [0.996649, 0.003346, 0.000005]), (1, [0.127334, 0.867715, 0.004951]),
      (7, [0.185648, 0.811927, 0.002425]), (25, [0.247361, 0.750044, 0.002595]),
      (43, [0.285061, 0.712071, 0.002869]),
    ]
    for (row, posterior) in expected {
      let ours = discriminant.posteriors(discriminant.project(inputs), spread: 1).row(row)
      for label in posterior.indices { #expect(abs(ours[label] - posterior[label]) < 1e-3) }
    }
  }

  @Test func `means move to a speaker whose sounds lie elsewhere`() {
    let discriminant = VoiceDiscriminant(
      inputs: Self.inputs, kinds: VoiceKinds(Self.labels), shrinkage: 0.1)
    var shifted = discriminant.project(Self.inputs)
    for place in shifted.elements.indices { shifted.elements[place] += 2 }
    func right(_ means: Matrix<Float>) -> Int {
      let posteriors = discriminant.posteriors(shifted, means: means)
      return (0..<60).count { row in
        (0..<3).max { posteriors[row, $0] < posteriors[row, $1] } == Self.labels[row]
      }
    }
    #expect(right(discriminant.adapted(to: shifted, rounds: 10)) > right(discriminant.means))
    // Nothing heard, nothing moved.
    #expect(discriminant.adapted(to: Matrix(rows: 0, columns: 2)) == discriminant.means)
  }

  @Test func `places are sums of products, and one round of adapting is its definition`() {
    let discriminant = VoiceDiscriminant(
      inputs: Self.inputs, kinds: VoiceKinds(Self.labels), shrinkage: 0.1)
    let places = discriminant.project(Self.inputs)
    let means = discriminant.means
    for row in 0..<60 {
      for dimension in 0..<2 {
        let sum = (0..<5).reduce(0.0) {
          $0 + Double(Self.inputs[row, $1]) * Double(discriminant.projection[$1, dimension])
        }
        #expect(abs(Double(places[row, dimension]) - sum) < 1e-5)
      }
    }
    // By hand, in double precision: two sounds at a mean's own place hold it back.
    var sums = (0..<3).map { label in (0..<2).map { 2 * Double(means[label, $0]) } }
    var counts = [2.0, 2, 2]
    for row in 0..<60 {
      let powers = (0..<3).map { label in
        exp(
          -(0..<2).reduce(0.0) { sum, dimension in
            let difference = Double(places[row, dimension]) - Double(means[label, dimension])
            return sum + difference * difference / 6
          })
      }
      for label in 0..<3 {
        let share = powers[label] / powers.reduce(0, +)
        counts[label] += share
        for dimension in 0..<2 { sums[label][dimension] += share * Double(places[row, dimension]) }
      }
    }
    let adapted = discriminant.adapted(to: places, rounds: 1)
    for label in 0..<3 {
      for dimension in 0..<2 {
        #expect(
          abs(Double(adapted[label, dimension]) - sums[label][dimension] / counts[label]) < 1e-5)
      }
    }
  }

  @Test func `sounds are measured in deviations from the mean, none further than five`() {
    let sounds: [[Float]] = [[1, 2, 3, 100], [3, 2, 5, 0], [5, 2, 1, 0]]
    let normaliser = VoiceNormaliser(of: sounds)
    #expect(normaliser.means == [3, 2, 3, Float(100.0 / 3)])
    // √((4 + 0 + 4) ÷ 3), and nothing for what never varies.
    #expect(abs(normaliser.deviations[0] - 1.6329932) < 1e-6 && normaliser.deviations[1] == 0)
    let expected: [Float] = [-2 / 1.6329932, 0, 0, 1.4142136]
    for (ours, value) in zip(normaliser.normalised(sounds[0]), expected) {
      #expect(abs(ours - value) < 1e-5)
    }
    #expect(normaliser.normalised([1000, 2, -1000, 0]).prefix(3) == [5, 0, -5])
  }

  @Test func `a statistic that never varies does no harm`() {
    var inputs = Self.inputs
    for row in 0..<60 { inputs[row, 4] = 3 }
    let discriminant = VoiceDiscriminant(inputs: inputs, kinds: VoiceKinds(Self.labels))
    let posteriors = discriminant.posteriors(discriminant.project(inputs))
    #expect(!posteriors.elements.contains { !$0.isFinite })
  }
}
