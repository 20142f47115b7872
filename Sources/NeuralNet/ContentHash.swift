/// A hash of bytes that come in parts: XXH64 (github.com/Cyan4973/xxHash, doc/xxhash_spec.md).
///
/// Fast enough for a folder of weights; tells contents apart, and is no protection against someone
/// who wants two of them to look alike.
public struct ContentHash: Sendable {
  private let seed: UInt64
  private var lanes: (UInt64, UInt64, UInt64, UInt64)
  private var rest: [UInt8] = []
  private var count: UInt64 = 0

  /// Creates the hash of nothing.
  public init(seed: UInt64 = 0) {
    self.seed = seed
    lanes = (seed &+ Self.p1 &+ Self.p2, seed &+ Self.p2, seed, seed &- Self.p1)
    rest.reserveCapacity(32)
  }

  private static let p1: UInt64 = 0x9E37_79B1_85EB_CA87
  private static let p2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
  private static let p3: UInt64 = 0x1656_67B1_9E37_79F9
  private static let p4: UInt64 = 0x85EB_CA77_C2B2_AE63
  private static let p5: UInt64 = 0x27D4_EB2F_1656_67C5

  /// Takes bytes in.
  public mutating func add(_ bytes: UnsafeRawBufferPointer) {
    count &+= UInt64(bytes.count)
    var place = 0
    if !rest.isEmpty {
      place = min(bytes.count, 32 - rest.count)
      rest.append(contentsOf: bytes[..<place])
      guard rest.count == 32 else { return }
      rest.withUnsafeBytes { takeStripe($0, 0) }
      rest.removeAll(keepingCapacity: true)
    }
    while place + 32 <= bytes.count {
      takeStripe(bytes, place)
      place += 32
    }
    rest.append(contentsOf: bytes[place...])
  }

  /// Takes the bytes of an array in.
  public mutating func add<Element: BitwiseCopyable>(_ elements: [Element]) {
    elements.withUnsafeBytes { add($0) }
  }

  /// Takes a text in, so that two texts one after the other are not one longer text.
  public mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      add([UInt64(bytes.count).littleEndian])
      add(UnsafeRawBufferPointer(bytes))
    }
  }

  private mutating func takeStripe(_ bytes: UnsafeRawBufferPointer, _ place: Int) {
    lanes.0 = Self.round(lanes.0, Self.word(bytes, place))
    lanes.1 = Self.round(lanes.1, Self.word(bytes, place + 8))
    lanes.2 = Self.round(lanes.2, Self.word(bytes, place + 16))
    lanes.3 = Self.round(lanes.3, Self.word(bytes, place + 24))
  }

  private static func word(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> UInt64 {
    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
  }

  private static func rotated(_ value: UInt64, _ bits: UInt64) -> UInt64 {
    value << bits | value >> (64 - bits)
  }

  private static func round(_ lane: UInt64, _ word: UInt64) -> UInt64 {
    rotated(lane &+ word &* p2, 31) &* p1
  }

  /// The hash of everything taken in so far.
  public var value: UInt64 {
    var hash: UInt64
    if count >= 32 {
      hash =
        Self.rotated(lanes.0, 1) &+ Self.rotated(lanes.1, 7) &+ Self.rotated(lanes.2, 12)
        &+ Self.rotated(lanes.3, 18)
      for lane in [lanes.0, lanes.1, lanes.2, lanes.3] {
        hash = (hash ^ Self.round(0, lane)) &* Self.p1 &+ Self.p4
      }
    } else {
      hash = seed &+ Self.p5
    }
    hash &+= count
    rest.withUnsafeBytes { bytes in
      var place = 0
      while place + 8 <= bytes.count {
        hash = Self.rotated(hash ^ Self.round(0, Self.word(bytes, place)), 27) &* Self.p1 &+ Self.p4
        place += 8
      }
      if place + 4 <= bytes.count {
        let word = UInt32(
          littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
        hash = Self.rotated(hash ^ UInt64(word) &* Self.p1, 23) &* Self.p2 &+ Self.p3
        place += 4
      }
      while place < bytes.count {
        hash = Self.rotated(hash ^ UInt64(bytes[place]) &* Self.p5, 11) &* Self.p1
        place += 1
      }
    }
    hash = (hash ^ hash >> 33) &* Self.p2
    hash = (hash ^ hash >> 29) &* Self.p3
    return hash ^ hash >> 32
  }

  /// The hash as sixteen hexadecimal digits.
  public var digits: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
