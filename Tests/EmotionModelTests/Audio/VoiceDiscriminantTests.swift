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
      let place = discriminant.project(Self.inputs.row(row))
      let ours = discriminant.posterior(place, spread: 1)
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
      let ours = discriminant.posterior(discriminant.project(inputs.row(row)), spread: 1)
      for label in posterior.indices { #expect(abs(ours[label] - posterior[label]) < 1e-3) }
    }
  }

  @Test func `means move to a speaker whose sounds lie elsewhere`() {
    let discriminant = VoiceDiscriminant(
      inputs: Self.inputs, kinds: VoiceKinds(Self.labels), shrinkage: 0.1)
    let shifted = (0..<60).map { row in
      discriminant.project(Self.inputs.row(row)).map { $0 + 2 }
    }
    func right(_ means: Matrix<Float>) -> Int {
      shifted.enumerated().count { row, place in
        let posterior = discriminant.posterior(place, means: means)
        return posterior.indices.max { posterior[$0] < posterior[$1] } == Self.labels[row]
      }
    }
    #expect(right(discriminant.adapted(to: shifted, rounds: 10)) > right(discriminant.means))
    // Nothing heard, nothing moved.
    #expect(discriminant.adapted(to: []) == discriminant.means)
  }

  @Test func `a statistic that never varies does no harm`() {
    var inputs = Self.inputs
    for row in 0..<60 { inputs[row, 4] = 3 }
    let discriminant = VoiceDiscriminant(inputs: inputs, kinds: VoiceKinds(Self.labels))
    let posterior = discriminant.posterior(discriminant.project(inputs.row(0)))
    #expect(!posterior.contains { !$0.isFinite })
  }
}
