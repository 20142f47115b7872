import Screen

// The waveform of the current turn, with a cursor at the heard position.

extension Painter {
  func drawWaveform(_ area: Rect, in frame: inout Frame) {
    guard !area.isEmpty, let sound = state.transport.sound, !sound.peaks.isEmpty else { return }
    let heard = state.transport.turn == sound.turn && state.transport.activity != .idle
    let share = heard && sound.duration > 0 ? state.transport.position / sound.duration : -1
    let cursor = Int((share * Double(area.columns)).rounded(.down))
    // Quiet turns fill the height, too: what matters here is where something is said, and corpora
    // differ in level by tens of decibels. Noise below the floor stays small.
    let gain = 1 / max(sound.peaks.max() ?? 1, 0.1)
    for column in 0..<area.columns {
      let scope: Scope =
        !heard || column > cursor
        ? "waveform" : column == cursor ? "waveform.cursor" : "waveform.played"
      let left = gain * peak(2 * column, of: 2 * area.columns, in: sound.peaks)
      let right = gain * peak(2 * column + 1, of: 2 * area.columns, in: sound.peaks)
      for row in 0..<area.rows {
        let point = Point(column: area.column + column, row: area.row + row)
        let glyph =
          glyphs.isUnicode
          ? braille(left, right, row: row, rows: area.rows)
          : ascii(max(left, right), row: row, rows: area.rows)
        // The cursor has to be seen in silence, too.
        if heard, column == cursor, glyph == " " {
          frame.write(glyphs.isUnicode ? "│" : "|", at: point, scope: scope)
        } else {
          frame.write(String(glyph), at: point, scope: scope)
        }
      }
    }
  }

  /// The largest peak in one of `count` equally long stretches.
  private func peak(_ place: Int, of count: Int, in peaks: [Float]) -> Float {
    let first = place * peaks.count / count
    let end = max(first + 1, (place + 1) * peaks.count / count)
    return peaks[first..<min(end, peaks.count)].max() ?? 0
  }

  /// Two columns and four rows of dots in a cell, symmetrical about the middle of the area.
  private func braille(_ left: Float, _ right: Float, row: Int, rows: Int) -> Character {
    // Unicode numbers a cell's dots down the left column, then the right; the bottom row came later.
    let bits: [[UInt32]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]
    let dots = rows * 4
    var pattern: UInt32 = 0
    for (side, level) in [left, right].enumerated() {
      let height = max(level > 0 ? 1 : 0, Int((min(1, max(0, level)) * Float(dots)).rounded()))
      let top = (dots - height) / 2
      for dot in 0..<4 where (top..<top + height).contains(row * 4 + dot) {
        pattern |= bits[side][dot]
      }
    }
    guard pattern != 0, let scalar = Unicode.Scalar(0x2800 + pattern) else { return " " }
    return Character(scalar)
  }

  private func ascii(_ level: Float, row: Int, rows: Int) -> Character {
    let height = min(1, max(0, level)) * Float(rows)
    let part = height - Float(rows - 1 - row)
    if part >= 0.75 { return "#" }
    if part >= 0.4 { return "=" }
    return part > 0.02 ? "-" : " "
  }
}
