import Dialogues
import Screen

// Everything about the current turn: its sound, what model and dialogue say, what the annotator said.

extension Painter {
  func drawPanel(_ area: Rect, in frame: inout Frame) {
    var area = area.inset(columns: 1)
    drawSound(area.cutTop(min(4, max(3, area.rows / 4))), in: &frame)
    drawOpinions(area, in: &frame)
  }

  // MARK: Sound

  /// The waveform, as many rows as there are but one, and the transport line below it.
  func drawSound(_ area: Rect, in frame: inout Frame) {
    var area = area
    if area.rows > 4 {
      let spare = area.rows - 4
      let rest = area.cutBottom(spare)
      drawOwnAnswer(rest, in: &frame)
    }
    drawTransport(area.cutBottom(1), in: &frame)
    if let silence = state.transport.silence, silence != "text only" {
      // The whole reason, where the waveform would be: the line at the bottom may cut it short.
      frame.write(
        lines: silence.wrapped(to: max(1, area.columns)), in: area, scope: "text.muted")
    } else {
      drawWaveform(area, in: &frame)
    }
  }

  func drawTransport(_ area: Rect, in frame: inout Frame) {
    guard state.dialogue != nil, !area.isEmpty else { return }
    let transport = state.transport
    let isHeard = transport.activity != .idle
    let sign =
      switch transport.activity {
      case .playing: glyphs.playing
      case .paused: glyphs.paused
      case .starting: glyphs.starting
      case .idle: " "
      }
    var text = sign
    if let sound = transport.sound {
      let position = isHeard && transport.turn == sound.turn ? transport.position : 0
      text += " \(secondsText(position)) / \(secondsText(sound.duration)) s"
    } else if let silence = transport.silence {
      text += silence == "text only" ? " text only" : " no sound"
    } else {
      text += " \(glyphs.ellipsis)"
    }
    text += "  \(speedText(transport.speed))"
    if transport.isLooping { text += "  loop" }
    if let turn = transport.turn, transport.isSequence { text += "  hearing \(turn + 1)" }
    let used = frame.write(
      text, at: area.origin, scope: isHeard ? "waveform.played" : "text.muted",
      maxColumns: area.columns)
    let device =
      transport.deviceProblem == nil
      ? "\(glyphs.sound) \(transport.device)" : "\(glyphs.sound) no device"
    guard used + 2 + device.columns <= area.columns else { return }
    frame.write(
      device, at: Point(column: area.column + used + 2, row: area.row),
      scope: transport.deviceProblem == nil ? "text.muted" : "status.error")
  }

  // MARK: Opinions

  /// Model, dialogue, posteriors, what was leaned on and the annotator's own answer.
  func drawOpinions(_ area: Rect, in frame: inout Frame) {
    guard let dialogue = state.dialogue else { return }
    var area = area
    let isRoomy = area.rows > 10
    if isRoomy { area.cutTop(1) }
    if isRoomy || area.rows > 6 || state.transport.sound == nil {
      // Where the sound has no room for it, the annotator's own answer comes first here.
      if state.size.columns >= 100 { drawOwnAnswer(area.cutTop(ownAnswerRows), in: &frame) }
    }
    guard let suggestion = state.visibleSuggestion(ofTurn: dialogue.cursor) else {
      frame.write(
        lines: suggestionStatusText.wrapped(to: max(1, area.columns)), in: area,
        scope: "text.muted")
      return
    }
    if isRoomy { area.cutTop(1) }
    drawOpinion(
      "model", suggestion.label, suggestion, note: "", at: area.cutTop(1), in: &frame)
    if let refined = suggestion.refined {
      let note = suggestion.isChanged ? "\(glyphs.changed) changed" : ""
      drawOpinion("dialogue", refined, suggestion, note: note, at: area.cutTop(1), in: &frame)
    }
    if state.project.annotationProtocol == .commitThenReveal,
      dialogue.othersLabels.indices.contains(dialogue.cursor)
    {
      let labels = dialogue.othersLabels[dialogue.cursor]
        .map { "\($0.label) \($0.count)" }.joined(separator: "  ")
      frame.write(
        ("others".padded(to: 9) + (labels.isEmpty ? "none yet" : labels)).truncated(
          to: area.columns), at: area.cutTop(1).origin, scope: "text", maxColumns: area.columns)
    }
    let reasons = reasons(for: suggestion, in: dialogue)
    let isTold = area.rows >= 4 && !reasons.isEmpty
    let leaned = area.cutBottom(area.rows >= 3 ? (isRoomy ? 4 : 1) : 0)
    if isTold {
      drawReasons(reasons, in: area.cutBottom(isRoomy ? 3 : 1), frame: &frame)
    }
    if isRoomy { area.cutTop(1) }
    drawPosterior(suggestion, in: area, frame: &frame)
    drawLeanedOn(suggestion, in: leaned, frame: &frame)
  }

  private func drawOpinion(
    _ name: String, _ label: String, _ suggestion: SuggestionView, note: String, at area: Rect,
    in frame: inout Frame
  ) {
    guard !area.isEmpty else { return }
    let probability = probabilityText(suggestion.probability(of: label, in: scheme))
    var column = area.column
    frame.write(name.padded(to: 9), at: area.origin, scope: "text.muted", maxColumns: area.columns)
    column += 9
    let room = max(0, area.endColumn - column)
    let longest = scheme.labels.map(\.name.columns).max() ?? 0
    let shown = label.padded(to: min(max(8, min(longest, 12)), max(0, room - 4)))
    frame.write(
      shown, at: Point(column: column, row: area.row), scope: scope(ofLabel: label),
      maxColumns: room)
    column += shown.columns
    frame.write(
      " \(probability)", at: Point(column: column, row: area.row), scope: "text",
      maxColumns: max(0, area.endColumn - column))
    column += 6
    frame.write(
      note, at: Point(column: column, row: area.row), scope: "suggestion.refined",
      maxColumns: max(0, area.endColumn - column))
  }

  private func drawPosterior(_ suggestion: SuggestionView, in area: Rect, frame: inout Frame) {
    let order = suggestion.posterior.indices.sorted {
      (suggestion.posterior[$0], $1) > (suggestion.posterior[$1], $0)
    }
    let name = min(10, max(4, area.columns / 3))
    for (line, label) in order.prefix(area.rows).enumerated() where label < scheme.labels.count {
      let point = area.line(line).origin
      let scope = scope(ofLabel: scheme.labels[label].name)
      frame.write(scheme.labels[label].name.truncated(to: name), at: point, scope: scope)
      let columns = area.columns - name - 6
      let bar = Point(column: point.column + name + 1, row: point.row)
      let probability = suggestion.posterior[label]
      if columns >= 4 {
        if glyphs.isUnicode {
          frame.bar(probability, at: bar, columns: columns, scope: scope)
        } else {
          let count = Int((max(0, min(1, probability)) * Double(columns)).rounded())
          frame.write(String(repeating: "#", count: count), at: bar, scope: scope)
        }
      }
      frame.write(
        probabilityText(probability), at: Point(column: area.endColumn - 4, row: point.row),
        scope: "text.muted")
    }
  }

  /// What is said beside influence: the likely cause of a change, and why decoding changed the label.
  private func reasons(
    for suggestion: SuggestionView, in dialogue: OpenDialogue
  ) -> [(name: String, parts: [String], scope: Scope)] {
    var reasons: [(name: String, parts: [String], scope: Scope)] = []
    if let trigger = suggestion.trigger, dialogue.turns.indices.contains(trigger) {
      let who =
        trigger == dialogue.cursor
        ? "itself" : "\(trigger + 1) \(dialogue.turns[trigger].speaker)".truncated(to: 14)
      let probability = probabilityText(suggestion.triggerProbability)
      reasons.append(("caused by", ["\(glyphs.trigger) \(who) \(probability)"], "trigger"))
    }
    if let terms = suggestion.decoding {
      let minus = glyphs.isUnicode ? "−" : "-"
      let parts = [
        ("turn", terms.turn), ("speaker", terms.speaker), ("dialogue", terms.dialogue),
        ("later", terms.later),
      ].map { "\($0) \(influenceText($1, minus: minus))" }
      reasons.append(("changed by", parts, "suggestion.refined"))
    }
    return reasons
  }

  private func drawReasons(
    _ reasons: [(name: String, parts: [String], scope: Scope)], in area: Rect, frame: inout Frame
  ) {
    var row = 0
    for reason in reasons where row < area.rows {
      frame.write(
        reason.name.padded(to: 11), at: Point(column: area.column, row: area.row + row),
        scope: "text.muted", maxColumns: area.columns)
      var column = 11
      for part in reason.parts {
        if column > 11, column + part.columns > area.columns {
          row += 1
          column = 11
        }
        guard row < area.rows else { return }
        column +=
          2
          + frame.write(
            part, at: Point(column: area.column + column, row: area.row + row),
            scope: reason.scope, maxColumns: max(0, area.columns - column))
      }
      row += 1
    }
  }

  /// The turns that moved the decision most, each kept together with its number.
  private func drawLeanedOn(_ suggestion: SuggestionView, in area: Rect, frame: inout Frame) {
    guard let dialogue = state.dialogue, !area.isEmpty else { return }
    let minus = glyphs.isUnicode ? "−" : "-"
    var row = 0
    var column = frame.write(
      "leaned on", at: area.origin, scope: "text.muted", maxColumns: area.columns)
    for influence in suggestion.influences.prefix(6)
    where abs(influence.value) >= 0.005 && dialogue.turns.indices.contains(influence.turn) {
      let who =
        influence.turn == dialogue.cursor
        ? "itself" : "\(influence.turn + 1) \(dialogue.turns[influence.turn].speaker)"
      let text = "\(who.truncated(to: 14)) \(influenceText(influence.value, minus: minus))"
      if column + 2 + text.columns > area.columns {
        row += 1
        column = -2
      }
      guard row < area.rows else { return }
      let point = Point(column: area.column + column + 2, row: area.row + row)
      column +=
        2
        + frame.write(
          text, at: point, scope: influence.value < 0 ? "influence.against" : "influence.for",
          maxColumns: area.columns)
    }
  }

  private var suggestionStatusText: String {
    if state.project.annotationProtocol == .blind {
      return "This project is labelled blind: no suggestions."
    }
    if state.dialogue?.arm == .control { return "The study shows no suggestions in this dialogue." }
    if !state.preferences.showsSuggestions {
      return "Suggestions are hidden; \(state.keys.key(of: .toggleSuggestions)) shows them."
    }
    if state.project.annotationProtocol == .commitThenReveal, let dialogue = state.dialogue,
      dialogue.states[dialogue.cursor].answer == nil
    {
      return "The suggestion is shown once you have given a label."
    }
    return switch state.dialogue?.suggestionStatus {
    case .computing: "The model is at work…"
    case .unavailable(let reason): reason
    default: "No suggestion for this turn."
    }
  }

  /// The suggestion in one line, for screens without a panel.
  func drawOpinionLine(_ area: Rect, in frame: inout Frame) {
    guard let dialogue = state.dialogue, !area.isEmpty else { return }
    guard let suggestion = state.visibleSuggestion(ofTurn: dialogue.cursor) else {
      frame.write(
        suggestionStatusText.truncated(to: area.columns), at: area.origin, scope: "text.muted")
      return
    }
    let probability = probabilityText(
      suggestion.probability(of: suggestion.suggested, in: scheme))
    var text = "\(suggestion.suggested)? \(probability)"
    if suggestion.isChanged, let refined = suggestion.refined {
      let other = suggestion.acceptsRefined ? suggestion.label : refined
      text += " \(glyphs.changed) or \(other)?"
    }
    frame.write(
      text.truncated(to: area.columns), at: area.origin, scope: scope(ofLabel: suggestion.suggested)
    )
  }

  // MARK: The annotator's own answer

  private var ownAnswerRows: Int {
    guard let dialogue = state.dialogue else { return 0 }
    return dialogue.states[dialogue.cursor].note.isEmpty ? 2 : 4
  }

  private func drawOwnAnswer(_ area: Rect, in frame: inout Frame) {
    guard let dialogue = state.dialogue, !area.isEmpty else { return }
    let work = dialogue.states[dialogue.cursor]
    frame.write("yours".padded(to: 9), at: area.origin, scope: "text.muted")
    let point = Point(column: area.column + 9, row: area.row)
    let room = max(0, area.columns - 9)
    if let answer = work.answer {
      var details = ""
      if let confidence = answer.confidence { details += "  \(confidenceName(confidence))" }
      for dimension in scheme.dimensions {
        if let value = answer.dimensions[dimension.name] {
          let initial = dimension.name.prefix(1).uppercased()
          details += "  \(initial)\(value == value.rounded() ? "\(Int(value))" : "\(value)")"
        }
      }
      let label = answer.labels.joined(separator: "|")
      let used = frame.write(
        label, at: point, scope: scope(ofLabel: label), attributes: .bold, maxColumns: room)
      frame.write(
        details, at: Point(column: point.column + used, row: point.row), scope: "text",
        maxColumns: max(0, room - used))
    } else {
      let text = work.isSkipped ? "skipped" : "not labelled"
      frame.write(text, at: point, scope: "text.muted", maxColumns: room)
    }
    if !work.note.isEmpty {
      var rest = area
      rest.cutTop(1)
      frame.write(
        lines: "\(glyphs.note) \(work.note)".wrapped(to: max(1, area.columns)), in: rest,
        scope: "note")
    }
  }
}
