/// A safetensors file: named tensors and a few texts about them.
///
/// The format is eight bytes of header length, a JSON header, and the tensors' bytes
/// (github.com/huggingface/safetensors, README, "Format"). A file comes from a stranger: every
/// length, offset and shape is checked before anything is read by it.
public struct Safetensors: Equatable, Sendable {
  /// The tensors by name.
  public var tensors: [String: Tensor]
  /// The file's texts about itself.
  public var metadata: [String: String]

  /// Creates a file's content.
  public init(tensors: [String: Tensor] = [:], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// How the numbers of a tensor are stored, little-endian.
  public enum ElementType: String, Sendable, CaseIterable {
    /// Half precision.
    case half = "F16"
    /// Single precision.
    case single = "F32"
    /// Double precision.
    case double = "F64"
    /// Signed bytes.
    case byte = "I8"
    /// Signed 64-bit whole numbers.
    case long = "I64"
    /// Unsigned bytes, e.g. text.
    case unsignedByte = "U8"

    /// The size of one number in bytes.
    public var size: Int {
      switch self {
      case .byte, .unsignedByte: 1
      case .half: 2
      case .single: 4
      case .double, .long: 8
      }
    }
  }

  /// One tensor.
  public struct Tensor: Equatable, Sendable {
    /// How its numbers are stored.
    public var type: ElementType
    /// Its extents, outermost first; empty for a single number.
    public var shape: [Int]
    /// Its numbers as stored; of a file that was read, a part of the file's bytes and no copy.
    public var bytes: ArraySlice<UInt8>

    /// Creates a tensor.
    public init(type: ElementType, shape: [Int], bytes: [UInt8]) {
      self.init(type: type, shape: shape, bytes: bytes[...])
    }

    /// Creates a tensor from a part of other bytes.
    public init(type: ElementType, shape: [Int], bytes: ArraySlice<UInt8>) {
      self.type = type
      self.shape = shape
      self.bytes = bytes
    }
  }

  /// What is wrong with a file, as a clause: "its header …".
  public struct Malformed: Error, Equatable, CustomStringConvertible {
    /// The clause.
    public var description: String
    init(_ description: String) { self.description = description }
  }
}

extension Safetensors {
  /// The largest header the format's own reader accepts, in bytes.
  public static let headerLimit = 100_000_000

  /// Parses a file.
  ///
  /// - Throws: ``Malformed`` for anything the format does not allow: a header that is cut off, too
  ///   large or not JSON, unknown types, negative or overflowing extents, offsets that leave the
  ///   file, overlap, leave holes or do not fit the shape, and names that occur twice.
  public init(_ file: [UInt8]) throws(Malformed) {
    guard file.count >= 8 else { throw Malformed("it is shorter than its own header") }
    var length: UInt64 = 0
    for place in 0..<8 { length |= UInt64(file[place]) << (8 * UInt64(place)) }
    guard length <= UInt64(Self.headerLimit) else {
      throw Malformed("its header claims to be \(length) bytes long")
    }
    let start = 8 + Int(length)
    guard start <= file.count else { throw Malformed("it ends within its header") }
    guard let header = try? JSONReader.read(file[8..<start]), case .object(let members) = header
    else { throw Malformed("its header is not the JSON it should be") }
    self.init()
    var spans: [(range: Range<Int>, name: String)] = []
    var hasMetadata = false
    for member in members {
      let name = member.key
      guard case .object(let fields) = member.value else {
        throw Malformed("its header describes \(quotedJSON(name)) by something else than an object")
      }
      if name == "__metadata__" {
        guard !hasMetadata else { throw Malformed("its header holds its metadata twice") }
        hasMetadata = true
        try readMetadata(fields)
        continue
      }
      guard tensors[name] == nil else {
        throw Malformed("its header names the tensor \(quotedJSON(name)) twice")
      }
      let entry = try Entry(name: name, fields, available: file.count - start)
      spans.append((entry.range, name))
      tensors[name] = Tensor(
        type: entry.type, shape: entry.shape,
        bytes: file[start + entry.range.lowerBound..<start + entry.range.upperBound])
    }
    try Self.check(spans, cover: file.count - start)
  }

  private mutating func readMetadata(
    _ fields: [JSONNode.Member]
  ) throws(Malformed) {
    for field in fields {
      let key = field.key
      guard case .string(let text) = field.value, metadata[key] == nil else {
        throw Malformed("its metadata \(quotedJSON(key)) is not one text")
      }
      metadata[key] = text
    }
  }

  private static func check(
    _ spans: [(range: Range<Int>, name: String)], cover count: Int
  ) throws(Malformed) {
    var end = 0
    for (range, name) in spans.sorted(by: {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }) {
      guard range.lowerBound >= end else {
        throw Malformed("the tensor \(quotedJSON(name)) overlaps another")
      }
      guard range.lowerBound == end else {
        throw Malformed("there is a hole before the tensor \(quotedJSON(name))")
      }
      end = range.upperBound
    }
    guard end == count else { throw Malformed("there are bytes after its last tensor") }
  }
}

/// The header's description of one tensor.
private struct Entry {
  var type: Safetensors.ElementType
  var shape: [Int]
  var range: Range<Int>

  init(
    name: String, _ fields: [JSONNode.Member], available: Int
  ) throws(Safetensors.Malformed) {
    let quoted = quotedJSON(name)
    guard fields.count == 3, let typeName = fields.text("dtype"),
      let extents = fields.numbers("shape"), let offsets = fields.numbers("data_offsets")
    else {
      throw Safetensors.Malformed(
        "its header does not describe the tensor \(quoted) by type, shape and two offsets")
    }
    guard let known = Safetensors.ElementType(rawValue: typeName) else {
      throw Safetensors.Malformed(
        "the tensor \(quoted) has the unknown type \(quotedJSON(typeName))")
    }
    var size = known.size
    for extent in extents {
      let product = size.multipliedReportingOverflow(by: extent)
      guard !product.overflow else {
        throw Safetensors.Malformed("the shape of the tensor \(quoted) makes no sense")
      }
      size = product.partialValue
    }
    guard offsets.count == 2, offsets[0] <= offsets[1], offsets[1] <= available else {
      throw Safetensors.Malformed(
        "the tensor \(quoted) lies outside the file, which may be cut off")
    }
    guard offsets[1] - offsets[0] == size else {
      throw Safetensors.Malformed(
        "the tensor \(quoted) does not have as many bytes as its shape needs")
    }
    type = known
    shape = extents
    range = offsets[0]..<offsets[1]
  }
}

extension [JSONNode.Member] {
  /// The text of a key.
  fileprivate func text(_ key: String) -> String? {
    guard let value = first(where: { $0.key == key })?.value, case .string(let text) = value
    else { return nil }
    return text
  }

  /// The whole numbers of a key.
  fileprivate func numbers(_ key: String) -> [Int]? {
    guard let value = first(where: { $0.key == key })?.value, case .array(let elements) = value
    else { return nil }
    var numbers: [Int] = []
    for element in elements {
      guard case .integer(let number) = element else { return nil }
      numbers.append(number)
    }
    return numbers
  }
}

extension Safetensors {
  /// The file's bytes: tensors in order of element size and name, as the format's own writer has
  /// them, so that equal contents give equal files.
  public func encoded() -> [UInt8] {
    let order = tensors.sorted {
      ($1.value.type.size, $0.key) < ($0.value.type.size, $1.key)
    }
    var members: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key < $1.key }.map {
        "\(quotedJSON($0.key)):\(quotedJSON($0.value))"
      }
      members.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
    }
    var offset = 0
    for (name, tensor) in order {
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      let end = offset + tensor.bytes.count
      members.append(
        "\(quotedJSON(name)):{\"dtype\":\"\(tensor.type.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var header = Array("{\(members.joined(separator: ","))}".utf8)
    header += [UInt8](repeating: 0x20, count: (8 - header.count % 8) % 8)
    var bytes = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    bytes.reserveCapacity(8 + header.count + offset)
    bytes += header
    for (_, tensor) in order { bytes += tensor.bytes }
    return bytes
  }
}
