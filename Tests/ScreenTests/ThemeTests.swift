import Glibc
import Testing

@testable import Screen

@Suite("Themes")
struct ThemeTests {
  static let bundled = [
    "dark", "light", "high-contrast", "colour-blind", "monochrome", "dusk",
  ]

  /// The text of a file in the package's `themes` folder.
  static func file(_ name: String) -> String? {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    guard let file = fopen("/\(root)/themes/\(name).toml", "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  static func theme(_ name: String) throws -> Theme {
    let text = try #require(file(name), "themes/\(name).toml is missing")
    let (theme, warnings) = Theme.parse(
      text, name: name, file: "\(name).toml", inheriting: file)
    #expect(warnings.map(\.description) == [])
    return theme
  }

  @Test(arguments: bundled)
  func `a bundled theme has no warnings and every scope`(name: String) throws {
    let theme = try Self.theme(name)
    #expect(theme.name == name)
    for scope in Theme.scopes {
      var prefix = scope[...]
      while theme.entries[String(prefix)] == nil, let dot = prefix.lastIndex(of: ".") {
        prefix = prefix[..<dot]
      }
      #expect(theme.entries[String(prefix)] != nil, "\(name) says nothing of \(scope)")
    }
  }

  /// WCAG 2.2: 4.5 for text (1.4.3), 3 for graphics (1.4.11).
  @Test(arguments: bundled)
  func `a bundled theme can be read`(name: String) throws {
    let theme = try Self.theme(name)
    let graphics: Set<String> = [
      "border", "border.focus", "bar", "bar.empty", "waveform", "waveform.played",
    ]
    let backdrops: [Scope] = [.text, "turn.current", "selection", "status"]
    for scope in Theme.scopes {
      for backdrop in backdrops {
        let cell = Cell(.space, scope: Scope(scope), backdrop: backdrop)
        let style = theme.style(of: cell)
        guard let contrast = Color.contrast(style.foreground, style.background) else { continue }
        let wanted = graphics.contains(scope) ? backdrop == .text ? 3 : 1.5 : 4.5
        #expect(contrast >= wanted, "\(name): \(scope) on \(backdrop) has \(contrast)")
      }
    }
  }

  @Test func `emotions are told apart without colour in the monochrome theme by their glyphs only`()
    throws
  {
    let theme = try Self.theme("monochrome")
    for scope in Theme.scopes {
      let style = theme.resolve(Scope(scope))
      #expect(style.foreground == .standard && style.background == .standard)
    }
  }

  @Test func `the colour-blind theme gives every emotion its own look`() throws {
    let theme = try Self.theme("colour-blind")
    let looks = Theme.scopes.filter { $0.hasPrefix("emotion.") }.map { theme.resolve(Scope($0)) }
    #expect(Set(looks).count == looks.count)
  }

  @Test func `a scope looks like its longest prefix, and leaves open what that leaves open`() {
    let (theme, warnings) = Theme.parse(
      """
      [palette]
      sun = "#f0e442"
      [scopes]
      text = { fg = "white", bg = "black" }
      emotion = { fg = "cyan", modifiers = ["bold"] }
      "emotion.joy" = { fg = "sun" }
      note = 214
      """, name: "mine", file: "mine.toml")
    #expect(warnings == [])
    #expect(
      theme.resolve("emotion.joy.extra")
        == Style(
          foreground: .rgb(0xF0, 0xE4, 0x42), background: .indexed(0), attributes: .bold))
    #expect(theme.resolve("emotion.fear").foreground == .indexed(6))
    #expect(theme.resolve("emotional").foreground == .indexed(7))
    #expect(theme.resolve("note").foreground == .indexed(214))
    #expect(theme.resolve("unheard.of") == theme.resolve(.text))
  }

  @Test func `a theme inherits entries and gives them its own palette`() {
    let files = [
      "base":
        "[palette]\nink = \"red\"\n[scopes]\ntext = \"ink\"\nnote = { fg = \"ink\", modifiers = [\"bold\"] }"
    ]
    let (theme, warnings) = Theme.parse(
      "inherits = \"base\"\n[palette]\nink = \"blue\"\n[scopes]\nflag = \"green\"", name: "child",
      file: "child.toml", inheriting: { files[$0] })
    #expect(warnings == [])
    #expect(theme.resolve("note") == Style(foreground: .indexed(4), attributes: .bold))
    #expect(theme.resolve("flag").foreground == .indexed(2))
  }

  @Test func `mistakes are named with file, key and what was expected, and the rest holds`() {
    let (theme, warnings) = Theme.parse(
      """
      inherits = "nobody"
      colour = 3
      [palette]
      sun = "yelow"
      [scopes]
      text = { fg = "reddish", bold = true }
      note = { modifiers = ["blink"] }
      flag = 256
      emotion.joy = { fg = "red" }
      skip = "blue"
      """, name: "mine", file: "mine.toml")
    let messages = warnings.map(\.description)
    for expected in [
      "mine.toml: inherits: there is no theme called nobody.",
      "mine.toml: colour: unknown; expected inherits, [palette] or [scopes].",
      "mine.toml: palette.sun: \"yelow\" is not a colour; expected a colour name",
      "mine.toml: scopes.text.fg: \"reddish\" is not a colour; expected",
      "mine.toml: scopes.text.bold: unknown; expected fg, bg or modifiers.",
      "mine.toml: scopes.note.modifiers: \"blink\" is unknown; expected bold",
      "mine.toml: scopes.flag: expected",
      "mine.toml: scopes.emotion.joy: unknown; expected fg, bg or modifiers. A scope with a dot",
    ] {
      #expect(messages.contains { $0.hasPrefix(expected) }, "\(expected)\n\(messages)")
    }
    #expect(messages.count == 8)
    #expect(theme.resolve("skip").foreground == .indexed(4))
  }

  @Test func `a file that is not TOML gives the fallback and the line`() {
    let (theme, warnings) = Theme.parse("[scopes\n", name: "broken", file: "broken.toml")
    #expect(theme == .fallback)
    #expect(warnings.map(\.description).first?.hasPrefix("broken.toml: line 1 is not TOML") == true)
  }

  @Test func `a theme that inherits from itself is reported`() {
    let files = ["a": "inherits = \"b\"", "b": "inherits = \"a\""]
    let (_, warnings) = Theme.parse(
      "inherits = \"b\"", name: "a", file: "a.toml", inheriting: { files[$0] })
    #expect(warnings.map(\.message) == ["the theme a inherits from itself; name another one."])
  }

  @Test func `the fallback has every scope and needs no colour beyond sixteen`() {
    for scope in Theme.scopes {
      for color in [
        Theme.fallback.resolve(Scope(scope)).foreground,
        Theme.fallback.resolve(Scope(scope)).background,
      ] {
        switch color {
        case .standard, .indexed(0..<16): break
        default: Issue.record("\(scope) needs \(color)")
        }
      }
    }
  }

  @Test func `a backdrop shows behind plain and coloured text, and reversing twice is upright`() {
    let theme = Theme.parse(
      """
      [scopes]
      text = { fg = "white", bg = "black" }
      "turn.current" = { fg = "bright-white", bg = "blue", modifiers = ["reverse"] }
      "emotion.joy" = "yellow"
      """, name: "t", file: "t.toml"
    ).theme
    let joy = Cell(.space, scope: "emotion.joy", backdrop: "turn.current")
    #expect(
      theme.style(of: joy)
        == Style(foreground: .indexed(3), background: .indexed(4), attributes: .reverse))
    let cursor = Cell(.space, scope: "text", backdrop: "turn.current", attributes: .reverse)
    #expect(
      theme.style(of: cursor) == Style(foreground: .indexed(15), background: .indexed(4)))
  }

  @Test(arguments: bundled)
  func `without colour what is current or selected is still marked`(name: String) throws {
    let theme = try Self.theme(name)
    for scope in ["turn.current", "selection"] as [Scope] {
      let drawn = theme.render(Cell(.space, scope: scope), at: .none)
      #expect(drawn.foreground == nil && drawn.background == nil)
      #expect(drawn.attributes.contains(.reverse))
    }
  }
}
