/// A hash of texts to compare contents by: FNV-1a (Fowler, Noll, Vo) with 64 bits.
///
/// Not a defence against someone who wants two contents to look the same.
struct Fingerprint {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  /// Adds a text, closed by a byte that UTF-8 does not use.
  mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      for byte in bytes { add(byte) }
    }
    add(0xFF)
  }

  private mutating func add(_ byte: UInt8) {
    value = (value ^ UInt64(byte)) &* 0x100_0000_01b3
  }
}
