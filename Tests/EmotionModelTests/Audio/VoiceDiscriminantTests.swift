import Foundation
import NeuralNet
import Testing

@testable import EmotionModel

@Suite struct VoiceDiscriminantTests {
  /// The same numbers as in scripts/voice_reference.py.
  private static let labels = (0..<60).map { $0 % 3 }
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
      inputs: Self.inputs, labels: Self.labels, labelCount: 3, shrinkage: 0.1)
    #expect(discriminant.projection.columns == 2)
    // Printed by scripts/voice_reference.py: NumPy in closed form, scikit-learn as its witness.
    let expected: [(row: Int, posterior: [Float])] = [
      (0, [0.998520, 0.001476, 0.000005]), (1, [0.044790, 0.953457, 0.001753]),
      (2, [0.000007, 0.000735, 0.999258]), (17, [0.000083, 0.000299, 0.999618]),
      (40, [0.002942, 0.996732, 0.000326]),
    ]
    for (row, posterior) in expected {
      let place = discriminant.project(Self.inputs.row(row))
      let ours: [Float] = softmax(discriminant.scores(place, spread: 1))
      for label in posterior.indices {
        let difference: Float = ours[label] - posterior[label]
        #expect(abs(difference) < 1e-3)
      }
    }
  }

  @Test func `means move to a speaker whose sounds lie elsewhere`() {
    let discriminant = VoiceDiscriminant(
      inputs: Self.inputs, labels: Self.labels, labelCount: 3, shrinkage: 0.1)
    let shifted = (0..<60).map { row in
      discriminant.project(Self.inputs.row(row)).map { $0 + 2 }
    }
    func right(_ means: Matrix<Float>) -> Int {
      shifted.enumerated().count { row, place in
        let scores = discriminant.scores(place, means: means)
        return scores.indices.max { scores[$0] < scores[$1] } == Self.labels[row]
      }
    }
    #expect(right(discriminant.adapted(to: shifted, rounds: 10)) > right(discriminant.means))
    // Nothing heard, nothing moved.
    #expect(discriminant.adapted(to: []) == discriminant.means)
  }

  @Test func `a statistic that never varies does no harm`() {
    var inputs = Self.inputs
    for row in 0..<60 { inputs[row, 4] = 3 }
    let discriminant = VoiceDiscriminant(inputs: inputs, labels: Self.labels, labelCount: 3)
    let scores = discriminant.scores(discriminant.project(inputs.row(0)))
    #expect(!scores.contains { !$0.isFinite })
  }
}
