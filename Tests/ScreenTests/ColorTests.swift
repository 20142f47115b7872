import Testing

@testable import Screen

@Suite("Colours")
struct ColorTests {
  @Test func `a colour is a name, a number or six digits`() {
    #expect(Color("red") == .indexed(1))
    #expect(Color("bright-white") == .indexed(15))
    #expect(Color("214") == .indexed(214))
    #expect(Color("#e69F00") == .rgb(0xE6, 0x9F, 0x00))
    #expect(Color("default") == .standard)
    for wrong in ["", "#fff", "#12345g", "#+12345", "256", "-1", "+1", "reddish", "Red"] {
      #expect(Color(wrong) == nil, "\(wrong)")
    }
  }

  /// Lightness and the two axes of three colours, from the table in the article that defines Oklab
  /// (X = 0.950, 1.000, 1.089 is white) and from CSS Color 4's sample conversions of sRGB red and blue.
  @Test func `Oklab is that of its author`() {
    let samples: [(Color.RGB, (Double, Double, Double))] = [
      ((255, 255, 255), (1, 0, 0)), ((255, 0, 0), (0.62796, 0.22486, 0.12585)),
      ((0, 0, 255), (0.45201, -0.03246, -0.31153)),
    ]
    for (color, (l, a, b)) in samples {
      let found = Color.oklab(color)
      #expect(abs(found.0 - l) < 1e-4 && abs(found.1 - a) < 1e-4 && abs(found.2 - b) < 1e-4)
    }
  }

  @Test func `an exact colour becomes the nearest that there is`() {
    #expect(Color.rgb(255, 0, 0).index(at: .twoHundredFiftySix) == 196)
    #expect(Color.rgb(0x5F, 0xAF, 0xFF).index(at: .twoHundredFiftySix) == 75)
    #expect(Color.rgb(8, 8, 8).index(at: .twoHundredFiftySix) == 232)
    #expect(Color.rgb(250, 5, 5).index(at: .sixteen) == 9)
    #expect(Color.rgb(200, 10, 10).index(at: .eight) == 1)
    #expect(Color.rgb(0, 0, 0).index(at: .eight) == 0)
    #expect(Color.rgb(1, 2, 3).index(at: .none) == nil)
    #expect(Color.indexed(9).index(at: .eight) == 1)
    #expect(Color.indexed(196).index(at: .sixteen) == 9)
    #expect(Color.standard.index(at: .twoHundredFiftySix) == nil)
  }

  /// The examples of WCAG 2.2's definition: black on white is 21:1, and #777777 on white the
  /// well-known 4.48 that just fails.
  @Test func `contrast is WCAG's`() throws {
    let black = try #require(Color.contrast(.rgb(0, 0, 0), .rgb(255, 255, 255)))
    #expect(abs(black - 21) < 1e-9)
    let grey = try #require(Color.contrast(.rgb(255, 255, 255), .rgb(0x77, 0x77, 0x77)))
    #expect(abs(grey - 4.48) < 0.005)
    #expect(Color.contrast(.standard, .rgb(0, 0, 0)) == nil)
  }

  @Test func `text never gets the colour of what is behind it`() {
    for depth in ColorDepth.allCases {
      for value in stride(from: 0, to: 256, by: 15) {
        let near = Style(
          foreground: .rgb(UInt8(value), 60, 90), background: .rgb(UInt8(value), 66, 99))
        let drawn = near.rendered(at: depth)
        #expect(drawn.foreground == nil || drawn.foreground != drawn.background)
      }
    }
  }

  @Test func `bright text is bold where there are eight colours`() {
    let style = Style(foreground: .indexed(11), attributes: .underline)
    #expect(
      style.rendered(at: .eight)
        == RenderedStyle(foreground: 3, background: nil, attributes: [.bold, .underline]))
    #expect(style.rendered(at: .sixteen).foreground == 11)
  }
}
