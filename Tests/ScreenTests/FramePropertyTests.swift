import TestSupport
import Testing

@testable import Screen

/// What must hold for whatever is drawn at whatever size.
@Suite("Frames of every size")
struct FramePropertyTests {
  /// Every small size, where edges meet, and every width to 200 and every height to 60.
  static let sizes: [Size] = {
    var sizes: [Size] = []
    for rows in 1...6 {
      for columns in 1...16 { sizes.append(Size(columns: columns, rows: rows)) }
    }
    for columns in 17...200 { sizes.append(Size(columns: columns, rows: 1 + columns * 7 % 60)) }
    for rows in 7...60 { sizes.append(Size(columns: 1 + rows * 37 % 200, rows: rows)) }
    sizes += [(120, 40), (80, 24), (40, 12), (20, 5), (200, 60)].map {
      Size(columns: $0.0, rows: $0.1)
    }
    return sizes
  }()

  static let texts = [
    "plain", "日本語", "👨‍👩‍👧👍🏽🇩🇪", "e\u{301}\u{302}x", "a\u{1B}[2J\u{7}b", "\u{202E}x\u{200B}", "नमस्ते हिन्दी",
    "각 각", "", "\u{301}", "x日", "⌚\u{FE0E}❤\u{FE0F}",
  ]
  static let scopes: [Scope] = ["text", "turn", "emotion.joy", "status.error"]

  @Test func `no drawing traps or splits a wide glyph, and the diff gives the same picture`() {
    var random = Seeded(2026)
    for size in Self.sizes {
      var terminal = VirtualTerminal(size)
      var shown = Frame(size)
      for _ in 0..<3 {
        var frame = random.below(2) == 0 ? shown : Frame(size)
        for _ in 0..<6 { draw(on: &frame, &random) }
        if let place = splitGlyph(in: frame) {
          Issue.record("a wide glyph is split at \(place) of \(size)")
        }
        terminal.draw(frame.diff(from: shown), of: frame)
        let differences = terminal.differences(from: frame)
        #expect(differences.isEmpty, "\(size)")
        shown = frame
      }
    }
  }

  @Test func `a diff from a frame of another size draws everything`() {
    let old = Frame(Size(columns: 5, rows: 5))
    let new = Frame(Size(columns: 4, rows: 3))
    #expect(new.diff(from: old) == new.everything)
    #expect(new.everything.count == 3)
    #expect(Frame(Size(columns: 0, rows: 3)).everything.isEmpty)
  }

  private func draw(on frame: inout Frame, _ random: inout Seeded) {
    let size = frame.size
    let point = Point(
      column: random.below(size.columns + 6) - 3, row: random.below(size.rows + 2) - 1)
    let rect = Rect(
      column: point.column, row: point.row, columns: random.below(size.columns + 4),
      rows: random.below(size.rows + 2))
    let scope = Self.scopes[random.below(Self.scopes.count)]
    let text = Self.texts[random.below(Self.texts.count)]
    switch random.below(7) {
    case 0: frame.fill(rect, with: random.below(2) == 0 ? "░" : "日", scope: scope)
    case 1: frame.box(rect, scope: scope, title: text)
    case 2: frame.bar(Double(random.below(130)) / 100, at: point, columns: rect.columns)
    case 3: frame.backdrop(rect, scope: scope)
    case 4: frame.write(text, at: point, scope: scope, maxColumns: random.below(9))
    case 5: frame.write(lines: text.wrapped(to: rect.columns), in: rect, scope: scope)
    default: frame.write(text + text, at: point, scope: scope, attributes: [.bold])
    }
  }

  /// Where a frame holds half a wide glyph.
  private func splitGlyph(in frame: Frame) -> Point? {
    for row in 0..<frame.size.rows {
      for column in 0..<frame.size.columns {
        let cell = frame[column, row]
        let isWide = cell.columns == 2
        let hasRightHalf = column + 1 < frame.size.columns && frame[column + 1, row].isContinuation
        let hasLeftHalf = column > 0 && frame[column - 1, row].columns == 2
        if isWide != hasRightHalf || cell.isContinuation && !hasLeftHalf {
          return Point(column: column, row: row)
        }
      }
    }
    return nil
  }
}
