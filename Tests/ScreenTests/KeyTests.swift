import Screen
import Testing

@Suite("Names of keys")
struct KeyTests {
  @Test(arguments: [
    ("u", Key.character("u")), ("U", .character("U")), ("Space", .character(" ")),
    ("Ctrl-R", .control("r")), ("Enter", .enter), ("PageDown", .pageDown), ("F1", .function(1)),
    ("F12", .function(12)), ("Alt-x", .alt(.character("x"))), ("Alt-Up", .alt(.up)),
    ("BackTab", .backTab), ("Escape", .escape), ("?", .character("?")), ("-", .character("-")),
    ("é", .character("é")), ("F", .character("F")), ("Alt-Ctrl-R", .alt(.control("r"))),
    ("Ctrl-@", .control("@")), ("Delete", .delete), ("^", .character("^")),
  ])
  func `a key is written as it is read`(name: String, key: Key) {
    #expect(Key(name) == key)
    #expect(key.description == name)
  }

  @Test(arguments: [
    ("ctrl-r", Key.control("r")), ("C-r", .control("r")), ("^R", .control("r")),
    ("esc", .escape), ("PgDn", .pageDown), ("return", .enter), ("Shift-Tab", .backTab),
    ("M-x", .alt(.character("x"))), ("Ctrl-Space", .control("@")), (" ", .character(" ")),
  ])
  func `a key has other names`(name: String, key: Key) {
    #expect(Key(name) == key)
  }

  @Test func `keys that a terminal cannot tell apart are one key`() {
    #expect(Key("Ctrl-I") == .tab)
    #expect(Key("Ctrl-M") == .enter)
    #expect(Key("Ctrl-J") == .enter)
    #expect(Key("Ctrl-H") == .backspace)
    #expect(Key("Ctrl-[") == .escape)
  }

  @Test(arguments: [
    "", "xy", "Ctrl-", "Ctrl-é", "Ctrl-xy", "F0", "F99", "Alt-", "Alt-Alt-x", "\u{1B}", "Paste",
  ])
  func `what is not a key is refused`(name: String) {
    #expect(Key(name) == nil)
  }
}
