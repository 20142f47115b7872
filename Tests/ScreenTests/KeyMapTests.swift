import Screen
import Testing

@Suite("Key maps")
struct KeyMapTests {
  let map = KeyMap(
    [
      .init(.character("u"), in: "turn", "undo"), .init(.control("r"), in: "turn", "redo"),
      .init(.character("f"), in: "turn", "flag"), .init(.character("s"), in: "turn", "skip"),
      .init(.tab, in: "turn", "next-pane"), .init(.function(1), in: "global", "help"),
      .init(.character("?"), in: "global", "help"), .init(.character("q"), in: "global", "quit"),
      .init(.escape, in: "dialogues", "close"),
    ], parents: ["turn": "global", "dialogues": "global"])
  let actions: Set<String> = [
    "undo", "redo", "flag", "skip", "next-pane", "help", "quit", "close", "palette",
  ]

  @Test func `a key does what its context says, or else its parent`() {
    #expect(map.action(for: .character("u"), in: "turn") == "undo")
    #expect(map.action(for: .character("?"), in: "turn") == "help")
    #expect(map.action(for: .character("u"), in: "dialogues") == nil)
    #expect(map.action(for: .character("u"), in: "nowhere") == nil)
  }

  @Test func `the help screen finds the keys of an action`() {
    #expect(map.keys(for: "help", in: "turn") == [.function(1), .character("?")])
    #expect(map.keys(for: "undo", in: "turn") == [.character("u")])
    #expect(map.keys(for: "undo", in: "global") == [])
  }

  @Test func `a user gives keys to actions and takes them away`() {
    let (mine, warnings) = map.overlaid(
      with: """
        [keys.turn]
        "Ctrl-P" = "palette"
        "s" = ""
        [keys.global]
        "Ctrl-Q" = "quit"
        """, file: "keys.toml", actions: actions)
    #expect(warnings == [])
    #expect(mine.action(for: .control("p"), in: "turn") == "palette")
    #expect(mine.action(for: .character("s"), in: "turn") == nil)
    #expect(mine.keys(for: "quit", in: "turn") == [.character("q"), .control("q")])
  }

  @Test func `a key taken from another action is reported with both names`() {
    let (mine, warnings) = map.overlaid(
      with: "[keys.turn]\nf = \"undo\"", file: "keys.toml", actions: actions)
    #expect(mine.action(for: .character("f"), in: "turn") == "undo")
    #expect(
      warnings.map(\.description) == [
        "keys.toml: keys.turn.f: f was flag and is now undo; flag has no key there now."
      ])
  }

  @Test func `a key that hides one of the parent's is reported too`() {
    let (_, warnings) = map.overlaid(
      with: "[keys.turn]\n\"?\" = \"flag\"", file: "keys.toml", actions: actions)
    #expect(warnings.map(\.message) == ["? was help and is now flag; help keeps F1."])
  }

  @Test func `two actions that change keys are not a collision`() {
    let (mine, warnings) = map.overlaid(
      with: "[keys.turn]\nf = \"skip\"\ns = \"flag\"", file: "keys.toml", actions: actions)
    #expect(warnings == [])
    #expect(mine.action(for: .character("f"), in: "turn") == "skip")
    #expect(mine.action(for: .character("s"), in: "turn") == "flag")
  }

  @Test func `two names of one key with two actions are a collision`() {
    let (mine, warnings) = map.overlaid(
      with: "[keys.turn]\n\"Ctrl-I\" = \"undo\"\nTab = \"next-pane\"", file: "keys.toml",
      actions: actions)
    #expect(mine.action(for: .tab, in: "turn") == "undo")
    #expect(warnings.contains { $0.message.contains("undo") && $0.message.contains("next-pane") })
  }

  @Test func `mistakes are named with what was expected, and the rest holds`() {
    let (mine, warnings) = map.overlaid(
      with: """
        [keys.turn]
        "x" = "undoo"
        "Hyper-x" = "undo"
        "y" = 3
        "z" = "redo"
        [keys.trun]
        "a" = "undo"
        """, file: "keys.toml", actions: actions)
    let messages = warnings.map(\.description)
    #expect(messages.count == 4)
    #expect(
      messages.contains(
        "keys.toml: keys.turn.x: there is no action called undoo. Did you mean undo?"))
    #expect(messages.contains { $0.hasPrefix("keys.toml: keys.turn.Hyper-x: not a key; expected") })
    #expect(messages.contains { $0.hasPrefix("keys.toml: keys.turn.y: expected the name") })
    #expect(
      messages.contains(
        "keys.toml: keys.trun: unknown; expected one of dialogues, global, turn."))
    #expect(mine.action(for: .character("z"), in: "turn") == "redo")
  }

  @Test func `a file that is not TOML is reported with the line and changes nothing`() {
    let (mine, warnings) = map.overlaid(
      with: "[keys.turn]\n\"x = ", file: "keys.toml", actions: actions)
    #expect(mine == map)
    #expect(warnings.count == 1)
    #expect(warnings[0].description.hasPrefix("keys.toml: line 2 is not TOML"))
  }

  @Test func `contexts that are each other's parents are walked once`() {
    let circle = KeyMap([], parents: ["a": "b", "b": "a"])
    #expect(circle.chain(from: "a") == ["a", "b"])
    #expect(circle.action(for: .enter, in: "a") == nil)
  }
}
