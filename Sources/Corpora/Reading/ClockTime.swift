internal import Dialogues

/// Reads times as corpora write them.
enum ClockTime {
  /// Seconds from `h:mm:ss,mmm` (subtitles, MELD), `hh:mm:ss.mmm` (EmoryNLP), `m:ss` or plain
  /// seconds; `nil` for anything else.
  ///
  /// Hours may have any number of digits.
  static func seconds(_ text: String) -> Double? {
    var parts: [Double] = []
    var whole = 0.0
    var scale = 0.0
    var digits = 0
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39:
        digits += 1
        guard digits <= 15 else { return nil }
        if scale == 0 {
          whole = whole * 10 + Double(byte - 0x30)
        } else {
          whole = whole * 10 + Double(byte - 0x30)
          scale *= 10
        }
      case UInt8(ascii: ":"):
        guard digits > 0, scale == 0, parts.count < 2 else { return nil }
        parts.append(whole)
        whole = 0
        digits = 0
      case UInt8(ascii: "."), UInt8(ascii: ","):
        guard scale == 0 else { return nil }
        scale = 1
      default: return nil
      }
    }
    guard digits > 0 else { return nil }
    // One division of whole numbers: 49.7 stays the nearest Double to 49.7.
    let unit = max(scale, 1)
    return (parts.reduce(0) { ($0 + $1) * 60 } * unit + whole) / unit
  }

  /// Whether ``subtitle(_:)`` holds both times exactly.
  static func isWholeMilliseconds(_ span: TimeSpan) -> Bool {
    [span.start, span.end].allSatisfy {
      (0...3_600_000).contains($0) && ($0 * 1000).rounded() / 1000 == $0
    }
  }

  /// `hh:mm:ss,mmm`, the way MELD and subtitles have it.
  static func subtitle(_ seconds: Double) -> String {
    let milliseconds = Int((min(max(seconds, 0), 3_600_000) * 1000).rounded())
    let padded: (Int, Int) -> String = { value, width in
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return padded(milliseconds / 3_600_000, 2) + ":" + padded(milliseconds / 60_000 % 60, 2) + ":"
      + padded(milliseconds / 1000 % 60, 2) + "," + padded(milliseconds % 1000, 3)
  }
}
