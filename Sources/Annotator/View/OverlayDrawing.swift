import Dialogues
import Screen

// What lies in front of the dialogue.

extension Painter {
  func drawOverlay(in frame: inout Frame) {
    switch state.overlay {
    case .help(let scroll):
      drawPage("keys", state.helpLines.map { [StyledText($0, $1)] }, scroll: scroll, in: &frame)
    case .guidelines(let scroll):
      drawPage(
        "guidelines", state.guidelineLines.map { [StyledText($0, $1)] }, scroll: scroll, in: &frame)
    case .agreement(let view):
      drawPage(
        "agreement so far, people only", state.agreementLines(view), scroll: view.scroll, in: &frame
      )
    case .review(let list):
      drawReviewList(list, in: &frame)
    case .opinions(let scroll):
      drawPage(
        "what is known of this turn", state.opinionLines(columns: state.pageWidth), scroll: scroll,
        in: &frame)
    case .palette(let picker):
      drawPicker(
        "command", picker.field, selection: picker.selection, height: picker.rows.count + 2,
        rows: picker.matches.map { row in
          let keys =
            switch row.item {
            case .command(let command): state.keys.keys(of: command).joined(separator: " ")
            case .label(let place): scheme.labels[place].key
            }
          return (row.text, row.detail, keys)
        }, in: &frame)
    case .themes(let picker, _):
      drawPicker(
        "theme", picker.field, selection: picker.selection, height: picker.rows.count + 2,
        rows: picker.matches.map { ($0.text, $0.detail, "") }, in: &frame)
    case .dialogues(let list):
      drawDialogues(list, in: &frame)
    case .prompt(let prompt):
      drawPrompt(prompt, in: &frame)
    case .dimensions(let entry):
      drawDimensions(entry, in: &frame)
    case .confirmQuit:
      let count = state.saving.pending.count
      drawQuestion(
        "\(count) \(count == 1 ? "change is" : "changes are") not on the disk: "
          + "\(state.saving.problem ?? "the last attempt failed.") "
          + "Quitting now loses \(count == 1 ? "it" : "them").", in: &frame)
    case nil:
      return
    }
  }

  /// A box in the middle, cleared, as large as asked for or as there is; low on the screen where the
  /// current turn, which is in the middle, has to be read while it is open.
  func openBox(
    _ title: String, columns: Int, rows: Int, isLow: Bool = false, in frame: inout Frame
  ) -> Rect {
    let isSmall = state.size.columns < 50 || state.size.rows < 12
    var area = frame.bounds
    if !isSmall { area = area.inset(columns: 2, rows: 1) }
    var box = area.centered(Size(columns: columns + 4, rows: rows + 2))
    if isLow {
      let row = max(box.row, area.endRow - box.rows - 2)
      box = Rect(column: box.column, row: row, columns: box.columns, rows: box.rows)
    }
    frame.fill(box)
    return frame.box(box, scope: "border.focus", title: title).inset(columns: 1)
  }

  private func drawPage(
    _ title: String, _ lines: [StyledLine], scroll: Int, in frame: inout Frame
  ) {
    let width = min(76, max(30, state.size.columns - 8))
    let area = openBox(title, columns: width, rows: max(3, state.size.rows - 4), in: &frame)
    let start = min(scroll, max(0, lines.count - 1))
    for (row, line) in lines[start...].prefix(area.rows).enumerated() {
      draw(line, in: area.line(row), frame: &frame)
    }
    if start + area.rows < lines.count {
      frame.write(
        " more ", at: Point(column: area.endColumn - 6, row: area.endRow), scope: "key")
    }
  }

  func drawField(
    _ field: TextField, placeholder: String = "", at area: Rect, in frame: inout Frame
  ) {
    guard !area.isEmpty else { return }
    frame.fill(area, scope: "input")
    frame.backdrop(area, scope: "input")
    if field.text.isEmpty {
      frame.write(
        placeholder, at: Point(column: area.column + 1, row: area.row), scope: "text.muted",
        maxColumns: max(0, area.columns - 1))
    }
    // Keep the cursor in sight: drop from the left what does not fit before it.
    var before = field.textBeforeCursor
    while before.columns > area.columns - 2, !before.isEmpty { before.removeFirst() }
    let used = frame.write(before, at: area.origin, scope: "input", maxColumns: area.columns)
    let after = String(field.text.dropFirst(field.cursor))
    frame.write(
      after, at: Point(column: area.column + used, row: area.row), scope: "input",
      maxColumns: max(0, area.columns - used))
    frame.cursor = Point(column: area.column + min(used, area.columns - 1), row: area.row)
  }

  private func drawPicker(
    _ title: String, _ field: TextField, selection: Int, height: Int,
    rows: [(text: String, detail: String, keys: String)], in frame: inout Frame
  ) {
    let width = min(76, max(24, state.size.columns - 8))
    var area = openBox(
      title, columns: width, rows: max(3, min(height, 20, state.size.rows - 6)), in: &frame)
    drawField(field, placeholder: "type to filter", at: area.cutTop(1), in: &frame)
    if area.rows > 4 { area.cutTop(1) }
    if rows.isEmpty {
      frame.write("Nothing has this in its name.", at: area.origin, scope: "text.muted")
    }
    let first = max(0, min(selection - area.rows / 2, rows.count - area.rows))
    for (line, row) in rows.dropFirst(first).prefix(area.rows).enumerated() {
      let point = area.line(line).origin
      if first + line == selection {
        frame.fill(area.line(line), scope: "selection")
        frame.backdrop(area.line(line), scope: "selection")
      }
      let keys = min(row.keys.columns, 12)
      let name = min(22, area.columns)
      frame.write(row.text.truncated(to: name), at: point, scope: "text.strong")
      frame.write(
        row.detail.truncated(to: max(0, area.columns - name - keys - 2)),
        at: Point(column: point.column + name + 1, row: point.row), scope: "text.muted")
      frame.write(
        row.keys.truncated(to: keys), at: Point(column: area.endColumn - keys, row: point.row),
        scope: "key")
    }
  }

  private func drawDialogues(_ list: DialogueList, in frame: inout Frame) {
    let width = min(90, max(24, state.size.columns - 8))
    var area = openBox(
      "dialogues: \(list.filter.rawValue)", columns: width, rows: max(3, state.size.rows - 8),
      in: &frame)
    drawField(
      list.field, placeholder: "type to filter by corpus, id or title", at: area.cutTop(1),
      in: &frame)
    if area.rows > 4 { area.cutTop(1) }
    guard let rows = list.rows else {
      frame.write("Looking…", at: area.origin, scope: "status.busy")
      return
    }
    guard let selected = list.selectedRow else {
      frame.write("No dialogue is like that.", at: area.origin, scope: "text.muted")
      return
    }
    let first = max(0, min(selected - area.rows / 2, rows.count - area.rows))
    for (line, row) in rows.dropFirst(first).prefix(area.rows).enumerated() {
      drawDialogue(row, isSelected: first + line == selected, at: area.line(line), in: &frame)
    }
  }

  private func drawDialogue(
    _ row: DialogueSummary, isSelected: Bool, at area: Rect, in frame: inout Frame
  ) {
    if isSelected {
      frame.fill(area, scope: "selection")
      frame.backdrop(area, scope: "selection")
    }
    let done = "\(row.progress.labelled)/\(row.progress.total)"
    let number = String(row.place + 1).padded(to: 6, aligned: .right)
    let used = frame.write(number, at: area.origin, scope: "turn.number")
    let corpus = row.key.split.isEmpty ? row.key.corpus : "\(row.key.corpus) \(row.key.split)"
    let name = row.title.isEmpty ? "\(corpus) · \(row.key.dialogue)" : "\(corpus) · \(row.title)"
    frame.write(
      name.truncated(to: max(0, area.columns - used - 24)),
      at: Point(column: area.column + used + 2, row: area.row), scope: "text")
    let bar = Point(column: area.endColumn - 20, row: area.row)
    if area.columns >= 50, glyphs.isUnicode {
      frame.bar(row.progress.fraction, at: bar, columns: 10)
    }
    frame.write(
      done.padded(to: 9, aligned: .right), at: Point(column: area.endColumn - 9, row: area.row),
      scope: row.progress.labelled == row.progress.total ? "status.saved" : "text.muted")
  }

  private func drawPrompt(_ prompt: Prompt, in frame: inout Frame) {
    let (title, hint) =
      switch prompt.purpose {
      case .note: ("note on this turn", "")
      case .reason: ("reason of the decision", "")
      case .search: ("search texts and speakers", "")
      case .goTo: ("go to", "12   d3   d3 12")
      }
    let width = min(70, max(16, state.size.columns - 8))
    var area = openBox(title, columns: width, rows: hint.isEmpty ? 1 : 2, isLow: true, in: &frame)
    drawField(prompt.field, at: area.cutTop(1), in: &frame)
    frame.write(hint, at: area.origin, scope: "text.muted", maxColumns: area.isEmpty ? 0 : .max)
  }

  private func drawDimensions(_ entry: DimensionEntry, in frame: inout Frame) {
    let area = openBox(
      "turn \(entry.turn + 1)", columns: min(60, state.size.columns - 8),
      rows: scheme.dimensions.count, isLow: true, in: &frame)
    for (row, dimension) in scheme.dimensions.prefix(area.rows).enumerated() {
      let isCurrent = row == entry.dimension
      let line = area.line(row)
      if isCurrent {
        frame.fill(line, scope: "selection")
        frame.backdrop(line, scope: "selection")
      }
      let value = entry.values[dimension.name].map { "\(Int($0))" } ?? glyphs.unlabelled
      let text =
        "\(dimension.name.padded(to: 12)) \(value.padded(to: 3)) "
        + "\(dimension.low) \(dimension.lowMeaning) … \(dimension.high) \(dimension.highMeaning)"
      frame.write(
        text.truncated(to: area.columns), at: line.origin,
        scope: isCurrent ? "text.strong" : "text")
    }
  }

  private func drawQuestion(_ text: String, in frame: inout Frame) {
    let width = min(60, max(16, state.size.columns - 8))
    let lines = text.wrapped(to: width)
    let area = openBox("quit?", columns: width, rows: lines.count, in: &frame)
    frame.write(lines: lines, in: area, scope: "status.error")
  }
}
