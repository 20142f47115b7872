/// How a scope looks.
public struct Style: Hashable, Sendable {
  /// The colour of the text.
  public var foreground: Color
  /// The colour behind it.
  public var background: Color
  /// Bold and the like.
  public var attributes: Attributes

  /// Creates a style; without arguments, the terminal's own.
  public init(
    foreground: Color = .standard, background: Color = .standard, attributes: Attributes = []
  ) {
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }

  /// The style in the numbers a terminal of that depth takes.
  ///
  /// Two things are taken care of on terminals of few colours. Bright text becomes bold where there
  /// are only eight. Where text and background are mapped to one and the same colour, the text
  /// becomes black or white, whichever can be read.
  public func rendered(at depth: ColorDepth) -> RenderedStyle {
    var attributes = attributes
    var front = foreground.index(at: depth)
    let back = background.index(at: depth)
    if depth == .eight, case .indexed(8..<16) = foreground { attributes.insert(.bold) }
    if let back, front == back, foreground != background {
      front = Color.luminance(Color.xterm(back)) < 0.18 ? 7 : 0
    }
    return RenderedStyle(foreground: front, background: back, attributes: attributes)
  }
}

/// A style in a terminal's own numbers.
public struct RenderedStyle: Hashable, Sendable {
  /// The number of the text's colour; `nil` for the terminal's own.
  public var foreground: UInt8?
  /// The number of the colour behind it; `nil` for the terminal's own.
  public var background: UInt8?
  /// Bold and the like.
  public var attributes: Attributes
}
