import Dialogues
import Screen

// What those who settle a turn have to know of it, as lines: the same on the panel, as far as it
// goes, and on a page of its own.

/// Lines that hold words and numbers under a name of nine columns.
private let nameColumns = 9

extension State {
  /// Everything about the current turn.
  func opinionLines(columns: Int) -> [StyledLine] {
    guard let dialogue else { return [] }
    var lines = standingLines(columns: columns)
    lines += [[]] + raterLines(columns: columns)
    lines += [[]] + modelLines(columns: columns)
    let text = dialogue.turn.text.wrapped(to: max(1, columns))
    return text.map { [StyledText($0, "turn.current")] } + [[]] + lines
  }

  /// What is decided or open, and why the turn is in the queue.
  func standingLines(columns: Int) -> [StyledLine] {
    guard let dialogue, let review, let turn = reviewed(dialogue.cursor) else { return [] }
    var lines: [StyledLine] = []
    let room = max(1, columns - nameColumns)
    if let decision = turn.decision {
      let labels = decision.adjudication.labels
      let who =
        decision.name == project.rater
        ? "by you" : "by \(personName(decision.name, decision.letter, fallback: "another"))"
      lines.append([
        name("decided"),
        StyledText(
          labels.isEmpty ? "no label is right" : labels.joined(separator: "|"),
          labels.isEmpty ? "text.strong" : scope(of: labels)),
        StyledText("  \(who)" + (decision.time.map { "  \($0)" } ?? ""), "text.muted"),
      ])
      let reason = decision.adjudication.reason
      if !reason.isEmpty { lines += paragraph("why", reason, scope: "note", columns: room) }
    } else {
      switch turn.standing {
      case .unanimous:
        let labels = turn.filledIn ?? []
        lines.append([
          name("filled in"), StyledText(labels.joined(separator: "|"), scope(of: labels)),
          StyledText(
            "  all \(turn.opinions.count { $0.kind == .person && $0.answer != nil }) agree, not decided",
            "text.muted"),
        ])
      case .majority, .tie:
        let votes = turn.votes.map { "\($0.label) \($0.count)" }.joined(separator: "  ")
        lines.append([
          name(turn.standing == .tie ? "tie" : "open"), StyledText(votes, "text.strong"),
        ])
      case .single:
        lines.append([name("open"), StyledText("one answer, nothing to compare", "text.muted")])
      case .unrated:
        lines.append([name("open"), StyledText("nobody has answered", "text.muted")])
      case .decided:
        break
      }
    }
    for dispute in turn.disputes {
      let labels = dispute.adjudication.labels
      lines.append([
        name("otherwise"),
        StyledText(labels.isEmpty ? "no label" : labels.joined(separator: "|"), scope(of: labels)),
        StyledText(
          "  by \(personName(dispute.name, dispute.letter, fallback: "another adjudicator"))",
          "text.muted"),
      ])
      if !dispute.adjudication.reason.isEmpty {
        lines += paragraph(
          "", "\(glyphs.note) \(dispute.adjudication.reason)", scope: "note", columns: room)
      }
    }
    if let reason = review.reasons[dialogue.turn.key] {
      lines += paragraph("to write", "\(glyphs.note) \(reason)", scope: "note", columns: room)
    }
    let longest = ReviewReason.allCases.map(\.description.columns).max() ?? 0
    for (place, reason) in turn.reasons.enumerated() {
      lines.append([
        name(place == 0 ? "because" : ""),
        StyledText(reason.reason.description.padded(to: min(longest, max(1, room - 4)))),
        StyledText(" \(probabilityText(reason.score))", "text.strong"),
      ])
    }
    return lines
  }

  /// Every rater's answer and note.
  func raterLines(columns: Int) -> [StyledLine] {
    guard let dialogue, let turn = reviewed(dialogue.cursor) else { return [] }
    var lines: [StyledLine] = []
    for opinion in turn.opinions {
      var line = [name(personName(opinion.name, opinion.letter, fallback: opinion.name))]
      if let answer = opinion.answer {
        let labels = answer.labels.isEmpty ? "rated" : answer.labels.joined(separator: "|")
        line.append(StyledText(labels, scope(of: answer.labels)))
        line.append(StyledText(answerDetails(opinion, answer), "text.muted"))
      } else {
        line.append(StyledText(opinion.isSkipped ? "skipped" : "no answer", "text.muted"))
      }
      if opinion.isFlagged { line.append(StyledText("  \(glyphs.flag)", "flag")) }
      lines.append(line)
      if !opinion.note.isEmpty {
        lines += paragraph(
          "", "\(glyphs.note) \(opinion.note)", scope: "note",
          columns: max(1, columns - nameColumns))
      }
    }
    if turn.opinions.isEmpty {
      lines.append([StyledText("Nobody has answered this turn.", "text.muted")])
    }
    return lines
  }

  private func answerDetails(_ opinion: ReviewedTurn.Opinion, _ answer: Answer) -> String {
    var details = ""
    if opinion.kind != .person { details += "  \(opinion.kind.rawValue)" }
    if let confidence = answer.confidence { details += "  \(confidenceName(confidence))" }
    for dimension in project.scheme.dimensions {
      if let value = answer.dimensions[dimension.name] {
        let initial = dimension.name.prefix(1).uppercased()
        details += "  \(initial)\(value == value.rounded() ? "\(Int(value))" : "\(value)")"
      }
    }
    if let committed = opinion.committed, committed != answer.labels {
      details += "  first \(committed.joined(separator: "|"))"
    }
    if let shown = opinion.shown { details += "  saw \(shown)" }
    return details
  }

  /// The model's label and the dialogue's, the posterior, what was leaned on, and DED's terms.
  func modelLines(columns: Int, mostLabels: Int = .max) -> [StyledLine] {
    guard let dialogue else { return [] }
    guard let suggestion = visibleSuggestion(ofTurn: dialogue.cursor) else {
      let text =
        !preferences.showsSuggestions
        ? "Suggestions are hidden; \(keys.key(of: .toggleSuggestions)) shows them."
        : dialogue.suggestionStatus == .computing
          ? "The model is at work…" : "No suggestion for this turn."
      return text.wrapped(to: max(1, columns)).map { [StyledText($0, "text.muted")] }
    }
    var lines: [StyledLine] = []
    func opinion(_ who: String, _ label: String, _ note: String) {
      lines.append([
        name(who), StyledText(label.padded(to: 9), scope(of: [label])),
        StyledText(" \(probabilityText(suggestion.probability(of: label, in: project.scheme)))"),
        StyledText(note, "suggestion.refined"),
      ])
    }
    opinion("model", suggestion.label, "")
    if let refined = suggestion.refined {
      opinion("dialogue", refined, suggestion.isChanged ? "  \(glyphs.changed) changed" : "")
    }
    let minus = glyphs.isUnicode ? "−" : "-"
    if let terms = suggestion.decoding {
      let parts = [
        ("turn", terms.turn), ("speaker", terms.speaker), ("dialogue", terms.dialogue),
        ("later", terms.later),
      ].map { "\($0) \(influenceText($1, minus: minus))" }
      lines += flow("changed", parts, scope: "suggestion.refined", columns: columns)
    }
    let order = suggestion.posterior.indices.sorted {
      (suggestion.posterior[$0], $1) > (suggestion.posterior[$1], $0)
    }
    for label in order.prefix(mostLabels) where label < project.scheme.labels.count {
      let text = project.scheme.labels[label].name
      let probability = suggestion.posterior[label]
      let length = max(0, columns - 10 - 5)
      lines.append([
        StyledText(text.truncated(to: 10).padded(to: 10), scope(of: [text])),
        StyledText(
          " \(barText(probability, columns: length, isUnicode: glyphs.isUnicode))"
            .padded(to: length + 1), scope(of: [text])),
        StyledText(probabilityText(probability).padded(to: 4, aligned: .right), "text.muted"),
      ])
    }
    let influences = suggestion.influences.prefix(6)
      .filter { abs($0.value) >= 0.005 && dialogue.turns.indices.contains($0.turn) }
      .map { "\(turnName($0.turn)) \(influenceText($0.value, minus: minus))" }
    if !influences.isEmpty {
      lines += flow("leaned on", influences, scope: "text", columns: columns)
    }
    if let trigger = suggestion.trigger, dialogue.turns.indices.contains(trigger) {
      lines.append([
        name("caused by"),
        StyledText(
          "\(glyphs.trigger) \(turnName(trigger)) \(probabilityText(suggestion.triggerProbability))",
          "trigger"),
      ])
    }
    return lines
  }

  private func turnName(_ turn: Int) -> String {
    guard let dialogue, turn != dialogue.cursor else { return "itself" }
    return "\(turn + 1) \(dialogue.turns[turn].speaker)".truncated(to: 14)
  }

  /// How a person is called: by letter unless names are shown.
  private func personName(_ name: String, _ letter: String?, fallback: String) -> String {
    if review?.showsNames == true { return name }
    return letter.map { "rater \($0)" } ?? fallback
  }

  private func scope(of labels: [String]) -> Scope {
    labels.first.map { Painter(state: self).scope(ofLabel: $0) } ?? "text"
  }

  private func name(_ text: String) -> StyledText {
    let short = text.truncated(to: nameColumns - 1)
    return StyledText(
      text.columns == nameColumns ? "\(text) " : short.padded(to: nameColumns), "text.muted")
  }

  /// A text of several lines under a name.
  private func paragraph(
    _ title: String, _ text: String, scope: Scope, columns: Int
  ) -> [StyledLine] {
    text.wrapped(to: columns).enumerated().map { line, text in
      [name(line == 0 ? title : ""), StyledText(text, scope)]
    }
  }

  /// Parts one after the other, none of them broken, on as many lines as they need.
  private func flow(
    _ title: String, _ parts: [String], scope: Scope, columns: Int
  ) -> [StyledLine] {
    var lines: [StyledLine] = [[name(title)]]
    var used = nameColumns
    for part in parts {
      if used > nameColumns, used + part.columns > columns {
        lines.append([name("")])
        used = nameColumns
      }
      lines[lines.count - 1].append(StyledText(part + "  ", scope))
      used += part.columns + 2
    }
    return lines
  }
}
