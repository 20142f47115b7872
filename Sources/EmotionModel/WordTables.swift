internal import NeuralNet

/// First values for tables of words and n-grams from another encoder's vectors of words.
///
/// Words get the vectors' principal components, as many as a table has columns; an n-gram gets the
/// mean of the words it occurs in, so that a word never seen starts near those spelt like it.
struct WordTables {
  private var vocabulary: Vocabulary
  private var vectors: Matrix<Float>

  /// The standard deviation of the elements of what a table starts with.
  private static let deviation: Float = 0.2

  /// - Parameter vectors: one for each word of the vocabulary, of one length.
  init(vocabulary: Vocabulary, vectors: [[Float]]) {
    precondition(vectors.count == vocabulary.words.count, "one vector a word is needed")
    self.vocabulary = vocabulary
    let width = vectors.first?.count ?? 0
    var mean = [Float](repeating: 0, count: width)
    for vector in vectors {
      for (place, number) in vector.enumerated() { mean[place] += number / Float(vectors.count) }
    }
    self.vectors = Matrix(
      rows: vectors.count, columns: width,
      elements: vectors.flatMap { zip($0, mean).map { $0 - $1 } })
  }

  /// Fills the tables of a tower.
  func fill(_ tower: TextEncoderNetwork, in weights: inout Weights<Float>) {
    let width = tower.shape.embedding
    guard vectors.rows > 1, width <= vectors.columns else { return }
    let words = components(width)
    var grams = Matrix<Float>(rows: tower.buckets, columns: width)
    var counts = [Float](repeating: 1, count: tower.buckets)
    for (row, word) in vocabulary.words.enumerated() {
      let token = Tokenizer.Token(word: word, isShouted: false)
      for bucket in Tokenizer.buckets(of: token, count: tower.buckets) {
        counts[Int(bucket)] += 1
        for column in 0..<width { grams[Int(bucket), column] += words[row, column] }
      }
    }
    for bucket in 0..<tower.buckets {
      for column in 0..<width { grams[bucket, column] /= counts[bucket] }
    }
    weights["\(tower.name).words"] = words
    weights["\(tower.name).grams"] = grams
  }

  /// The principal components of the vectors, scaled to ``deviation`` over all.
  private func components(_ width: Int) -> Matrix<Float> {
    let inner = vectors.columns
    var covariance = Matrix<Float>(rows: inner, columns: inner)
    Float.multiply(
      MatrixProduct(
        rows: inner, columns: inner, inner: vectors.rows, first: (true, inner),
        second: (false, inner), resultStride: inner), vectors.elements, vectors.elements,
      into: &covariance.elements, beta: 0)
    let basis = leadingSubspace(of: covariance, dimensions: width)
    var projected = Matrix<Float>(rows: vectors.rows, columns: width)
    Float.multiply(
      MatrixProduct(
        rows: vectors.rows, columns: width, inner: inner, first: (false, inner),
        second: (true, inner), resultStride: width), vectors.elements, basis.elements,
      into: &projected.elements, beta: 0)
    let square = projected.elements.reduce(0) { $0 + $1 * $1 } / Float(projected.elements.count)
    let scale = square > 0 ? Self.deviation / square.squareRoot() : 0
    projected.elements = projected.elements.map { $0 * scale }
    return projected
  }
}

/// An orthonormal basis, one vector a row, of the space of the largest eigenvalues of a symmetric
/// matrix without negative ones, by orthogonal iteration (Golub and Van Loan, Matrix Computations,
/// section 8.2.4).
///
/// Nearly equal eigenvalues may be mixed, which does not matter to what spans the space.
func leadingSubspace(of matrix: Matrix<Float>, dimensions: Int) -> Matrix<Float> {
  let size = matrix.columns
  var random = RandomSource(seed: 1)
  var basis = Matrix<Float>(rows: dimensions, columns: size, deviation: 1, using: &random)
  for _ in 0..<60 {
    orthonormalise(&basis)
    var next = Matrix<Float>(rows: dimensions, columns: size)
    Float.multiply(
      MatrixProduct(
        rows: dimensions, columns: size, inner: size, first: (false, size),
        second: (false, size), resultStride: size), basis.elements, matrix.elements,
      into: &next.elements, beta: 0)
    basis = next
  }
  orthonormalise(&basis)
  return basis
}

/// Makes rows orthogonal to each other and of length 1 (modified Gram and Schmidt).
private func orthonormalise(_ rows: inout Matrix<Float>) {
  let width = rows.columns
  rows.elements.withUnsafeMutableBufferPointer { elements in
    for row in 0..<elements.count / max(1, width) {
      let own = row * width
      for earlier in stride(from: 0, to: own, by: width) {
        var product: Float = 0
        for i in 0..<width { product += elements[own + i] * elements[earlier + i] }
        for i in 0..<width { elements[own + i] -= product * elements[earlier + i] }
      }
      var square: Float = 0
      for i in 0..<width { square += elements[own + i] * elements[own + i] }
      let scale = square > 0 ? 1 / square.squareRoot() : 0
      for i in 0..<width { elements[own + i] *= scale }
    }
  }
}
