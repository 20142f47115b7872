import Screen
import Testing

@testable import Terminal

@Suite("A terminal of nothing but ASCII")
struct ASCIIFallbackTests {
  @Test func `lines, bars and accents keep their shape`() {
    var frame = Frame(Size(columns: 12, rows: 3))
    frame.box(frame.bounds, title: "Zoë")
    frame.bar(0.5, at: Point(column: 1, row: 1), columns: 10)
    let shown = (0..<3).map { row in
      String(
        String.UnicodeScalarView(
          frame.row(row).filter { !$0.isContinuation }.map { asciiFallback(for: $0.glyph) }))
    }
    #expect(shown == ["+ Zoe -----+", "|#####     |", "+----------+"])
  }

  @Test func `everything becomes one printable ASCII character`() {
    for value in stride(from: UInt32(0xA1), to: 0x30000, by: 7) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      var frame = Frame(Size(columns: 12, rows: 1))
      frame.write(String(Character(scalar)), at: Point(column: 0, row: 0))
      let shown = asciiFallback(for: frame[0, 0].glyph)
      #expect((0x20..<0x7F).contains(shown.value), "\(value)")
    }
  }
}
