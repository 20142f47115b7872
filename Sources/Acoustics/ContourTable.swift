internal import Glibc

/// Contours of one sound side by side, each in deviations from its mean: what relates them to
/// each other and to themselves a little later.
struct ContourTable {
  /// How many values a contour has.
  let count: Int
  private let stride: Int
  private var values: [Float] = []

  /// The longest delay that contours may be related over.
  static let longestDelay = 20

  /// - Parameter count: how many values each contour has.
  init(count: Int) {
    self.count = count
    // Zeros behind each contour: vectors may reach beyond its end, and delayed ones do.
    stride = (count + 7) / 8 * 8 + (Self.longestDelay + 7) / 8 * 8
  }

  /// Adds a contour.
  ///
  /// What varies less than a tenth counts as varying that much, so that noise in what stands still
  /// is not taken for a course.
  mutating func add(_ contour: [Float]) {
    let total = Float(count)
    let mean = sum(of: contour) { $0 } / total
    let squares = sum(of: contour) { ($0 - mean) * ($0 - mean) }
    let scale = 1 / ((squares / total).squareRoot() + 0.1)
    let start = values.count
    values.append(contentsOf: contour.map { ($0 - mean) * scale })
    values.append(contentsOf: repeatElement(0, count: start + stride - values.count))
  }

  /// The correlation of a contour with another one some values later, over ``count``.
  func correlation(_ first: Int, _ second: Int, delay: Int = 0) -> Float {
    values.withUnsafeBytes { bytes in
      typealias Lanes = SIMD8<Float>
      let (a, b) = (4 * first * stride, 4 * (second * stride + delay))
      var sums = Lanes.zero
      for offset in Swift.stride(from: 0, to: 4 * count, by: 32) {
        sums +=
          bytes.loadUnaligned(fromByteOffset: a + offset, as: Lanes.self)
          * bytes.loadUnaligned(fromByteOffset: b + offset, as: Lanes.self)
      }
      return sums.total / Float(count)
    }
  }
}

/// How a contour changes: the slope of a regression over two values on either side (The HTK Book,
/// equation 5.16).
func changes(of contour: [Float]) -> [Float] {
  guard let first = contour.first, let last = contour.last else { return [] }
  let padded = [first, first] + contour + [last, last]
  return padded.withUnsafeBufferPointer { x in
    (0..<contour.count).map { (x[$0 + 3] - x[$0 + 1] + 2 * (x[$0 + 4] - x[$0])) / 10 }
  }
}
