import Dialogues
import Screen

// The panel of a review, and what the other parts of the screen show differently in one.

extension Painter {
  /// Sound above; below it what is open, what people said and what the model makes of it.
  func drawReviewPanel(_ area: Rect, in frame: inout Frame) {
    var area = area.inset(columns: 1)
    var sound = area.cutTop(min(4, max(3, area.rows / 6)))
    drawTransport(sound.cutBottom(1), in: &frame)
    drawWaveform(sound, in: &frame)
    area.cutTop(1)
    draw(
      state.standingLines(columns: area.columns) + [[]]
        + state.raterLines(columns: area.columns) + [[]]
        + state.modelLines(columns: area.columns),
      in: area, frame: &frame)
  }

  /// The same in two columns below the dialogue: the sound and what is open on the left.
  func drawReviewColumns(_ area: Rect, in frame: inout Frame) {
    var right = area
    var left = right.cutLeft(max(30, area.columns * 2 / 5))
    right.cutLeft(1)
    drawTransport(left.cutTop(1), in: &frame)
    drawWaveform(left.cutTop(min(3, left.rows / 3)), in: &frame)
    draw(state.standingLines(columns: left.columns), in: left, frame: &frame)
    draw(
      state.raterLines(columns: right.columns)
        + state.modelLines(columns: right.columns, mostLabels: 3), in: right, frame: &frame)
  }

  /// What is open or decided in one line, for screens without a panel.
  func drawStandingLine(_ area: Rect, in frame: inout Frame) {
    guard !area.isEmpty else { return }
    draw(
      Array(state.standingLines(columns: area.columns).prefix(1)), in: area, frame: &frame)
  }

  /// Lines as far as there is room; the last says how to read on.
  func draw(_ lines: [StyledLine], in area: Rect, frame: inout Frame) {
    let isCut = lines.count > area.rows && area.rows > 1
    for (row, line) in lines.prefix(isCut ? area.rows - 1 : area.rows).enumerated() {
      draw(line, in: area.line(row), frame: &frame)
    }
    guard isCut else { return }
    let key = state.keys.key(of: .opinions)
    draw(
      [StyledText("\(glyphs.ellipsis) "), StyledText(key, "key"), StyledText(" shows all")],
      in: area.line(area.rows - 1), frame: &frame)
  }

  func draw(_ line: StyledLine, in area: Rect, frame: inout Frame) {
    var used = 0
    for part in line where used < area.columns {
      used += frame.write(
        part.text.truncated(to: area.columns - used),
        at: Point(column: area.column + used, row: area.row), scope: part.scope,
        maxColumns: area.columns - used)
    }
  }

  // MARK: The list of turns

  /// What is settled of a turn: a sign and the label; never by colour alone.
  func standingText(of turn: ReviewedTurn, columns: Int) -> (text: String, scope: Scope) {
    if let decision = turn.decision {
      let labels = decision.adjudication.labels.joined(separator: "|")
      return (
        "\(glyphs.decided) \(labels.isEmpty ? "none" : labels)",
        decision.adjudication.labels.first.map(scope(ofLabel:)) ?? "text.strong"
      )
    }
    switch turn.standing {
    case .unanimous:
      let labels = turn.filledIn ?? []
      return (
        "\(glyphs.agreed) \(labels.joined(separator: "|"))",
        labels.first.map(scope(ofLabel:)) ?? "text"
      )
    case .majority:
      let counts = turn.votes.map { "\($0.count)" }.joined(separator: ":")
      return ("\(glyphs.differs) \(turn.votes.first?.label ?? "") \(counts)", "note")
    case .tie:
      return ("\(glyphs.differs) \(turn.votes.map(\.label).joined(separator: "/"))", "note")
    case .single:
      return ("\(glyphs.unlabelled) \(turn.votes.first?.label ?? "")", "text.muted")
    case .unrated, .decided:
      return (glyphs.unlabelled, "text.muted")
    }
  }

  /// What can be typed to narrow the list, with the letters of people who are there.
  private var reviewFilterHint: String {
    let letters = Set(
      state.dialogue?.reviewed.flatMap { $0.opinions.compactMap(\.letter) } ?? []
    ).sorted()
    guard letters.count > 1 else { return "label, speaker, reason" }
    return "label, speaker, reason; pair:\(letters[0]),\(letters[1]) rater:\(letters[0])"
  }

  /// The list of turns to review, two lines each.
  func drawReviewList(_ list: ReviewList, in frame: inout Frame) {
    let width = min(96, max(24, state.size.columns - 8))
    var area = openBox(
      "turns: \(list.scope)", columns: width, rows: max(3, state.size.rows - 8), in: &frame)
    drawField(
      list.field, placeholder: reviewFilterHint, at: area.cutTop(1),
      in: &frame)
    if area.rows > 4 {
      let (count, hint) = ("\(list.count) of them", "Tab: other turns")
      let line = area.cutTop(1)
      frame.write(
        list.rows == nil ? "" : count, at: line.origin, scope: "text.muted",
        maxColumns: line.columns)
      if count.columns + hint.columns + 2 < line.columns {
        frame.write(
          hint, at: Point(column: line.endColumn - hint.columns, row: line.row),
          scope: "text.muted")
      }
    }
    guard let rows = list.rows else {
      frame.write("Looking…", at: area.origin, scope: "status.busy")
      return
    }
    if rows.isEmpty {
      frame.write("No turn is like that.", at: area.origin, scope: "text.muted")
    }
    let fits = max(1, area.rows / 2)
    let selected = list.selection - list.first
    let first = max(0, min(selected - fits / 2, rows.count - fits))
    for (line, row) in rows.dropFirst(first).prefix(fits).enumerated() {
      drawReviewRow(
        row, isSelected: first + line == selected,
        at: Rect(
          column: area.column, row: area.row + 2 * line, columns: area.columns,
          rows: min(2, area.rows - 2 * line)), in: &frame)
    }
  }

  private func drawReviewRow(
    _ row: ReviewRow, isSelected: Bool, at area: Rect, in frame: inout Frame
  ) {
    if isSelected {
      frame.fill(area, scope: "selection")
      frame.backdrop(area, scope: "selection")
    }
    let sign =
      switch row.standing {
      case .decided: glyphs.decided
      case .unanimous: glyphs.agreed
      case .majority, .tie: glyphs.differs
      case .single, .unrated: glyphs.unlabelled
      }
    let score = row.reasons.first.map { probabilityText($0.score) } ?? ""
    let reasons =
      row.reasons.isEmpty
      ? row.standing.description : row.reasons.map(\.reason.description).joined(separator: ", ")
    var votes = row.votes.map { $0.count == 1 ? $0.label : "\($0.label) \($0.count)" }
      .joined(separator: ", ")
    if let suggested = row.suggested { votes += (votes.isEmpty ? "" : "; ") + "model \(suggested)" }
    let room = max(0, area.columns - 9)
    let right = votes.truncated(to: max(0, min(votes.columns, room * 3 / 5)))
    draw(
      [
        StyledText(isSelected ? glyphs.current : " ", "text.strong"),
        StyledText(score.padded(to: 3, aligned: .right) + " ", "text.strong"),
        StyledText("\(sign) ", row.standing.isOpen ? "note" : "turn"),
        StyledText(reasons.truncated(to: max(0, room - right.columns)), "turn"),
      ], in: area.line(0), frame: &frame)
    frame.write(
      right, at: Point(column: area.endColumn - right.columns, row: area.row), scope: "text.muted")
    guard area.rows > 1 else { return }
    let place = "\(row.position.dialogue + 1):\(row.position.turn + 1)"
    draw(
      [
        StyledText(" " + place.padded(to: 8), "turn.number"),
        StyledText(row.speaker.isEmpty ? "" : "\(row.speaker.truncated(to: 12)) ", "speaker"),
        StyledText(String(row.text.prefix(area.columns + 1)), "turn"),
      ], in: area.line(1), frame: &frame)
  }

  // MARK: Where one is

  /// The title of a review, from the most to the least talkative.
  var reviewTitles: [String] {
    guard let review = state.review, let dialogue = state.dialogue else { return [] }
    let key = dialogue.dialogue.key
    let corpus = key.split.isEmpty ? key.corpus : "\(key.corpus) \(key.split)"
    let number = "\(dialogue.place + 1)/\(state.project.dialogueCount)"
    let turn = "turn \(dialogue.cursor + 1)/\(dialogue.turns.count)"
    let isAtEntry = review.entry?.position == state.position
    let entry = review.entry.map { isAtEntry ? " \($0.rank + 1)/\($0.count)" : "" } ?? ""
    let settled = review.progress.map { "\($0.labelled) of \($0.total) settled" } ?? ""
    let few = review.progress.map { "\($0.labelled)/\($0.total)" } ?? ""
    return [
      " Undertone  \(state.project.name)   review\(entry) \(review.scope)   "
        + "\(corpus) · dialogue \(number)   \(turn)   \(settled)   \(state.project.rater)",
      " \(state.project.name)   review\(entry) \(review.scope)   dialogue \(number)   \(turn)   \(settled)",
      " \(state.project.name)   review\(entry)   dialogue \(number)   \(turn)   \(settled)",
      " review\(entry)   dialogue \(number)   \(turn)   \(settled)",
      " review\(entry)  \(turn)  \(settled)", " review\(entry) \(turn) \(few)",
      " \(dialogue.cursor + 1)/\(dialogue.turns.count) \(few)", " \(few)",
    ]
  }

  var reviewHints: [Hint] {
    func hint(_ command: Command, _ text: String) -> Hint? {
      let key = state.keys.key(of: command)
      return key.isEmpty ? nil : Hint(key: key, text: text, scope: "key.description")
    }
    let isFilledIn =
      state.dialogue.flatMap { state.reviewed($0.cursor) }.map {
        $0.decision == nil && $0.filledIn != nil
      } ?? false
    let confirm = isFilledIn ? [hint(.accept, "confirm")] : []
    let labels = scheme.labels.filter { !$0.key.isEmpty }.map {
      Hint(key: $0.key, text: $0.name, scope: scope(ofLabel: $0.name))
    }
    return confirm.compactMap { $0 } + labels
      + [
        hint(.help, "keys"), hint(.nextEntry, "next"), hint(.reviewList, "list"),
        hint(.reason, "reason"), hint(.noLabel, "none"), hint(.opinions, "details"),
        hint(.names, "names"), hint(.hearContext, "context"), hint(.undo, "undo"),
        hint(.play, "play"), hint(.influentialTurn, "influence"), hint(.quit, "quit"),
      ].compactMap { $0 }
  }
}
