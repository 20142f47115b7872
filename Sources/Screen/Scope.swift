import Synchronization

/// What a cell means, as a dotted name such as `emotion.joy` or `turn.current`.
///
/// A theme turns scopes into colours; the code that draws never names a colour.
///
/// Names are interned, so that a scope is two bytes in a cell and comparing two is one instruction.
public struct Scope: Hashable, Sendable {
  let id: UInt16

  /// The scope of ordinary text; every other scope falls back to it.
  public static let text: Scope = "text"

  /// The scope of that name.
  ///
  /// The number of different names is limited to 65,535 (labels of imported schemes become names,
  /// so it cannot be left open); beyond that, ``text``.
  public init(_ name: String) {
    id = Self.names.withLock { $0.id(of: name) }
  }

  /// The dotted name.
  public var name: String { Self.names.withLock { $0.names[Int(id)] } }

  private struct Names: Sendable {
    var names = ["text"]
    var ids: [String: UInt16] = ["text": 0]

    mutating func id(of name: String) -> UInt16 {
      if let id = ids[name] { return id }
      guard names.count < Int(UInt16.max) else { return 0 }
      let id = UInt16(names.count)
      names.append(name)
      ids[name] = id
      return id
    }
  }

  private static let names = Mutex(Names())
}

extension Scope: ExpressibleByStringInterpolation {
  /// The scope of that name.
  public init(stringLiteral name: String) {
    self.init(name)
  }
}

extension Scope: CustomStringConvertible {
  /// The dotted name.
  public var description: String { name }
}

/// What a cell adds to the style of its scope.
public struct Attributes: OptionSet, Hashable, Sendable {
  /// One bit an attribute.
  public let rawValue: UInt8

  /// Creates a set from its bits.
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// Bold.
  public static let bold = Attributes(rawValue: 1)
  /// Foreground and background exchanged.
  public static let reverse = Attributes(rawValue: 2)
  /// Underlined.
  public static let underline = Attributes(rawValue: 4)
  /// Fainter than normal.
  public static let dim = Attributes(rawValue: 8)
  /// Italic, where the terminal can.
  public static let italic = Attributes(rawValue: 16)
}
