internal import NeuralNet

/// Fisher's linear discriminant with a shrunken covariance: statistics of a sound are projected to
/// where the labels' means lie apart and everything else varies alike.
///
/// The covariance within labels is C′ = (1 − λ)·C + λ·diag C (Friedman 1989,
/// doi 10.1080/01621459.1989.10478752; Schäfer and Strimmer 2005, target D). In the projected space
/// it is the identity, so a sound's distance to a label's mean says how unlikely it is there.
struct VoiceDiscriminant: Sendable, Equatable {
  /// What a vector of statistics is multiplied by: inputs × dimensions.
  var projection: Matrix<Float>
  /// The labels' means in the projected space: labels × dimensions.
  var means: Matrix<Float>

  /// λ, chosen among 0.1, 0.3, 0.5 and 0.7 by the mean recall over held-out actors.
  static let shrinkage: Float = 0.5
  /// Distances in the projected space are those of training speakers; strangers lie further off,
  /// so the variance there is taken to be so many times as great.
  static let spread: Float = 3

  /// Learns from examples.
  ///
  /// - Parameters:
  ///   - inputs: examples × statistics, each column with mean 0 and deviation 1 or so.
  ///   - labels: one an example, as places below `labelCount`.
  init(inputs: Matrix<Float>, labels: [Int], labelCount: Int, shrinkage: Float = shrinkage) {
    let width = inputs.columns
    let centres = Self.centres(inputs, labels, labelCount)
    var factor = Self.covariance(inputs, labels, centres)
    for row in 0..<width {
      for column in 0..<width where row != column {
        factor[row * width + column] *= 1 - Double(shrinkage)
      }
      // A statistic that never varies says nothing, and must not be divided by.
      factor[row * width + row] += 1e-6
    }
    Self.factorise(&factor, width)
    let grand = (0..<width).map { column in
      centres.reduce(0) { $0 + $1[column] } / Double(labelCount)
    }
    // An orthonormal basis of the whitened means, by Gram and Schmidt: as good as eigenvectors,
    // for distances do not depend on the basis.
    var basis: [[Double]] = []
    for centre in centres {
      var direction = Self.solveLower(factor, zip(centre, grand).map { $0 - $1 })
      for _ in 0..<2 {
        for other in basis {
          let share = zip(direction, other).reduce(0) { $0 + $1.0 * $1.1 }
          for place in direction.indices { direction[place] -= share * other[place] }
        }
      }
      let length = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length > 1e-6, basis.count < labelCount - 1 else { continue }
      basis.append(direction.map { $0 / length })
    }
    projection = Matrix(rows: width, columns: max(1, basis.count))
    for (dimension, direction) in basis.enumerated() {
      for (row, value) in Self.solveUpper(factor, direction).enumerated() {
        projection[row, dimension] = Float(value)
      }
    }
    means = Matrix(rows: labelCount, columns: projection.columns)
    for (label, centre) in centres.enumerated() {
      let place = project(Matrix(row: centre.map(Float.init)))
      for (dimension, value) in place.elements.enumerated() { means[label, dimension] = value }
    }
  }

  init(projection: Matrix<Float>, means: Matrix<Float>) {
    self.projection = projection
    self.means = means
  }

  /// Sounds' places in the projected space: sounds × dimensions.
  ///
  /// - Parameter inputs: sounds × statistics.
  func project(_ inputs: Matrix<Float>) -> Matrix<Float> {
    precondition(inputs.columns == projection.rows, "the sounds have other statistics")
    var places = Matrix<Float>(rows: inputs.rows, columns: projection.columns)
    Float.multiply(
      MatrixProduct(
        rows: inputs.rows, columns: projection.columns, inner: inputs.columns,
        first: (false, inputs.columns), second: (false, projection.columns),
        resultStride: projection.columns),
      inputs.elements, projection.elements, into: &places.elements, beta: 0)
    return places
  }

  /// −½ of the squared distance of each place to each label's mean, over the spread: sounds × labels.
  ///
  /// - Parameter places: sounds × dimensions.
  func scores(
    _ places: Matrix<Float>, means: Matrix<Float>? = nil, spread: Float = spread
  ) -> Matrix<Float> {
    let means = means ?? self.means
    let (labels, dimensions) = (means.rows, means.columns)
    var scores = [Float](repeating: 0, count: places.rows * labels)
    for (row, start) in stride(from: 0, to: places.elements.count, by: dimensions).enumerated() {
      for label in 0..<labels {
        var distance: Float = 0
        for dimension in 0..<dimensions {
          let difference =
            places.elements[start + dimension] - means.elements[label * dimensions + dimension]
          distance += difference * difference
        }
        scores[row * labels + label] = -distance / (2 * spread)
      }
    }
    return Matrix(rows: places.rows, columns: labels, elements: scores)
  }

  /// The labels' means moved towards one speaker's sounds, whose labels nobody told: expectation
  /// and maximisation, each mean held back as by so many sounds at its own place (Gauvain and Lee
  /// 1994, doi 10.1109/89.279278).
  ///
  /// - Parameter places: the speaker's sounds × dimensions.
  func adapted(
    to places: Matrix<Float>, weight: Float = 4, rounds: Int = 8
  ) -> Matrix<Float> {
    var adapted = means
    let (labels, dimensions) = (means.rows, means.columns)
    let held = means.elements.map { $0 * weight }
    for _ in 0..<rounds {
      var shares = scores(places, means: adapted).elements
      Self.soften(&shares, width: labels)
      var sums = held
      var counts = [Float](repeating: weight, count: labels)
      for row in 0..<places.rows {
        for label in 0..<labels {
          let share = shares[row * labels + label]
          counts[label] += share
          for dimension in 0..<dimensions {
            sums[label * dimensions + dimension] +=
              share * places.elements[row * dimensions + dimension]
          }
        }
      }
      for place in sums.indices {
        adapted.elements[place] = sums[place] / counts[place / dimensions]
      }
    }
    return adapted
  }
}

extension VoiceDiscriminant {
  /// The softmax of each row, in its place.
  private static func soften(_ scores: inout [Float], width: Int) {
    for start in stride(from: 0, to: scores.count, by: width) {
      let row = start..<start + width
      let top = scores[row].reduce(-Float.infinity, max)
      var total: Float = 0
      for place in row {
        scores[place] = Float.exponential(scores[place] - top)
        total += scores[place]
      }
      for place in row { scores[place] /= total }
    }
  }

  private static func centres(
    _ inputs: Matrix<Float>, _ labels: [Int], _ labelCount: Int
  ) -> [[Double]] {
    var centres = [[Double]](
      repeating: [Double](repeating: 0, count: inputs.columns), count: labelCount)
    var counts = [Double](repeating: 0, count: labelCount)
    for (row, label) in labels.enumerated() {
      counts[label] += 1
      for column in 0..<inputs.columns { centres[label][column] += Double(inputs[row, column]) }
    }
    for label in centres.indices where counts[label] > 0 {
      for column in centres[label].indices { centres[label][column] /= counts[label] }
    }
    return centres
  }

  /// The covariance of what is left after each example's label's mean is taken away.
  private static func covariance(
    _ inputs: Matrix<Float>, _ labels: [Int], _ centres: [[Double]]
  ) -> [Double] {
    let width = inputs.columns
    var rest = inputs.elements
    for (row, label) in labels.enumerated() {
      for column in 0..<width { rest[row * width + column] -= Float(centres[label][column]) }
    }
    var product = [Float](repeating: 0, count: width * width)
    Float.multiply(
      MatrixProduct(
        rows: width, columns: width, inner: inputs.rows, first: (true, width),
        second: (false, width), resultStride: width), rest, rest, into: &product, beta: 0)
    return product.map { Double($0) / Double(max(1, inputs.rows)) }
  }

  /// The product of two stretches of a table, eight places at a time.
  private static func dot(
    _ a: UnsafeMutableBufferPointer<Double>, _ first: Int, _ second: Int, _ count: Int
  ) -> Double {
    typealias Lanes = SIMD8<Double>
    let bytes = UnsafeRawBufferPointer(a)
    var sums = Lanes.zero
    for group in 0..<count / 8 {
      let left: Lanes = bytes.loadUnaligned(fromByteOffset: 8 * first + 64 * group, as: Lanes.self)
      let right: Lanes = bytes.loadUnaligned(
        fromByteOffset: 8 * second + 64 * group, as: Lanes.self)
      sums += left * right
    }
    var sum = 0.0
    for lane in 0..<8 { sum += sums[lane] }
    for place in count / 8 * 8..<count { sum += a[first + place] * a[second + place] }
    return sum
  }

  /// Cholesky's factor L of L·Lᵀ, in place in the lower triangle.
  private static func factorise(_ matrix: inout [Double], _ width: Int) {
    matrix.withUnsafeMutableBufferPointer { a in
      for column in 0..<width {
        for row in column..<width {
          let sum = a[row * width + column] - dot(a, row * width, column * width, column)
          a[row * width + column] =
            row == column ? max(sum, 1e-12).squareRoot() : sum / a[column * width + column]
        }
      }
    }
  }

  private static func solveLower(_ factor: [Double], _ right: [Double]) -> [Double] {
    let width = right.count
    var x = right
    for row in 0..<width {
      for inner in 0..<row { x[row] -= factor[row * width + inner] * x[inner] }
      x[row] /= factor[row * width + row]
    }
    return x
  }

  private static func solveUpper(_ factor: [Double], _ right: [Double]) -> [Double] {
    let width = right.count
    var x = right
    for row in (0..<width).reversed() {
      for inner in (row + 1)..<max(width, row + 1) {
        x[row] -= factor[inner * width + row] * x[inner]
      }
      x[row] /= factor[row * width + row]
    }
    return x
  }
}
