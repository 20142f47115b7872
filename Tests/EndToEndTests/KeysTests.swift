import Foundation
import TestSupport
import Testing

extension EndToEndTests {
  @Suite("The keys of a day") struct Keys {
    @Test func `a note may be in any script, and it stays with the turn`() throws {
      let home = try Home.quiet()
      var screen = try home.open()
      try screen.wait(forTurn: "1/17")
      try screen.press("m")
      try screen.wait(forText: "note on this turn")
      try screen.type("驚き 😀 vraiment")
      try screen.wait(forText: "驚き 😀 vraiment")
      try screen.press("Enter")
      try screen.wait(forText: "✎ 驚き 😀 vraiment")
      try screen.wait(for: "✎", inRowOf: "You moved the boxes.")
      try screen.waitForSaved()
      try screen.quit()
      screen = try home.open()
      try screen.wait(forText: "✎ 驚き 😀 vraiment")
      try screen.quit()
    }

    @Test func `labels beyond the tenth are named once, with the way to give them`() throws {
      let home = try Home.quiet()
      try home.writeManifest(turns: 3, perDialogue: 3)
      let project = home.path("wide.undertone")
      let labels = ((1...10).map { "label\($0)" } + ["awe", "envy"]).joined(separator: ",")
      let sentence = "2 labels without a key (awe, envy): “:” finds labels by name"
      let made = try home.run(
        "import", "manifest", "turns.csv", "--into", project, "--labels", labels)
      #expect(made.status == 0, "\(made.text)")
      #expect(made.errors.contains(sentence), "\(made.errors)")
      #expect(try home.run("doctor", project).output.contains(sentence))
      var screen = try home.open(project)
      try screen.wait(forText: sentence)
      try screen.press(":")
      try screen.type("label-envy")
      try screen.press("Enter")
      try screen.wait(forTurn: "2/3", without: sentence)
      try screen.wait(for: "envy", inRowOf: "Words 0.")
      try screen.quit()
      try home.write(
        """
        play_on_arrival = false
        [keys.turn]
        "z" = "label-awe"
        "Z" = "label-envy"
        """, to: ".config/undertone/settings.toml")
      #expect(!(try home.run("doctor", project).output.contains("without a key")))
      screen = try home.open(project)
      #expect(!(try screen.wait(forTurn: "2/3").contains("without a key")))
      try screen.press("z")
      try screen.wait(forTurn: "3/3")
      try screen.quit()
    }

    @Test func `a flagged turn is one key away from anywhere, a skipped one says so`() throws {
      let home = try Home.quiet()
      let screen = try home.open()
      try screen.wait(forTurn: "1/17")
      try screen.press("f")
      try screen.wait(forText: "Flagged.")
      try screen.wait(for: "⚑", inRowOf: "You moved the boxes.")
      try screen.press("g")
      try screen.wait(forText: "go to")
      try screen.type("d2 4")
      try screen.press("Enter")
      let there = try screen.wait(forTurn: "4/15")
      #expect(there.title.contains("dialogue 2/6"))
      try screen.press("s")
      try screen.wait(forTurn: "5/15")
      try screen.wait(for: "» skipped", inRowOf: "Egg four is tapping.")
      try screen.press("}")
      try screen.wait(forTurn: "1/17")
      try screen.press("b")
      try screen.wait(forTurn: "5/15")
      try screen.press("{")
      try screen.wait(forTurn: "1/17")
      try screen.quit()
    }

    @Test func `a place that does not exist is explained, however large its number`() throws {
      let home = try Home.quiet()
      let screen = try home.open()
      try screen.wait(forTurn: "1/17")
      for place in ["99", "d99", "-9223372036854775808", "d-9223372036854775808"] {
        try screen.press("g")
        try screen.wait(forText: "go to")
        try screen.type(place)
        try screen.press("Enter")
        try screen.wait(for: "an explanation of \(place)") {
          !$0.contains("go to")
            && $0.contains(place.hasPrefix("d") ? "dialogues 1 to 6" : "turns 1 to 17")
        }
        try screen.press("j", "k")
        try screen.wait(for: "no explanation any more") { !$0.contains(" 1 to ") }
      }
      try screen.quit()
    }

    @Test func `searching finds a turn in another dialogue, and n the next one`() throws {
      let home = try Home.quiet()
      let screen = try home.open()
      try screen.wait(forTurn: "1/17")
      try screen.press("/")
      try screen.wait(forText: "search texts and speakers")
      try screen.type("EGG FOUR")
      try screen.press("Enter")
      try screen.wait(forTurn: "4/15")
      try screen.press("n")
      try screen.wait(forTurn: "5/15")
      try screen.press("N")
      try screen.wait(forTurn: "4/15")
      try screen.press("/")
      try screen.wait(forText: "search texts and speakers")
      try screen.type("no such words")
      try screen.press("Enter")
      try screen.wait(forText: "No turn holds “no such words”.")
      try screen.quit()
    }

    @Test func `the list of dialogues is filtered by name and by what is left to do`() throws {
      let home = try Home.quiet()
      let screen = try home.open()
      try screen.wait(forTurn: "1/17")
      try screen.press("o")
      try screen.wait(for: "all dialogues") {
        $0.contains("dialogues: all") && $0.contains("samples · The moved boxes")
          && $0.contains("0/15")
      }
      try screen.type("boxes")
      try screen.wait(for: "one dialogue") { $0.contains("0/17") && !$0.contains("0/15") }
      try screen.press("Tab")
      try screen.wait(forText: "dialogues: unfinished")
      try screen.press("Tab")
      try screen.wait(for: "none flagged") {
        $0.contains("dialogues: flagged") && $0.contains("No dialogue is like that.")
      }
      try screen.press("Escape")
      try screen.wait(for: "the turns") { !$0.contains("dialogues: ") }
      try screen.press("o")
      try screen.wait(forText: "dialogues: all")
      try screen.type("egg")
      try screen.wait(for: "one dialogue") { $0.contains("0/15") && !$0.contains("0/17") }
      try screen.press("Enter")
      try screen.wait(forTurn: "1/15")
      try screen.quit()
    }

    @Test func `a theme is seen before it is chosen, and Escape keeps the old one`() throws {
      let home = try Home.quiet()
      let screen = try home.open()
      func title() throws -> Substring { try screen.styledScreen().title }
      try screen.wait(forTurn: "1/17")
      try screen.wait(forText: "leaned on")
      let before = try title()
      try screen.press("t")
      try screen.wait(forText: "high-contrast")
      try screen.type("light")
      try screen.wait(for: "the light theme") { _ in try title() != before }
      let light = try title()
      try screen.press("Escape")
      try screen.wait(for: "the old theme") { _ in try title() == before }
      try screen.press("t")
      try screen.wait(forText: "high-contrast")
      try screen.type("light")
      try screen.press("Enter")
      try screen.wait(for: "the light theme") {
        try !$0.contains("type to filter") && title() == light
      }
      try screen.quit()
      let settings = try String(
        contentsOfFile: home.path(".config/undertone/settings.toml"), encoding: .utf8)
      #expect(settings == "theme = \"light\"\nplay_on_arrival = false\n")
    }

    @Test func `the help screen has every key and scrolls to its end`() throws {
      let home = try Home.quiet()
      let screen = try home.open()
      try screen.wait(forTurn: "1/17")
      try screen.press("?")
      try screen.wait(for: "the first page") {
        $0.contains("Give the suggested label, save it, go on")
          && !$0.contains("Play or pause the turn")
      }
      try screen.press("PageDown")
      try screen.wait(forText: "Play or pause the turn")
      try screen.press("End")
      try screen.wait(forText: "Delete the word before the cursor")
      try screen.press("Home")
      try screen.wait(forText: "Give the suggested label, save it, go on")
      try screen.press("Escape")
      try screen.wait(for: "the turns") { !$0.contains("Give the suggested label") }
      try screen.quit()
    }
  }
}
