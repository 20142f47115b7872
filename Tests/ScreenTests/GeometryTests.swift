import Screen
import Testing

@Suite("Cutting rectangles")
struct GeometryTests {
  @Test func `pieces cut off a rectangle cover it without overlap`() {
    var rest = Rect(columns: 100, rows: 30)
    let top = rest.cutTop(1)
    let bottom = rest.cutBottom(2)
    let right = rest.cutRight(34)
    #expect(top == Rect(columns: 100, rows: 1))
    #expect(bottom == Rect(row: 28, columns: 100, rows: 2))
    #expect(right == Rect(column: 66, row: 1, columns: 34, rows: 27))
    #expect(rest == Rect(row: 1, columns: 66, rows: 27))
    #expect(rest.cutLeft(6) == Rect(row: 1, columns: 6, rows: 27))
    #expect(rest.column == 6)
  }

  @Test func `no cut takes more than is there`() {
    var rest = Rect(column: 3, row: 4, columns: 5, rows: 2)
    #expect(rest.cutTop(9).rows == 2)
    #expect(rest.isEmpty)
    #expect(rest.cutBottom(1).rows == 0)
    #expect(rest.cutLeft(-4).columns == 0)
    #expect(Rect(columns: 3, rows: 3).inset(columns: 2, rows: 2).isEmpty)
    #expect(Rect(columns: 3, rows: 1).line(1).isEmpty)
    #expect(Rect(columns: -1, rows: 2).columns == 0)
  }

  @Test func `a smaller rectangle stands in the middle`() {
    let middle = Rect(columns: 80, rows: 24).centered(Size(columns: 40, rows: 10))
    #expect(middle == Rect(column: 20, row: 7, columns: 40, rows: 10))
    #expect(Rect(columns: 8, rows: 2).centered(Size(columns: 40, rows: 10)).size.columns == 8)
  }
}
