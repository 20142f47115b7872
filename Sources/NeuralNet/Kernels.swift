// The inner loops. A generic function is slow when it is called from another module, so each is
// compiled for both number types here and chosen by one check at its entry; everything above
// stays generic and costs a few microseconds an operation.

@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
func addInto<T: NeuralScalar>(
  _ target: UnsafeMutablePointer<T>, _ source: UnsafePointer<T>, _ count: Int, scale: T = 1
) {
  for place in 0..<count { target[place] += source[place] * scale }
}

@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
func addProductInto<T: NeuralScalar>(
  _ target: UnsafeMutablePointer<T>, _ a: UnsafePointer<T>, _ b: UnsafePointer<T>, _ count: Int
) {
  for place in 0..<count { target[place] += a[place] * b[place] }
}

/// Adds one row to each row of a matrix.
@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
func addRowInto<T: NeuralScalar>(
  _ target: UnsafeMutablePointer<T>, _ row: UnsafePointer<T>, rows: Int, columns: Int
) {
  for index in 0..<rows {
    let line = target + index * columns
    for column in 0..<columns { line[column] += row[column] }
  }
}

/// Adds the sum of all rows of a matrix to one row.
@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
func addColumnSumsInto<T: NeuralScalar>(
  _ target: UnsafeMutablePointer<T>, _ source: UnsafePointer<T>, rows: Int, columns: Int
) {
  for index in 0..<rows {
    let line = source + index * columns
    for column in 0..<columns { target[column] += line[column] }
  }
}

/// Multiplies each row of a matrix by a number of its own.
@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
func scaleEachRow<T: NeuralScalar>(
  _ target: UnsafeMutablePointer<T>, _ scales: UnsafePointer<T>, rows: Int, columns: Int
) {
  for row in 0..<rows {
    let line = target + row * columns
    for column in 0..<columns { line[column] *= scales[row] }
  }
}

/// Copies or adds a block of columns from one matrix to another.
@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
func addBlockInto<T: NeuralScalar>(
  _ target: UnsafeMutablePointer<T>, targetStride: Int, _ source: UnsafePointer<T>,
  sourceStride: Int, rows: Int, columns: Int
) {
  for row in 0..<rows {
    let to = target + row * targetStride
    let from = source + row * sourceStride
    for column in 0..<columns { to[column] += from[column] }
  }
}

/// The sum of products, in four strands so that additions need not wait for each other.
@inline(__always)
func dot<T: NeuralScalar>(_ a: UnsafePointer<T>, _ b: UnsafePointer<T>, _ count: Int) -> T {
  var s0: T = 0
  var s1: T = 0
  var s2: T = 0
  var s3: T = 0
  var place = 0
  while place + 4 <= count {
    s0 += a[place] * b[place]
    s1 += a[place + 1] * b[place + 1]
    s2 += a[place + 2] * b[place + 2]
    s3 += a[place + 3] * b[place + 3]
    place += 4
  }
  while place < count {
    s0 += a[place] * b[place]
    place += 1
  }
  return (s0 + s1) + (s2 + s3)
}

/// The logistic function, without overflow for any argument.
@inline(__always)
func sigmoid<T: NeuralScalar>(_ x: T) -> T {
  if x >= 0 { return 1 / (1 + T.exponential(-x)) }
  let e = T.exponential(x)
  return e / (1 + e)
}

/// ln σ(x), without overflow or cancellation for any argument.
@inline(__always)
func logSigmoid<T: NeuralScalar>(_ x: T) -> T {
  x >= 0 ? -T.logarithm(1 + T.exponential(-x)) : x - T.logarithm(1 + T.exponential(x))
}

/// So many equal numbers.
///
/// The array's own initialiser is slow for a type it does not know.
@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
func filled<T: NeuralScalar>(with value: T, count: Int) -> [T] {
  [T](unsafeUninitializedCapacity: count) { buffer, filled in
    for place in 0..<count { buffer.initializeElement(at: place, to: value) }
    filled = count
  }
}
