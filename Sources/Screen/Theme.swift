/// What every scope looks like.
///
/// A scope without an entry of its own looks like its longest dotted prefix that has one, and what
/// that entry leaves open comes from the next shorter prefix and in the end from `text`:
/// `emotion.joy`, then `emotion`, then `text`.
public struct Theme: Equatable, Sendable {
  /// The name it is chosen by, such as `dark`.
  public let name: String
  let entries: [String: Entry]

  /// What a theme says of one scope.
  struct Entry: Equatable, Sendable {
    var foreground: Color?
    var background: Color?
    var attributes: Attributes?
  }

  /// The style of a scope.
  public func resolve(_ scope: Scope) -> Style {
    resolve(scope.name)
  }

  private func resolve(_ scope: String) -> Style {
    var entry = Entry()
    var name = scope[...]
    while true {
      overlay(entries[String(name)], under: &entry)
      guard let dot = name.lastIndex(of: ".") else { break }
      name = name[..<dot]
    }
    overlay(entries["text"], under: &entry)
    return Style(
      foreground: entry.foreground ?? .standard, background: entry.background ?? .standard,
      attributes: entry.attributes ?? [])
  }

  private func overlay(_ wider: Entry?, under entry: inout Entry) {
    guard let wider else { return }
    entry.foreground = entry.foreground ?? wider.foreground
    entry.background = entry.background ?? wider.background
    entry.attributes = entry.attributes ?? wider.attributes
  }

  /// The style of a cell: that of its scope, with the background of its backdrop where the scope
  /// has none of its own, and the cell's own attributes.
  ///
  /// Reversing what is reversed already gives the upright again, so that a cursor stays visible on
  /// a reversed line.
  public func style(of cell: Cell) -> Style {
    let plain = resolve(.text)
    var style = resolve(cell.scope)
    if cell.backdrop != .text {
      let behind = resolve(cell.backdrop)
      if style.background == plain.background { style.background = behind.background }
      if style.foreground == plain.foreground { style.foreground = behind.foreground }
      style.attributes.formUnion(behind.attributes)
    }
    let reversed = style.attributes.symmetricDifference(cell.attributes).contains(.reverse)
    style.attributes.formUnion(cell.attributes)
    style.attributes.remove(.reverse)
    if reversed { style.attributes.insert(.reverse) }
    return style
  }

  /// The style of a cell in the numbers a terminal of that depth takes.
  ///
  /// Without colours, what the theme marks by its background alone is marked by reversing it.
  public func render(_ cell: Cell, at depth: ColorDepth) -> RenderedStyle {
    var style = style(of: cell)
    if depth == .none, style.background != resolve(.text).background,
      !style.attributes.contains(.reverse)
    {
      style.attributes.insert(.reverse)
    }
    return style.rendered(at: depth)
  }

  /// The scopes a theme must have, itself or by a prefix.
  public static let scopes: [String] =
    [
      "text", "text.muted", "text.strong", "title", "border", "border.focus", "turn",
      "turn.current", "turn.word", "turn.number",
    ] + (1...8).map { "speaker.\($0)" } + ["emotion"]
    + [
      "neutral", "surprise", "joy", "anger", "sadness", "disgust", "fear", "excited",
      "frustration", "happiness", "peaceful", "powerful", "other",
    ].map { "emotion.\($0)" } + [
      "suggestion", "suggestion.refined", "influence.for", "influence.against", "trigger",
      "waveform", "waveform.played", "waveform.cursor", "bar", "bar.empty", "status",
      "status.saved", "status.error", "status.busy", "key", "key.description", "input",
      "selection", "flag", "note", "skip", "help.heading",
    ]

  /// The theme that is always there: the terminal's own 16 colours on its own background.
  public static let fallback: Theme = {
    func entry(_ color: UInt8?, _ attributes: Attributes? = nil) -> Entry {
      Entry(foreground: color.map { .indexed($0) }, attributes: attributes)
    }
    var entries: [String: Entry] = [
      "text": Entry(foreground: .standard, background: .standard, attributes: []),
      "text.muted": entry(nil, .dim), "text.strong": entry(nil, .bold),
      "title": entry(nil, .bold), "border": entry(nil, .dim), "border.focus": entry(6),
      "turn": entry(nil), "turn.current": entry(nil, .reverse), "turn.number": entry(nil, .dim),
      "turn.word": entry(nil, [.bold, .underline]),
      "speaker": entry(nil, .bold), "emotion": entry(nil),
      "suggestion": entry(nil), "suggestion.refined": entry(5, .bold),
      "influence.for": entry(2), "influence.against": entry(1), "trigger": entry(5, .bold),
      "waveform": entry(6), "waveform.played": entry(2), "waveform.cursor": entry(nil, .reverse),
      "bar": entry(6), "bar.empty": entry(nil, .dim),
      "status": entry(nil), "status.saved": entry(2), "status.error": entry(1, .bold),
      "status.busy": entry(3), "key": entry(nil, .bold), "key.description": entry(nil),
      "input": entry(nil, .underline), "selection": entry(nil, .reverse),
      "flag": entry(1, .bold), "note": entry(3), "skip": entry(nil, .dim),
      "help.heading": entry(nil, [.bold, .underline]),
    ]
    let speakers: [UInt8] = [6, 3, 2, 5, 4, 1, 14, 11]
    for (place, color) in speakers.enumerated() { entries["speaker.\(place + 1)"] = entry(color) }
    let emotions: [(String, UInt8?)] = [
      ("neutral", nil), ("surprise", 6), ("joy", 3), ("anger", 1), ("sadness", 4),
      ("disgust", 2), ("fear", 5), ("excited", 11), ("frustration", 9), ("happiness", 11),
      ("peaceful", 14), ("powerful", 13), ("other", nil),
    ]
    for (name, color) in emotions { entries["emotion.\(name)"] = entry(color) }
    return Theme(name: "terminal", entries: entries)
  }()
}
