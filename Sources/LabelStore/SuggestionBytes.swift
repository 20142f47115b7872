/// The numbers of a suggestion as bytes, little-endian.
///
/// With a million turns they are most of the file, and nobody reads seven digits of twenty turns in `sqlite3`. What one wants to read there,
/// the best label and its probability, has columns of its own.
enum SuggestionBytes {
  /// A turn's place in the dialogue and its contribution: eight bytes.
  struct Influence: Equatable {
    var place: Int
    var value: Float
  }

  static func bytes(of numbers: [Double]) -> [UInt8] {
    numbers.flatMap { bytes(of: $0.bitPattern) }
  }

  static func doubles(_ bytes: [UInt8]) -> [Double] {
    stride(from: 0, to: bytes.count / 8 * 8, by: 8).map { offset in
      Double(bitPattern: number(bytes[offset..<offset + 8]))
    }
  }

  static func bytes(of influences: [Influence]) -> [UInt8] {
    influences.flatMap { bytes(of: UInt32($0.place)) + bytes(of: $0.value.bitPattern) }
  }

  static func influences(_ bytes: [UInt8]) -> [Influence] {
    stride(from: 0, to: bytes.count / 8 * 8, by: 8).map { offset in
      Influence(
        place: Int(number(bytes[offset..<offset + 4]) as UInt32),
        value: Float(bitPattern: number(bytes[offset + 4..<offset + 8])))
    }
  }

  private static func bytes(of number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { [UInt8]($0) }
  }

  private static func number<N: FixedWidthInteger>(_ bytes: ArraySlice<UInt8>) -> N {
    bytes.reversed().reduce(0) { $0 << 8 | N($1) }
  }
}
