import Dialogues
import Screen

// The dialogue as a list of turns, the current one in the middle.

extension Painter {
  /// Where the parts of a row stand. Narrow screens give up the speaker's full name first, then the
  /// gutter; the text and the label stay.
  struct Columns {
    var gutter: Int
    var number: Int
    var speaker: Int
    var text: Int
    var marks: Int
    var label: Int
  }

  func columns(for width: Int, in dialogue: OpenDialogue) -> Columns {
    let number = String(dialogue.turns.count).count
    let longestSpeaker = dialogue.speakers.map(\.columns).max() ?? 0
    let longestLabel = scheme.labels.map { $0.name.columns + $0.key.columns + 1 }.max() ?? 0
    var columns = Columns(
      gutter: 4, number: number, speaker: min(longestSpeaker, width >= 70 ? 12 : 8), text: 0,
      marks: 2, label: min(max(longestLabel + 3, 12), 17))
    if width < 46 {
      columns.speaker = min(longestSpeaker, 4)
      columns.label = min(longestLabel + 1, 9)
      columns.gutter = 2
    }
    if width < 30 {
      columns.gutter = 1
      columns.marks = 0
      columns.speaker = min(longestSpeaker, 3)
      columns.label = 0
    }
    let fixed =
      columns.gutter + columns.number + 1 + columns.speaker + 1 + columns.marks + 1 + columns.label
    columns.text = max(1, width - fixed)
    return columns
  }

  func drawTurns(_ area: Rect, in frame: inout Frame) {
    guard let dialogue = state.dialogue, !area.isEmpty else { return }
    let columns = columns(for: area.columns, in: dialogue)
    let sequence = state.transport.isSequence ? state.transport.turn : nil
    let centre = min(sequence ?? dialogue.cursor, dialogue.turns.count - 1)

    func lines(ofTurn turn: Int) -> [String] {
      // The turn to be judged is read whole if the screen can hold it; the others give context.
      let limit = turn == dialogue.cursor ? max(3, area.rows) : 3
      let text = dialogue.turns[turn].text
      // A line takes at most its columns and a space: the rest of a text that goes on for pages is
      // not looked at.
      let start = text.prefix((limit + 1) * (columns.text + 1))
      let lines = String(start).wrapped(to: columns.text)
      guard lines.count > limit || start.endIndex < text.endIndex else { return lines }
      guard lines.count >= limit else { return lines + ["…".truncated(to: columns.text)] }
      return Array(lines[..<(limit - 1)])
        + [(lines[limit - 1] + " …").truncated(to: columns.text)]
    }

    // Walk outwards from the middle, so that the cost is that of the screen, not of the dialogue.
    let middle = Array(lines(ofTurn: centre).prefix(area.rows))
    let room = area.rows - middle.count
    func walk(_ turns: some Sequence<Int>) -> [(turn: Int, lines: [String])] {
      var found: [(turn: Int, lines: [String])] = []
      var used = 0
      for turn in turns {
        guard used < room else { break }
        found.append((turn, lines(ofTurn: turn)))
        used += found[found.count - 1].lines.count
      }
      return found
    }
    let above = walk((0..<centre).reversed())
    let below = walk(centre + 1..<dialogue.turns.count)
    let linesAbove = above.reduce(0) { $0 + $1.lines.count }
    let linesBelow = below.reduce(0) { $0 + $1.lines.count }
    // Centred, unless that would leave space unused at the end or at the start of the dialogue.
    let top = area.row + min(max(room / 2, room - linesBelow), linesAbove)

    drawTurn(centre, middle, at: top, in: area, columns, frame: &frame)
    var row = top
    for (turn, lines) in above {
      row -= lines.count
      drawTurn(turn, lines, at: row, in: area, columns, frame: &frame)
    }
    row = top + middle.count
    for (turn, lines) in below {
      drawTurn(turn, lines, at: row, in: area, columns, frame: &frame)
      row += lines.count
    }
  }

  private func drawTurn(
    _ turn: Int, _ lines: [String], at row: Int, in area: Rect, _ columns: Columns,
    frame: inout Frame
  ) {
    guard let dialogue = state.dialogue, row < area.endRow, row + lines.count > area.row else {
      return
    }
    let isCurrent = turn == dialogue.cursor
    let heard = heardWord(ofTurn: turn, lines)
    for (place, line) in lines.enumerated()
    where row + place >= area.row && row + place < area.endRow {
      let point = Point(column: area.column, row: row + place)
      if isCurrent {
        frame.backdrop(
          Rect(column: point.column, row: point.row, columns: area.columns, rows: 1),
          scope: "turn.current")
      }
      var column = point.column + columns.gutter + columns.number + 1 + columns.speaker + 1
      frame.write(
        line, at: Point(column: column, row: point.row), scope: isCurrent ? "turn.current" : "turn",
        maxColumns: columns.text)
      for word in heard where word.line == place {
        let before = String(line.prefix(word.characters.lowerBound))
        // Underlined as well: without colours the row may already be reversed.
        frame.write(
          String(line.dropFirst(word.characters.lowerBound).prefix(word.characters.count)),
          at: Point(column: column + before.columns, row: point.row), scope: "turn.word",
          attributes: .underline, maxColumns: max(0, columns.text - before.columns))
      }
      guard place == 0 else { continue }
      drawGutter(turn, at: point, columns: columns.gutter, in: &frame)
      column = point.column + columns.gutter
      frame.write(
        String(turn + 1).padded(to: columns.number, aligned: .right),
        at: Point(column: column, row: point.row), scope: "turn.number")
      column += columns.number + 1
      frame.write(
        columns.speaker > 3
          ? dialogue.turns[turn].speaker.truncated(to: columns.speaker)
          : dialogue.turns[turn].speaker,
        at: Point(column: column, row: point.row),
        scope: scope(ofSpeaker: dialogue.speakerPlace(ofTurn: turn)),
        attributes: isCurrent ? .bold : [], maxColumns: columns.speaker)
      column += columns.speaker + 1 + columns.text
      if columns.marks > 0 {
        drawMarks(turn, at: Point(column: column, row: point.row), in: &frame)
      }
      column += columns.marks + 1
      drawLabel(
        ofTurn: turn, at: Point(column: column, row: point.row), columns: columns.label, in: &frame)
    }
  }

  /// Where in the lines of a turn the word stands that is being heard.
  private func heardWord(
    ofTurn turn: Int, _ lines: [String]
  ) -> [(line: Int, characters: Range<Int>)] {
    let transport = state.transport
    guard transport.turn == turn, transport.activity == .playing || transport.activity == .paused,
      let words = state.dialogue?.turns[turn].words, !words.isEmpty,
      let text = state.dialogue?.turns[turn].text,
      let characters = HeardWord.characters(of: text, words: words, at: transport.position)
    else { return [] }
    return HeardWord.places(of: characters, in: text, lines: lines)
  }

  /// The current turn, the heard turn, and how much each turn moved the decision on this one.
  private func drawGutter(_ turn: Int, at point: Point, columns: Int, in frame: inout Frame) {
    guard let dialogue = state.dialogue else { return }
    if state.transport.turn == turn, state.transport.activity == .playing, turn != dialogue.cursor {
      frame.write(glyphs.sound, at: point, scope: "waveform.cursor", maxColumns: 1)
    } else if turn == dialogue.cursor {
      frame.write(glyphs.current, at: point, scope: "turn.current", maxColumns: 1)
    }
    guard columns >= 3, let suggestion = state.visibleSuggestion(ofTurn: dialogue.cursor) else {
      return
    }
    // What is said in the turn itself nearly always counts most: drawn to its scale, the turns before
    // it, which are what the gutter is for, could not be told apart.
    let others = suggestion.influences.filter { $0.turn != dialogue.cursor }
    let strongest = others.map { abs($0.value) }.max() ?? 0
    if let influence = others.first(where: { $0.turn == turn }), strongest > 0 {
      let level = abs(influence.value) / strongest
      guard level >= 1.0 / 16 else { return }
      let scope: Scope = influence.value < 0 ? "influence.against" : "influence.for"
      let place = min(7, Int(level * 8))
      let bar = glyphs.isUnicode ? Array("▁▂▃▄▅▆▇█")[place] : Array("..::--##")[place]
      frame.write(String(bar), at: Point(column: point.column + 1, row: point.row), scope: scope)
      let sign = influence.value < 0 ? "-" : "+"
      frame.write(sign, at: Point(column: point.column + 2, row: point.row), scope: scope)
    }
    if suggestion.trigger == turn, columns >= 4 {
      frame.write(
        glyphs.trigger, at: Point(column: point.column + 3, row: point.row), scope: "trigger")
    }
  }

  private func drawMarks(_ turn: Int, at point: Point, in frame: inout Frame) {
    guard let work = state.dialogue?.states[turn] else { return }
    if work.isFlagged { frame.write(glyphs.flag, at: point, scope: "flag", maxColumns: 1) }
    if !work.note.isEmpty {
      frame.write(
        glyphs.note, at: Point(column: point.column + 1, row: point.row), scope: "note",
        maxColumns: 1)
    }
  }

  /// The annotator's label, or what is suggested, or that the turn was skipped.
  private func drawLabel(ofTurn turn: Int, at point: Point, columns: Int, in frame: inout Frame) {
    guard let dialogue = state.dialogue, columns > 0 else { return }
    let work = dialogue.states[turn]
    let suggestion = state.visibleSuggestion(ofTurn: turn)
    let isUnsaved = state.saving.pending.contains {
      $0.hasFailed && $0.change.turn == dialogue.turns[turn].key
    }
    let mark: (String, Scope)?
    if isUnsaved {
      mark = (glyphs.unsaved, "status.error")
    } else if suggestion?.isChanged == true {
      mark = (glyphs.changed, "suggestion.refined")
    } else {
      mark = nil
    }
    let room = columns - (mark == nil ? 0 : 2)
    if let turn = state.reviewed(turn) {
      let (text, scope) = standingText(of: turn, columns: room)
      frame.write(
        text.truncated(to: room), at: point, scope: scope,
        attributes: turn.decision == nil ? [] : .bold)
    } else if let answer = work.answer {
      let label = answer.labels.joined(separator: "|")
      let key = scheme.index(of: label).map { scheme.labels[$0].key } ?? ""
      let text =
        answer.labels.isEmpty ? "rated" : columns < 10 || key.isEmpty ? label : "\(key) \(label)"
      frame.write(
        text.truncated(to: room), at: point, scope: scope(ofLabel: label), attributes: .bold)
    } else if work.isSkipped {
      frame.write("\(glyphs.skipped) skipped".truncated(to: room), at: point, scope: "skip")
    } else if let suggestion {
      let label = suggestion.suggested
      let text = columns < 10 ? "\(label)?" : "\(glyphs.unlabelled) \(label)?"
      frame.write(text.truncated(to: room), at: point, scope: "suggestion")
    } else {
      frame.write(glyphs.unlabelled, at: point, scope: "text.muted")
    }
    if let (text, scope) = mark {
      frame.write(
        text, at: Point(column: point.column + columns - 1, row: point.row), scope: scope,
        maxColumns: 1)
    }
  }
}
