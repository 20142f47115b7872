import TestSupport
import Testing

extension EndToEndTests {
  @Suite("The sample dialogues", .enabled(if: SoundRig.absence == nil, "no sound server"))
  struct Samples {
    @Test func `undertone alone plays the samples, takes labels, and knows them the next time`()
      throws
    {
      let home = try Home(sound: true)
      var screen = try home.open()
      try screen.wait(forTurn: "1/17")
      try screen.waitForSound()
      try screen.waitForSilence()
      let shown = try screen.wait(for: "a suggestion") {
        $0.suggestion(inRowOf: "You moved the boxes.") != nil
      }
      let first = try #require(shown.suggestion(inRowOf: "You moved the boxes."))
      try screen.press("4")
      try screen.wait(forTurn: "2/17")
      try screen.wait(for: "4 anger", inRowOf: "You moved the boxes.")
      let second = try #require(
        try screen.waitForSaved().suggestion(inRowOf: "I thought you'd be pleased!"))

      try screen.press("Enter")
      try screen.wait(forTurn: "3/17")
      try screen.wait(for: " \(second) ", inRowOf: "I thought you'd be pleased!")
      try screen.press("u")
      try screen.wait(forText: "Undone:")
      try screen.wait(forTurn: "2/17")
      try screen.wait(for: "· \(second)?", inRowOf: "I thought you'd be pleased!")
      try screen.press("3")
      try screen.wait(forTurn: "3/17")
      try screen.quit()

      screen = try home.open()
      try screen.wait(forTurn: "3/17")
      try screen.wait(for: "4 anger", inRowOf: "You moved the boxes.")
      try screen.wait(for: "3 joy", inRowOf: "I thought you'd be pleased!")
      try screen.quit()

      guard Home.sqlite != nil else { return }
      let answers = try home.rows(
        """
        SELECT turn.name, labels, shown_label, shown_source FROM event
        JOIN turn ON turn.id = event.turn WHERE kind = 'answered' ORDER BY clock
        """, in: home.samples)
      #expect(
        answers == [
          "1|[\"anger\"]|\(first)|gatedxlstm", "2|[\"\(second)\"]|\(second)|gatedxlstm",
          "2|[\"joy\"]|\(second)|gatedxlstm",
        ])
      // The first turn lasts 1.9 s and was heard once, to its end, before it was answered.
      let heard = try home.rows(
        """
        SELECT heard_milliseconds BETWEEN 1700 AND 2000, replays, met, shown_probability > 0,
          answer_milliseconds > 1700 FROM event WHERE kind = 'answered' ORDER BY clock LIMIT 1
        """, in: home.samples)
      #expect(heard == ["1|0|0|1|1"])
      let listened = try home.rows(
        """
        SELECT heard_milliseconds BETWEEN 1700 AND 2000 FROM event
        JOIN turn ON turn.id = event.turn WHERE kind = 'listened' AND turn.name = '1'
        """, in: home.samples)
      #expect(listened == ["1"])
      let undone = try home.rows(
        """
        SELECT target.kind, target.labels FROM event
        JOIN event AS target ON target.id = event.target WHERE event.kind = 'undid'
        """, in: home.samples)
      #expect(undone == ["answered|[\"\(second)\"]"])
    }

    @Test(.enabled(if: Home.sqlite != nil, "sqlite3 is not installed"))
    func `every event says which version of the program wrote it`() throws {
      let home = try Home.quiet(sound: true)
      let screen = try home.open()
      try screen.wait(forTurn: "1/17")
      try screen.press("Space")
      try screen.waitForSound()
      try screen.waitForSilence()
      try screen.press("4")
      try screen.wait(forTurn: "2/17")
      try screen.press("f")
      try screen.wait(forText: "Flagged.")
      try screen.quit()
      let version = try home.run("--version").output.split(separator: "\n").joined()
      let programs = try home.rows(
        "SELECT kind, program FROM event ORDER BY kind", in: home.samples)
      #expect(
        programs == ["answered|\(version)", "flagged|\(version)", "listened|\(version)"])
    }
  }
}
