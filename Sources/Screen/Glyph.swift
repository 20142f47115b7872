import Synchronization

/// What one cell shows: a single extended grapheme cluster.
///
/// A cluster of one scalar, which is nearly all of them, is stored as that scalar. Longer ones
/// (an emoji family, a letter with combining marks) are interned, so that a glyph is always four
/// bytes and painting a frame allocates nothing.
public struct Glyph: Hashable, Sendable {
  let code: UInt32

  /// A blank.
  public static let space = Glyph(code: 0x20)

  private init(code: UInt32) {
    self.code = code
  }

  init(_ scalar: Unicode.Scalar) {
    code = scalar.value
  }

  init(ascii: UInt8) {
    code = UInt32(ascii)
  }

  /// The glyph of a cluster, which must not be empty.
  ///
  /// Text is hostile: a cluster may be a letter under a thousand marks and a corpus may hold
  /// millions of different ones, so a cluster is cut after 16 scalars, and when 65,536 different
  /// ones are known, a new one is shown as its first scalar alone.
  init(scalars: [Unicode.Scalar]) {
    if scalars.count == 1 {
      self.init(scalars[0])
    } else {
      let cluster = Array(scalars.prefix(Self.scalarLimit))
      self.init(code: Self.clusters.withLock { $0.code(of: cluster) } ?? scalars[0].value)
    }
  }

  /// The scalars of the cluster, in order.
  public var scalars: [Unicode.Scalar] {
    if let scalar = Unicode.Scalar(code) { return [scalar] }
    return Self.clusters.withLock { $0.list[Int(code & ~Self.interned)] }
  }

  /// The scalar, if the cluster has only one.
  public var scalar: Unicode.Scalar? { Unicode.Scalar(code) }

  /// The cluster as text.
  public var text: String {
    var text = ""
    append(to: &text)
    return text
  }

  func append(to text: inout String) {
    if let scalar {
      text.unicodeScalars.append(scalar)
    } else {
      text.unicodeScalars.append(contentsOf: scalars)
    }
  }

  static let scalarLimit = 16
  private static let clusterLimit = 65_536
  /// No Unicode scalar has this bit.
  private static let interned: UInt32 = 0x8000_0000
  private static let clusters = Mutex(Clusters())

  private struct Clusters: Sendable {
    var list: [[Unicode.Scalar]] = []
    var codes: [[Unicode.Scalar]: UInt32] = [:]

    mutating func code(of cluster: [Unicode.Scalar]) -> UInt32? {
      if let code = codes[cluster] { return code }
      guard list.count < Glyph.clusterLimit else { return nil }
      let code = Glyph.interned | UInt32(list.count)
      list.append(cluster)
      codes[cluster] = code
      return code
    }
  }
}

/// One cell of a frame: a glyph or the right half of a wide one, and what it means.
public struct Cell: Hashable, Sendable {
  /// What is shown; a blank in the right half of a wide glyph.
  public let glyph: Glyph
  /// What it means.
  public let scope: Scope
  /// A scope drawn behind it (`turn.current` behind a whole row); ``Scope/text`` for none.
  public internal(set) var backdrop: Scope
  /// What is added to the scope's style.
  public internal(set) var attributes: Attributes
  /// Columns the glyph takes: 1, 2, or 0 for the right half of a wide glyph.
  public let columns: UInt8

  init(
    _ glyph: Glyph, columns: UInt8 = 1, scope: Scope = .text, backdrop: Scope = .text,
    attributes: Attributes = []
  ) {
    self.glyph = glyph
    self.scope = scope
    self.backdrop = backdrop
    self.attributes = attributes
    self.columns = columns
  }

  /// A blank cell without meaning.
  public static let blank = Cell(.space)

  /// Whether this is the right half of the glyph to its left.
  public var isContinuation: Bool { columns == 0 }
}
