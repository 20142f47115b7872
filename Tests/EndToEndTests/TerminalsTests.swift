import TestSupport
import Testing

extension EndToEndTests {
  @Suite("Terminals") struct Terminals {
    @Test func `every size can be worked in, and the way back is clean`() throws {
      let home = try Home.quiet()
      let screen = try home.open()
      try screen.wait(forTurn: "1/17")
      try screen.resize(columns: 40, rows: 12)
      try screen.wait(for: "the narrow screen") {
        $0.title.contains("turn 1/17") && $0.contains("You moved") && $0.contains("1 neutral")
      }
      try screen.resize(columns: 20, rows: 5)
      try screen.wait(for: "the smallest screen") {
        $0.title.contains(" 1/17") && $0.contains("▶")
      }
      try screen.press("4")
      try screen.wait(for: "the next turn") { $0.title.contains(" 2/17") }
      try screen.resize(columns: 10, rows: 3)
      try screen.wait(for: "an explanation") { $0.contains("Undertone") && !$0.contains("2/17") }
      try screen.press("j")
      try screen.resize(columns: 80, rows: 24)
      try screen.wait(forTurn: "3/17")
      try screen.resize(columns: 100, rows: 30)
      try screen.wait(for: "4 anger", inRowOf: "You moved the boxes.")
      try screen.wait(forTurn: "3/17")
      try screen.quit()
    }

    @Test func `Ctrl-Z gives the shell back, and fg the annotator`() throws {
      let home = try Home.quiet()
      let screen = try home.shell()
      try screen.type("$UNDERTONE")
      try screen.press("Enter")
      try screen.wait(forTurn: "1/17")
      try screen.press("C-z")
      try screen.wait(for: "the shell") { $0.contains("Stopped") && !$0.contains("turn 1/17") }
      try screen.type("echo the shell hears; fg")
      try screen.press("Enter")
      try screen.wait(forTurn: "1/17")
      try screen.press("4")
      try screen.wait(forTurn: "2/17")
      try screen.wait(for: "4 anger", inRowOf: "You moved the boxes.")
      try screen.press("q")
      try screen.wait(for: "the shell") { $0.contains("the shell hears") }
      try screen.type("echo status $?")
      try screen.press("Enter")
      try screen.wait(forText: "status 0")
    }

    @Test(arguments: [["TERM": "vt100"], ["NO_COLOR": "1"], ["NO_COLOR": "1", "LANG": "C"]])
    func `without colours everything is there`(environment: [String: String]) throws {
      let home = try Home.quiet()
      let screen = try home.open(environment: environment)
      try screen.wait(forTurn: "1/17")
      try screen.press("4")
      try screen.wait(forTurn: "2/17")
      try screen.wait(for: "4 anger", inRowOf: "You moved the boxes.")
      let styled = try screen.styledScreen()
      #expect(!styled.hasColors)
      try screen.quit()
    }

    @Test func `colours are there otherwise`() throws {
      let home = try Home.quiet()
      let screen = try home.open()
      try screen.wait(forTurn: "1/17")
      let styled = try screen.styledScreen()
      #expect(styled.hasColors)
      try screen.quit()
    }
  }
}
