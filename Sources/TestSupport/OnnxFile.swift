/// Writes small models in ONNX's format, a message of Protocol Buffers
/// (github.com/onnx/onnx, onnx/onnx.proto), so that no other program is needed to make one.
public enum OnnxFile {
  /// Types of numbers: single precision, and whole numbers of 64 bits.
  public static let (float, long): (UInt64, UInt64) = (1, 7)

  /// A node with whole numbers as attributes.
  public static func node(
    _ type: String, _ inputs: [String], _ output: String, _ attributes: [String: [Int]] = [:],
    isList: Bool = true
  ) -> [UInt8] {
    var bytes = inputs.flatMap { field(1, $0) } + field(2, output) + field(4, type)
    for (name, values) in attributes.sorted(by: { $0.key < $1.key }) {
      let isList = isList && name == "axes"
      bytes += field(
        5,
        field(1, name)
          + (isList
            ? values.flatMap { field(8, UInt64($0)) } + field(20, 7)
            : field(3, UInt64(values[0])) + field(20, 2)))
    }
    return bytes
  }

  /// A matrix of weights.
  public static func weights(_ name: String, rows: Int, columns: Int, _ values: [Float]) -> [UInt8]
  {
    let raw = values.flatMap { value in
      withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
    }
    return field(1, UInt64(rows)) + field(1, UInt64(columns)) + field(2, float) + field(8, name)
      + field(9, raw)
  }

  /// What goes in or comes out.
  public static func port(_ name: String, _ type: UInt64, _ extents: [Int]) -> [UInt8] {
    let shape = extents.flatMap { extent in
      field(1, extent < 0 ? field(2, "any") : field(1, UInt64(extent)))
    }
    return field(1, name) + field(2, field(1, field(1, type) + field(2, shape)))
  }

  /// A whole model.
  public static func model(
    nodes: [[UInt8]], weights: [[UInt8]], inputs: [[UInt8]], outputs: [[UInt8]]
  ) -> [UInt8] {
    let graph =
      nodes.flatMap { field(1, $0) } + field(2, "test") + weights.flatMap { field(5, $0) }
      + inputs.flatMap { field(11, $0) } + outputs.flatMap { field(12, $0) }
    return field(1, 7) + field(7, graph) + field(8, field(1, "") + field(2, 13))
  }

  private static func varint(_ value: UInt64) -> [UInt8] {
    var (rest, bytes) = (value, [UInt8]())
    repeat {
      bytes.append(UInt8(rest & 0x7F) | (rest > 0x7F ? 0x80 : 0))
      rest >>= 7
    } while rest > 0
    return bytes
  }

  private static func field(_ number: UInt64, _ value: UInt64) -> [UInt8] {
    varint(number << 3) + varint(value)
  }

  private static func field(_ number: UInt64, _ bytes: [UInt8]) -> [UInt8] {
    varint(number << 3 | 2) + varint(UInt64(bytes.count)) + bytes
  }

  private static func field(_ number: UInt64, _ text: String) -> [UInt8] {
    field(number, Array(text.utf8))
  }
}
