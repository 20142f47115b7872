import Dialogues
import Screen

// The pages of text an annotator can open, as lines; made here because scrolling has to know how
// many there are.

extension State {
  var pageWidth: Int { min(76, max(30, size.columns - 8)) }

  /// All keys by group, as the annotator has set them.
  var helpLines: [(String, Scope)] {
    var lines: [(String, Scope)] = []
    lines.append(("Labels", "help.heading"))
    for label in project.scheme.labels {
      let text = "\(label.key.padded(to: 14))\(label.name.padded(to: 13))\(label.definition)"
      lines.append((text.truncated(to: pageWidth), "text"))
    }
    // In a review its own keys come first: some of labelling's mean something else there.
    let others = Command.Group.allCases.filter { $0 != .review }
    for group in (review == nil ? [] : [.review]) + others {
      lines.append(("", "text"))
      lines.append((group.rawValue, "help.heading"))
      for command in Command.allCases where command.group == group {
        let names = keys.keys(of: command).joined(separator: " ")
        lines.append(("\(names.padded(to: 14))\(command.summary)", "text"))
      }
    }
    return lines
  }

  var helpLineCount: Int { helpLines.count }

  /// The project's guidelines, Markdown shown as text, and the definition of every label.
  var guidelineLines: [(String, Scope)] {
    var lines: [(String, Scope)] = []
    for line in project.scheme.guidelines.split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    {
      if line.hasPrefix("#") {
        let heading = line.drop { $0 == "#" || $0 == " " }
        lines += String(heading).wrapped(to: pageWidth).map { ($0, "help.heading") }
      } else {
        lines += String(line).wrapped(to: pageWidth).map { ($0, "text") }
      }
    }
    if !lines.isEmpty { lines.append(("", "text")) }
    lines.append(("Labels", "help.heading"))
    for label in project.scheme.labels {
      let definition = label.definition.isEmpty ? "(no definition)" : label.definition
      let text = "\(label.key)  \(label.glyph)  \(label.name): \(definition)"
      lines += text.wrapped(to: pageWidth).map { ($0, "text") }
    }
    for dimension in project.scheme.dimensions {
      let text =
        "\(dimension.name): \(dimension.low) \(dimension.lowMeaning) "
        + "to \(dimension.high) \(dimension.highMeaning)"
      lines += text.wrapped(to: pageWidth).map { ($0, "text") }
    }
    return lines
  }

  var guidelineLineCount: Int { guidelineLines.count }
}
