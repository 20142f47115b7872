import TestSupport
import Testing

@testable import Screen

@Suite("Frames")
struct FrameTests {
  @Test func `text is written where it belongs and says how many columns it took`() {
    var frame = Frame(Size(columns: 10, rows: 2))
    let used = frame.write("日本 ok", at: Point(column: 1, row: 1), scope: "turn")
    #expect(used == 7)
    #expect(frame.text == "\n 日本 ok")
    #expect(frame[1, 1].columns == 2)
    #expect(frame[2, 1].isContinuation)
    #expect(frame[1, 1].scope == "turn")
    #expect(frame[0, 1].scope == .text)
  }

  @Test func `a wide glyph that does not fit is left out`() {
    var frame = Frame(Size(columns: 4, rows: 1))
    #expect(frame.write("a日本", at: Point(column: 0, row: 0)) == 3)
    #expect(frame.text == "a日")
    #expect(frame.write("日本", at: Point(column: 0, row: 0), maxColumns: 3) == 2)
  }

  @Test func `writing over half of a wide glyph blanks the other half`() {
    var frame = Frame(Size(columns: 4, rows: 1))
    frame.write("日本", at: Point(column: 0, row: 0), scope: "turn")
    frame.write("x", at: Point(column: 1, row: 0))
    #expect(frame.text == " x本")
    frame.write("y", at: Point(column: 2, row: 0))
    #expect(frame.text == " xy")
    frame.write("日", at: Point(column: 0, row: 0))
    frame.fill(Rect(column: 1, row: 0, columns: 1, rows: 1), with: "z")
    #expect(frame.text == " zy")
  }

  @Test func `what lies outside is cut off`() {
    var frame = Frame(Size(columns: 4, rows: 2))
    frame.write("abc", at: Point(column: -1, row: 0))
    frame.write("日本", at: Point(column: -1, row: 1))
    frame.write("no", at: Point(column: 0, row: -1))
    frame.write("no", at: Point(column: 0, row: 2))
    frame.write("no", at: Point(column: 4, row: 0))
    frame.fill(Rect(column: -5, row: -5, columns: 3, rows: 3), with: "#")
    #expect(frame.text == "bc\n 本")
  }

  @Test func `a backdrop stays behind what is written later`() {
    var frame = Frame(Size(columns: 6, rows: 1))
    frame.backdrop(frame.bounds, scope: "turn.current")
    frame.write("joy", at: Point(column: 0, row: 0), scope: "emotion.joy")
    #expect(frame[0, 0].scope == "emotion.joy")
    #expect(frame[0, 0].backdrop == "turn.current")
    #expect(frame[5, 0].backdrop == "turn.current")
    frame.fill(frame.bounds)
    #expect(frame[0, 0].backdrop == .text)
  }

  @Test func `a bar is as long as its fraction, to an eighth of a cell`() {
    func bar(_ fraction: Double) -> String {
      var frame = Frame(Size(columns: 4, rows: 1))
      frame.bar(fraction, at: Point(column: 0, row: 0), columns: 4)
      return frame.text
    }
    #expect(bar(0) == "")
    #expect(bar(1) == "████")
    #expect(bar(0.5) == "██")
    #expect(bar(0.58) == "██▍")
    #expect(bar(1.0 / 32) == "▏")
    #expect(bar(-1) == "")
    #expect(bar(.nan) == "")
    #expect(bar(.infinity) == "████")
  }

  @Test func `a box has a title and an inside`() {
    var frame = Frame(Size(columns: 12, rows: 3))
    let inside = frame.box(frame.bounds, title: "dialogue")
    #expect(frame.text == "┌ dialogue ┐\n│          │\n└──────────┘")
    #expect(inside == Rect(column: 1, row: 1, columns: 10, rows: 1))
    var narrow = Frame(Size(columns: 8, rows: 2))
    narrow.box(narrow.bounds, title: "dialogue")
    #expect(narrow.text == "┌ dia… ┐\n└──────┘")
  }

  @Test func `a frame compared with itself has nothing to draw`() {
    var frame = Frame(Size(columns: 20, rows: 5))
    frame.write("日本語 text", at: Point(column: 3, row: 2))
    #expect(frame.diff(from: frame).isEmpty)
  }

  @Test func `only what changed is drawn`() {
    var before = Frame(Size(columns: 20, rows: 5))
    before.write("anger    .58", at: Point(column: 3, row: 2))
    var after = before
    after.write("7", at: Point(column: 13, row: 2))
    #expect(after.diff(from: before) == [Frame.Run(row: 2, columns: 13..<14)])
    after.write("x", at: Point(column: 0, row: 4), scope: "flag")
    #expect(after.diff(from: before).count == 2)
  }

  @Test func `the picture is the golden one`() {
    var frame = Frame(Size(columns: 40, rows: 6))
    let inside = frame.box(frame.bounds, title: "turn 5 · Mara")
    frame.write("Oh, that's just 完璧 👨‍👩‍👧", at: inside.line(0).origin, scope: "turn")
    frame.write("anger", at: inside.line(1).origin, scope: "emotion.anger", attributes: .bold)
    frame.bar(0.58, at: Point(column: 10, row: 2), columns: 20)
    frame.backdrop(inside.line(1), scope: "turn.current")
    frame.write("\u{1B}[2J", at: inside.line(2).origin, scope: "note")
    frame.cursor = Point(column: 1, row: 4)
    expectGolden(frame, named: "box-40x6")
  }
}
