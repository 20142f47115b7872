/// How bytes of unknown upbringing become text.
enum TextDecoding {
  /// Windows-1252's characters for 0x80 to 0x9F, from unicode.org's `CP1252.TXT`; the five bytes it
  /// leaves undefined stand for the control characters of the same number, as browsers do.
  private static let upper: [UInt32] = [
    0x20AC, 0x81, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039,
    0x152, 0x8D, 0x17D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC,
    0x2122, 0x161, 0x203A, 0x153, 0x9D, 0x17E, 0x178,
  ]

  /// Bytes as UTF-8, else as Windows-1252 (Latin-1 with letters in place of its second set of
  /// control characters), which never fails.
  static func decode(_ bytes: ArraySlice<UInt8>) -> (text: String, isUTF8: Bool) {
    bytes.withUnsafeBufferPointer { decode($0[...]) }
  }

  /// The same for a part of a buffer.
  static func decode(
    _ bytes: Slice<UnsafeBufferPointer<UInt8>>
  ) -> (text: String, isUTF8: Bool) {
    let bytes = UnsafeBufferPointer(rebasing: bytes)
    // Most cells are ASCII, and this is the fastest way to make a string of them.
    if bytes.allSatisfy({ $0 < 0x80 }) { return (String(decoding: bytes, as: UTF8.self), true) }
    if let text = String(validating: bytes, as: UTF8.self) { return (text, true) }
    var text = ""
    for byte in bytes { text.unicodeScalars.append(character(byte)) }
    return (text, false)
  }

  /// A whole document as UTF-8: UTF-16 by its byte order mark, else as ``decode(_:)`` reads it.
  ///
  /// Praat writes UTF-16 as soon as a text is not ASCII.
  static func document(_ bytes: [UInt8]) -> (text: [UInt8], isClean: Bool) {
    let isLittle = bytes.starts(with: [0xFF, 0xFE])
    if isLittle || bytes.starts(with: [0xFE, 0xFF]) {
      var units: [UInt16] = []
      units.reserveCapacity(bytes.count / 2)
      for place in stride(from: 2, to: bytes.count - 1, by: 2) {
        let (first, second) = (UInt16(bytes[place]), UInt16(bytes[place + 1]))
        units.append(isLittle ? second << 8 | first : first << 8 | second)
      }
      let text = String(validating: units, as: UTF16.self)
      return (
        Array((text ?? String(decoding: units, as: UTF16.self)).utf8),
        text != nil && bytes.count % 2 == 0
      )
    }
    let rest = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    let (text, isUTF8) = decode(rest)
    return (Array(text.utf8), isUTF8)
  }

  private static func character(_ byte: UInt8) -> Unicode.Scalar {
    guard (0x80..<0xA0).contains(byte) else { return Unicode.Scalar(byte) }
    return Unicode.Scalar(upper[Int(byte) - 0x80]) ?? Unicode.Scalar(byte)
  }

  /// The Windows-1252 byte of a character; control characters U+0080 to U+009F, which some copies
  /// hold in its place, count as their own number.
  private static func byte(_ scalar: Unicode.Scalar) -> UInt8? {
    if scalar.value < 0x100 { return UInt8(scalar.value) }
    return upper.firstIndex(of: scalar.value).map { UInt8(0x80 + $0) }
  }

  /// Text whose UTF-8 was once taken for Windows-1252, or whose Windows-1252 for Latin-1, set right;
  /// `nil` where nothing is wrong with it.
  ///
  /// Copies of MELD show both: `â€™` for `’`, and U+0092 for `’`. Only sequences that are UTF-8 when
  /// turned back are touched. MELT's has in places lost the `â` as well (`I€™m`): with
  /// `isHalved`, those are repaired too, where only a typographic character can be meant.
  static func repaired(_ text: String, isHalved: Bool = false) -> String? {
    guard mayBeDamaged(text.utf8, isHalved: isHalved) else { return nil }
    let scalars = Array(text.unicodeScalars)
    var result = String.UnicodeScalarView()
    var changed = false
    var place = 0
    while place < scalars.count {
      let scalar = scalars[place]
      if scalar.value >= 0x80, let first = byte(scalar) {
        if let (original, length) = sequence(scalars, at: place, first: first, isHalved: isHalved) {
          result.append(original)
          place += length
          changed = true
          continue
        }
        if (0x80..<0xA0).contains(scalar.value), character(first) != scalar {
          result.append(character(first))
          place += 1
          changed = true
          continue
        }
      }
      result.append(scalar)
      place += 1
    }
    return changed ? String(result) : nil
  }

  /// Whether text holds any character that damage begins with: a second set of control characters, a
  /// letter whose Windows-1252 byte begins a sequence, or, halved, a euro sign.
  private static func mayBeDamaged(_ text: String.UTF8View, isHalved: Bool) -> Bool {
    var before: UInt8 = 0
    for byte in text {
      switch before {
      case 0xC2 where byte < 0xA0: return true
      case 0xC3 where byte >= 0x82: return true
      case 0xE2 where isHalved && byte == 0x82: return true
      default: before = byte
      }
    }
    return false
  }

  /// The character that the bytes behind the characters from `place` on spell in UTF-8.
  private static func sequence(
    _ scalars: [Unicode.Scalar], at place: Int, first: UInt8, isHalved: Bool
  ) -> (Unicode.Scalar, Int)? {
    let length =
      switch first {
      case 0xC2...0xDF: 2
      case 0xE0...0xEF: 3
      case 0xF0...0xF4: 4
      default: 0
      }
    if length > 0, place + length <= scalars.count {
      var bytes: [UInt8] = []
      for scalar in scalars[place..<place + length] {
        guard let byte = byte(scalar) else { return nil }
        bytes.append(byte)
      }
      guard let text = String(validating: bytes, as: UTF8.self),
        let only = text.unicodeScalars.first
      else { return nil }
      return (only, length)
    }
    if isHalved, first == 0x80, place + 1 < scalars.count, let last = byte(scalars[place + 1]),
      [0x93, 0x94, 0x98, 0x99, 0x9C, 0x9D, 0xA6].contains(last),
      let only = Unicode.Scalar(0x2000 + UInt32(last & 0x3F))
    {
      return (only, 2)
    }
    return nil
  }
}
