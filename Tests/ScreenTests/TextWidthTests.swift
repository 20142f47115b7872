import Glibc
import Testing

@testable import Screen

@Suite("Columns of text")
struct TextWidthTests {
  /// `wcwidth.wcswidth` of the PyPI package wcwidth 0.9.4 (Unicode 18.0.0) for each string.
  static let expected: [(String, Int)] = [
    ("a", 1), ("\u{E9}", 1), ("e\u{301}", 1), ("\u{65E5}", 2), ("\u{672C}", 2), ("\u{30FC}", 2),
    ("\u{FF11}", 2), ("\u{FF8A}", 1), ("\u{AC01}", 2), ("\u{1100}\u{1161}\u{11A8}", 2),
    ("\u{2460}", 1), ("\u{2026}", 1), ("\u{2500}", 1), ("\u{2588}", 1), ("\u{2581}", 1),
    ("\u{25B6}", 1), ("\u{266A}", 1), ("\u{21AF}", 1), ("\u{28FF}", 1), ("\u{B7}", 1),
    ("\u{1F642}", 2), ("\u{1F600}", 2), ("\u{1F44D}", 2), ("\u{1F44D}\u{1F3FD}", 2),
    ("\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}", 2), ("\u{1F469}\u{200D}\u{1F4BB}", 2),
    ("\u{1F3F3}\u{FE0F}\u{200D}\u{1F308}", 2), ("\u{1F3F4}\u{200D}\u{2620}\u{FE0F}", 2),
    ("\u{1F1E9}\u{1F1EA}", 2), ("\u{1F1EF}\u{1F1F5}", 2),
    ("\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}", 2), ("\u{2764}", 1),
    ("\u{2764}\u{FE0F}", 2), ("\u{263A}\u{FE0F}", 2), ("\u{2600}\u{FE0F}", 2),
    ("#\u{FE0F}\u{20E3}", 2), ("1\u{FE0F}\u{20E3}", 2), ("\u{231A}", 2), ("\u{2B50}", 2),
    ("\u{2122}", 1), ("\u{2122}\u{FE0F}", 2), ("\u{A9}", 1), ("\u{E01}\u{E47}", 1),
    ("\u{E01}\u{E33}", 2), ("\u{B95}\u{BBF}", 2), ("\u{915}\u{93F}", 2), ("\u{F1}", 1),
    ("\u{DF}", 1), ("\u{627}", 1), ("\u{5E9}", 1), ("\u{FDFA}", 1), ("\u{301C}", 2),
    ("\u{300A}", 2), ("\u{FF5E}", 2), ("\u{20AC}", 1), ("\u{B0}", 1), ("\u{1D49C}", 1),
    ("\u{20000}", 2), ("\u{3094}", 2), ("\u{304B}\u{3099}", 2), ("\u{FF76}\u{FF9E}", 2),
    ("\u{1F937}\u{200D}\u{2640}\u{FE0F}", 2), ("\u{26A0}\u{FE0F}", 2), ("\u{2705}", 2),
    ("\u{2714}\u{FE0F}", 2), ("\u{1FAE0}", 2), ("\u{2764}\u{FE0F}\u{200D}\u{1F525}", 2),
    ("\u{C5}", 1), ("\u{1EAD}", 1), ("\u{D39}\u{D3F}", 2),
  ]

  @Test func `letters, CJK, emoji, flags and marks take the columns that wcwidth says`() {
    for (text, columns) in Self.expected {
      #expect(text.columns == columns, "\(text) \(text.unicodeScalars.map { $0.value })")
    }
  }

  /// Where glibc 2.36 (Debian 12) differs from `EastAsianWidth.txt` of Unicode 18.0.0: it is older
  /// than Unicode 16, which made Yijing and Tai Xuan Jing signs and counting rods wide; it counts a
  /// regional indicator as one column; and it counts the Hangul filler and eight circled numbers of
  /// ambiguous width as two.
  static let differencesOfLibc: [ClosedRange<UInt32>] = [
    0x2630...0x2637, 0x268A...0x268F, 0x3164...0x3164, 0x3248...0x324F, 0x1D300...0x1D356,
    0x1D360...0x1D376, 0x1F1E6...0x1F1FF,
  ]

  @Test func `single scalars take the columns that libc says`() throws {
    let locale = try #require(newlocale(LC_CTYPE_MASK, "C.UTF-8", nil))
    let former = uselocale(locale)
    defer {
      uselocale(former)
      freelocale(locale)
    }
    // Glibc's module hides `wcwidth` behind a macro that Swift cannot set.
    let symbol = try #require(dlsym(nil, "wcwidth"))
    let wcwidth = unsafeBitCast(symbol, to: (@convention(c) (UInt32) -> Int32).self)
    var differing: [UInt32] = []
    var compared = 0
    for value in UInt32(0x20)...0x2FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      switch scalar.properties.generalCategory {
      case .control, .format, .nonspacingMark, .enclosingMark, .spacingMark, .unassigned,
        .privateUse, .lineSeparator, .paragraphSeparator:
        continue
      default: break
      }
      let libc = wcwidth(value)
      guard libc >= 1 else { continue }
      compared += 1
      if TextWidth.columns(of: Character(scalar)) != Int(libc) { differing.append(value) }
    }
    #expect(compared > 90_000)
    let unexplained = differing.filter { value in
      !Self.differencesOfLibc.contains { $0.contains(value) }
    }
    #expect(
      unexplained.isEmpty, "\(unexplained.prefix(40).map { String($0, radix: 16) })")
  }

  @Test func `a text selector leaves an emoji wide, as libc has it`() {
    #expect("\u{231A}\u{FE0E}".columns == 2)
  }

  @Test func `each letter of a Devanagari cluster has its column, as libc has it`() {
    #expect("\u{928}\u{94D}\u{926}\u{940}".columns == 3)
  }

  @Test func `nothing is as wide as nothing`() {
    #expect("".columns == 0)
    #expect("\u{200B}\u{FEFF}\u{AD}".columns == 0)
  }
}
