/// A theme worked out for a terminal of some depth: the style of every kind of cell is worked out
/// once, because a frame has thousands of cells but few kinds.
public struct StyleCache {
  /// The theme.
  public let theme: Theme
  private let depth: ColorDepth
  private var styles: [UInt64: RenderedStyle] = [:]
  private var lastKind: UInt64 = .max
  private var lastStyle = RenderedStyle(attributes: [])

  /// Creates a cache that knows nothing yet.
  public init(_ theme: Theme, depth: ColorDepth) {
    self.theme = theme
    self.depth = depth
  }

  /// The style of a cell, as ``Theme/render(_:at:)`` gives it.
  public mutating func style(of cell: Cell) -> RenderedStyle {
    let kind =
      UInt64(cell.scope.id) << 32 | UInt64(cell.backdrop.id) << 16
      | UInt64(cell.attributes.rawValue)
    if kind == lastKind { return lastStyle }
    let style = styles[kind] ?? theme.render(cell, at: depth)
    styles[kind] = style
    lastKind = kind
    lastStyle = style
    return style
  }
}
