import Dialogues
import Screen

// The label keys, always in sight, and the few commands a beginner needs.

extension Painter {
  /// A key and what it does.
  struct Hint: Equatable {
    var key: String
    var text: String
    var scope: Scope

    var columns: Int { key.columns + 1 + text.columns }
  }

  /// The lines of the bar: labels first, then commands as far as there is room.
  func keyLines(columns: Int, rows: Int, isBehindOverlay: Bool = false) -> [[Hint]] {
    var hints: [Hint] = []
    if let overlay = state.overlay, !isBehindOverlay {
      hints = overlayHints(overlay)
    } else if state.review != nil {
      hints = reviewHints
    } else {
      if state.showsSuggestions {
        hints.append(
          Hint(
            key: state.keys.key(of: .accept),
            text: state.project.annotationProtocol == .commitThenReveal ? "keep" : "accept",
            scope: "key.description"))
      }
      hints += scheme.labels.filter { !$0.key.isEmpty }.map {
        Hint(key: $0.key, text: $0.name, scope: scope(ofLabel: $0.name))
      }
      let commands: [(Command, String)] = [
        (.help, "keys"), (.play, "play"), (.undo, "undo"), (.nextUnlabelled, "unlabelled"),
        (.flag, "flag"), (.skip, "skip"), (.note, "note"), (.replay, "again"),
        (.influentialTurn, "influence"), (.hearContext, "context"), (.dialogueList, "dialogues"),
        (.quit, "quit"),
      ]
      hints += commands.compactMap { command, text in
        let key = state.keys.key(of: command)
        return key.isEmpty ? nil : Hint(key: key, text: text, scope: "key.description")
      }
    }
    var lines: [[Hint]] = [[]]
    var used = 1
    for hint in hints {
      if used + hint.columns + 1 > columns, !lines[lines.count - 1].isEmpty {
        guard lines.count < rows else { break }
        lines.append([])
        used = 1
      }
      lines[lines.count - 1].append(hint)
      used += hint.columns + 2
    }
    return lines
  }

  /// How high the bar is: the same with something in front, so that nothing moves when it opens.
  func keyRows(columns: Int) -> Int {
    keyLines(columns: columns, rows: 2, isBehindOverlay: true).count
  }

  func drawKeys(_ area: Rect, in frame: inout Frame) {
    for (row, hints) in keyLines(columns: area.columns, rows: area.rows).enumerated() {
      var column = area.column + 1
      for hint in hints {
        column += frame.write(
          hint.key, at: Point(column: column, row: area.row + row), scope: "key")
        column += 1
        column += frame.write(
          hint.text, at: Point(column: column, row: area.row + row), scope: hint.scope)
        column += 2
      }
    }
  }

  private func overlayHints(_ overlay: Overlay) -> [Hint] {
    func hint(_ command: Command, _ text: String) -> Hint {
      Hint(key: state.keys.key(of: command), text: text, scope: "key.description")
    }
    switch overlay {
    case .review:
      return [
        hint(.choose, "open"), hint(.close, "cancel"), hint(.cycleFilter, "which turns"),
        hint(.itemDown, "down"), hint(.itemPageDown, "page"),
      ]
    case .help, .guidelines, .agreement, .opinions:
      return [hint(.close, "close"), hint(.itemDown, "down"), hint(.itemPageDown, "page")]
    case .palette, .themes:
      return [hint(.choose, "choose"), hint(.close, "cancel"), hint(.itemDown, "down")]
    case .dialogues:
      return [
        hint(.choose, "open"), hint(.close, "cancel"), hint(.cycleFilter, "all/unfinished/flagged"),
      ]
    case .prompt:
      return [hint(.choose, "done"), hint(.close, "cancel")]
    case .dimensions:
      return [
        Hint(key: "digit", text: "value", scope: "key.description"), hint(.itemUp, "back"),
        hint(.close, "leave the rest open"),
      ]
    case .confirmQuit:
      return [hint(.confirm, "quit all the same"), hint(.close, "stay")]
    }
  }
}
