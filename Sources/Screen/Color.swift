internal import Glibc

/// A colour, as a theme gives it.
public enum Color: Hashable, Sendable {
  /// Whatever the terminal uses for text, or for the space behind it.
  case standard
  /// One of the terminal's colours: 0 to 15 are the named ones, 16 to 255 xterm's cube and greys.
  case indexed(UInt8)
  /// Red, green and blue in sRGB.
  case rgb(UInt8, UInt8, UInt8)

  /// The names of the first 16 colours, in their order.
  public static let names = [
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
    "bright-black", "bright-red", "bright-green", "bright-yellow", "bright-blue",
    "bright-magenta", "bright-cyan", "bright-white",
  ]

  /// Parses `default`, one of ``names``, a number from 0 to 255 or `#rrggbb`; `nil` for the rest.
  public init?(_ text: String) {
    if text == "default" {
      self = .standard
    } else if let index = Self.names.firstIndex(of: text) {
      self = .indexed(UInt8(index))
    } else if text.utf8.first == UInt8(ascii: "#") {
      let digits = text.utf8.dropFirst()
      guard digits.count == 6, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
        let value = UInt32(text.dropFirst(), radix: 16)
      else { return nil }
      self = .rgb(
        UInt8(value >> 16), UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value))
    } else {
      guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let index = UInt8(text) else {
        return nil
      }
      self = .indexed(index)
    }
  }

  /// The colour's number on a terminal of that depth; `nil` for the terminal's own.
  ///
  /// An exact colour is mapped to the nearest the terminal has, by distance in Oklab. With 256
  /// colours only the fixed 240 are candidates, because users redefine the first 16.
  public func index(at depth: ColorDepth) -> UInt8? {
    switch self {
    case .standard:
      return nil
    case .indexed(let index):
      switch depth {
      case .none: return nil
      case .eight: return index < 16 ? index % 8 : Self.nearest(to: Self.xterm(index), in: 0..<8)
      case .sixteen: return index < 16 ? index : Self.nearest(to: Self.xterm(index), in: 0..<16)
      case .twoHundredFiftySix: return index
      }
    case .rgb(let red, let green, let blue):
      let color = (red, green, blue)
      switch depth {
      case .none: return nil
      case .eight: return Self.nearest(to: color, in: 0..<8)
      case .sixteen: return Self.nearest(to: color, in: 0..<16)
      case .twoHundredFiftySix: return Self.nearest(to: color, in: 16..<256)
      }
    }
  }

  /// The contrast of two exact colours, 1 to 21, by WCAG 2.2 ("contrast ratio"); `nil` where
  /// either is left to the terminal.
  public static func contrast(_ one: Color, _ other: Color) -> Double? {
    guard case .rgb(let r1, let g1, let b1) = one, case .rgb(let r2, let g2, let b2) = other else {
      return nil
    }
    let first = luminance((r1, g1, b1))
    let second = luminance((r2, g2, b2))
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)
  }

  typealias RGB = (UInt8, UInt8, UInt8)

  /// The relative luminance of WCAG 2.2, 0 to 1.
  static func luminance(_ color: RGB) -> Double {
    0.2126 * linear(color.0) + 0.7152 * linear(color.1) + 0.0722 * linear(color.2)
  }

  /// What xterm shows for one of its 256 colours: `XTerm-col.ad` for the first 16, `256colres.pl`
  /// for the rest.
  static func xterm(_ index: UInt8) -> RGB {
    switch index {
    case 0..<16:
      return firstSixteen[Int(index)]
    case 16..<232:
      let levels: [UInt8] = [0, 95, 135, 175, 215, 255]
      let place = Int(index) - 16
      return (levels[place / 36], levels[place / 6 % 6], levels[place % 6])
    default:
      let grey = 8 + (index - 232) * 10
      return (grey, grey, grey)
    }
  }

  private static let firstSixteen: [RGB] = [
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0),
    (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
    (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0),
    (92, 92, 255), (255, 0, 255), (0, 255, 255), (255, 255, 255),
  ]

  private static let oklabs: [(Double, Double, Double)] = (0..<256).map { oklab(xterm(UInt8($0))) }

  private static func nearest(to color: RGB, in candidates: Range<Int>) -> UInt8 {
    let (l, a, b) = oklab(color)
    var best = candidates.lowerBound
    var bestDistance = Double.infinity
    for candidate in candidates {
      let other = oklabs[candidate]
      let distance =
        (l - other.0) * (l - other.0) + (a - other.1) * (a - other.1)
        + (b - other.2) * (b - other.2)
      if distance < bestDistance {
        best = candidate
        bestDistance = distance
      }
    }
    return UInt8(best)
  }

  /// sRGB to Oklab; matrices from Björn Ottosson, "A perceptual color space for image processing"
  /// (2020), https://bottosson.github.io/posts/oklab/.
  static func oklab(_ color: RGB) -> (Double, Double, Double) {
    let r = linear(color.0)
    let g = linear(color.1)
    let b = linear(color.2)
    let l = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    let m = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    let s = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    return (
      0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
      1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
      0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s
    )
  }

  private static func linear(_ value: UInt8) -> Double {
    let share = Double(value) / 255
    return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
  }
}

/// How many colours a terminal has.
public enum ColorDepth: Int, Comparable, Sendable, CaseIterable {
  /// No colour, or none wanted: bold, reverse and underline remain.
  case none = 0
  /// The eight of ISO 6429.
  case eight = 8
  /// Those and their bright counterparts.
  case sixteen = 16
  /// xterm's 256.
  case twoHundredFiftySix = 256

  /// Fewer colours come first.
  public static func < (one: ColorDepth, other: ColorDepth) -> Bool {
    one.rawValue < other.rawValue
  }
}
