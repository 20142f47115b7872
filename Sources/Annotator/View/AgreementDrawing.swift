import Screen

// How far people agree, as lines: words first, then the number, then a bar, so that nothing is told by
// a bar or a colour alone.

/// Text with its meaning.
struct StyledText: Equatable {
  var text: String
  var scope: Scope

  init(_ text: String, _ scope: Scope = "text") {
    self.text = text
    self.scope = scope
  }
}

/// A line of text whose parts have different meanings.
typealias StyledLine = [StyledText]

extension State {
  /// The lines of the live view.
  func agreementLines(_ view: AgreementView) -> [StyledLine] {
    if let problem = view.problem {
      return problem.wrapped(to: pageWidth).map { [StyledText($0, "status.error")] }
    }
    guard let board = view.board else { return [[StyledText("Computing…", "status.busy")]] }
    var lines: [StyledLine] = [
      number("α", "Krippendorff's α", board.alpha), number("raw", "Raw agreement", board.raw),
      number("AC1", "Gwet's AC1", board.ac1),
      [
        StyledText(
          "\(board.sharedTurns) of \(board.turns) turns rated by two or more people", "text.muted")
      ],
    ]
    if !board.labels.isEmpty {
      lines += heading("Labels: α against the rest")
      lines += board.labels.map { line in
        number(
          line.label, line.label, line.alpha, after: "\(line.ratings)",
          scope: labelScope(line.label))
      }
    }
    if !board.pairs.isEmpty {
      lines += heading("Pairs: Cohen's κ, turns both rated")
      lines += board.pairs.map { pair in
        let names = pair.names.joined(separator: " · ")
        return number(names, names, pair.kappa, after: "\(pair.turns)")
      }
    }
    if !board.confusions.isEmpty {
      lines += heading("Mixed up most, share of all differing pairs")
      lines += board.confusions.map { line in
        let percent = Int((100 * line.share).rounded())
        return [
          StyledText(nameCell(line.labels.joined(separator: " · ")), "text"),
          StyledText("\(percent) %".padded(to: 6, aligned: .right), "text.strong"),
          StyledText("  " + bar(line.share), "text.muted"),
        ]
      }
    }
    lines += heading("Progress")
    lines += board.raters.map { rater in
      let share = board.turns > 0 ? Double(rater.labelled) / Double(board.turns) : 0
      return [
        StyledText(nameCell(rater.name), rater.name == project.rater ? "text.strong" : "text"),
        StyledText("\(rater.labelled)".padded(to: 6, aligned: .right), "text.strong"),
        StyledText("  " + bar(share), "text.muted"),
      ]
    }
    return lines
  }

  private var isNarrow: Bool { pageWidth < 56 }

  private var nameColumns: Int { isNarrow ? 11 : 24 }

  private func nameCell(_ name: String) -> String {
    name.truncated(to: nameColumns - 1).padded(to: nameColumns)
  }

  private func heading(_ text: String) -> [StyledLine] {
    [[], [StyledText(text.truncated(to: pageWidth), "help.heading")]]
  }

  private func labelScope(_ label: String) -> Scope { Painter(state: self).scope(ofLabel: label) }

  /// A name, its value, its interval and a bar; a reason instead of all where there is no value.
  private func number(
    _ short: String, _ name: String, _ number: AgreementBoard.Number, after: String = "",
    scope: Scope = "text"
  ) -> StyledLine {
    let start = StyledText(nameCell(isNarrow ? short : name), scope)
    guard let value = number.value else {
      let room = max(0, pageWidth - nameColumns)
      return [start, StyledText("undefined: \(number.reason)".truncated(to: room), "text.muted")]
    }
    let interval = number.interval.map {
      "[\(fixedText($0.lowerBound, minus: minus)), \(fixedText($0.upperBound, minus: minus))]"
    }
    let detail = isNarrow ? interval ?? after : (interval ?? after).padded(to: 15)
    return [
      start,
      StyledText(fixedText(value, minus: minus).padded(to: 6, aligned: .right), "text.strong"),
      StyledText("  " + detail, "text.muted"), StyledText(isNarrow ? "" : bar(value), "text.muted"),
    ]
  }

  private var minus: String { glyphs.isUnicode ? "−" : "-" }

  private func bar(_ share: Double) -> String {
    let columns = max(0, pageWidth - nameColumns - 6 - 2 - (isNarrow ? 0 : 17))
    return barText(share, columns: columns, isUnicode: glyphs.isUnicode)
  }
}

/// A number with two decimals: `0.58`, `−0.07`.
private func fixedText(_ value: Double, minus: String) -> String {
  guard value.isFinite, abs(value) < 1000 else { return "?" }
  let hundredths = Int((abs(value) * 100).rounded())
  let sign = value < 0 && hundredths > 0 ? minus : ""
  return "\(sign)\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
}
