/// A matrix as it is stored in bytes, each row scaled: `element = byte · scale`.
///
/// A checkpoint's largest weight is a table of which a text looks up a few rows; as floats it would take
/// four times as much for as long as the program is open.
public struct ByteTable: Equatable, Sendable {
  /// How many rows there are.
  public let rows: Int
  /// How long a row is.
  public let columns: Int
  /// The bytes, row after row.
  public let bytes: [Int8]
  /// A scale for each row.
  public let scales: [Float]

  /// Creates a table.
  ///
  /// - Precondition: there is a byte for each element and a scale for each row.
  public init(rows: Int, columns: Int, bytes: [Int8], scales: [Float]) {
    precondition(bytes.count == rows * columns && scales.count == rows, "the sizes do not fit")
    self.rows = rows
    self.columns = columns
    self.bytes = bytes
    self.scales = scales
  }

  /// All its elements.
  public var matrix: Matrix<Float> {
    Matrix(rows: rows, columns: columns) { gather(Array(0..<rows), into: $0) }
  }

  /// Copies some of the rows; leaves alone what belongs to a row of −1.
  func gather(_ chosen: [Int], into result: UnsafeMutablePointer<Float>) {
    bytes.withUnsafeBufferPointer { bytes in
      for (place, row) in chosen.enumerated() where row >= 0 {
        let target = result + place * columns
        let scale = scales[row]
        for column in 0..<columns { target[column] = Float(bytes[row * columns + column]) * scale }
      }
    }
  }
}

extension ContentHash {
  /// Adds a table.
  public mutating func add(_ table: ByteTable) {
    add(table.bytes)
    add(table.scales)
  }
}
