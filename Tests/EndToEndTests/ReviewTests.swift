import Foundation
import TestSupport
import Testing

extension EndToEndTests {
  @Suite("Review", .enabled(if: Home.sqlite != nil, "sqlite3 is not installed")) struct Reviewing {
    /// The sample dialogues, and two copies of them in which ana and ben labelled six turns each.
    ///
    /// They agree on turns 1, 3, 4 and 5 of the first dialogue.
    private func copies(_ home: Home) throws -> (team: String, ana: String, ben: String) {
      var screen = try home.open()
      try screen.wait(forTurn: "1/17")
      try screen.quit()
      let files = ["team", "ana", "ben"].map { home.path("\($0).undertone") }
      for file in files { try FileManager.default.copyItem(atPath: home.samples, toPath: file) }
      for (rater, keys) in [("ana", "424151"), ("ben", "434154")] {
        screen = try home.open("open", home.path("\(rater).undertone"), "--rater", rater)
        try screen.wait(forTurn: "1/17")
        for (place, key) in keys.enumerated() {
          if rater == "ben", place == 5 {
            try screen.press("m")
            try screen.type("she means it")
            try screen.press("Enter")
          }
          try screen.press(String(key))
          try screen.wait(forTurn: "\(place + 2)/17")
        }
        try screen.waitForSaved()
        try screen.quit()
      }
      return (files[0], files[1], files[2])
    }

    @Test func `two raters label copies, a lead merges, reviews, adjudicates and exports`() throws {
      let home = try Home.quiet()
      let (team, ana, ben) = try copies(home)

      // Merge: first what would come, then that, then nothing more.
      let check = try home.run("merge", team, ana, ben, "--check")
      #expect(check.status == 0, "\(check.text)")
      #expect(check.output.contains("ana: 6 answers, 6 events in all"), "\(check.output)")
      #expect(check.output.contains("ben: 6 answers, 7 events in all"), "\(check.output)")
      #expect(try home.rows("SELECT count(*) FROM event", in: team) == ["0"])
      #expect(try home.run("merge", team, ana, ben).status == 0)
      #expect(try home.run("merge", team, ben).output.contains("brought 0 events"))
      #expect(
        try home.rows("SELECT count(*) FROM event WHERE kind = 'answered'", in: team) == ["12"])

      // The queue: two ties, four turns all agree on.
      let listed = try home.run("review", team, "--open", "--list")
      #expect(listed.output.contains("2 of 2 turns to look at again."), "\(listed.output)")
      #expect(listed.output.contains("4 of 6 turns settled."), "\(listed.output)")
      #expect(listed.output.contains("people: joy, surprise (tie)"), "\(listed.output)")

      // Review and adjudicate.
      let screen = try home.open("review", team, "--rater", "lea", "--open", columns: 120, rows: 40)
      var shown = try screen.wait(for: "the first tie") {
        $0.title.contains("review 1/2 open") && $0.contains("tie      joy 1  surprise 1")
      }
      #expect(shown.title.contains("4 of 6 settled"))
      #expect(!shown.contains("ana") && !shown.contains("ben"))
      #expect(shown.contains("people differ") && shown.contains("1.0"))
      try screen.press("@")
      shown = try screen.wait(for: "names") { $0.contains("ana      surprise") }
      #expect(shown.contains("ben      joy"))
      try screen.press("@")
      try screen.press("m")
      try screen.type("her voice rises")
      try screen.press("Enter")
      try screen.wait(forText: "her voice rises")
      try screen.press("2")
      // The next tie comes by itself, with the note ben left.
      shown = try screen.wait(for: "the second tie") {
        $0.contains("tie      anger 1  neutral 1") && $0.title.contains("5 of 6 settled")
      }
      #expect(shown.title.contains(" turn 6/17 "))
      #expect(shown.contains("she means it"))
      try screen.press("4")
      try screen.wait(for: "all settled") { $0.title.contains("6 of 6 settled") }
      try screen.wait(forText: "Nothing is left here")
      // Taken back, and decided otherwise.
      try screen.press("u")
      try screen.wait(for: "the decision undone") {
        $0.contains("Undone: adjudication anger") && $0.title.contains("5 of 6 settled")
      }
      try screen.press("-")
      try screen.wait(for: "no label") {
        $0.contains("no label is right") && $0.title.contains("6 of 6 settled")
      }
      // What all agree on is filled in; one of these turns is confirmed.
      try screen.press("L")
      try screen.wait(forText: "turns: open")
      for _ in 0..<2 { try screen.press("Tab") }
      shown = try screen.wait(for: "the turns all agree on") {
        $0.contains("turns: all agree") && $0.contains("4 of them")
      }
      try screen.press("Enter")
      shown = try screen.wait(forText: "all 2 agree, not decided")
      let turn = try #require(shown.title.firstMatch(of: #/ turn (\d+)\/17 /#)?.1)
      try screen.press("Enter")
      try screen.wait(for: "one of three left") { $0.title.contains("/3 all agree") }
      try screen.waitForSaved()
      try screen.quit()

      // In the store: decisions are lea's, with reason and time; what is filled in is not there.
      let gold = try home.rows(
        """
        SELECT turn.name, gold.labels, event.note, rater.name, event.time > 1e9 FROM gold
        JOIN turn ON turn.id = gold.turn JOIN event ON event.id = gold.decided_by
        JOIN rater ON rater.id = event.rater ORDER BY turn.id
        """, in: team)
      #expect(
        Set(gold) == [
          "2|[\"surprise\"]|her voice rises|lea|1", "6|[]||lea|1",
          "\(turn)|[\"\(["1": "anger", "3": "anger", "4": "neutral", "5": "sadness"][String(turn)] ?? "")\"]||lea|1",
        ])
      #expect(
        try home.rows(
          "SELECT kind FROM event WHERE rater = (SELECT id FROM rater WHERE name = 'lea') "
            + "AND kind <> 'listened' ORDER BY clock", in: team)
          == ["adjudicated", "adjudicated", "undid", "adjudicated", "adjudicated"])
      #expect(
        try home.rows("SELECT count(*) FROM event WHERE kind = 'answered'", in: team) == ["12"])

      // Exports tell them apart, too.
      let csv = home.path("team.csv")
      let exported = try home.run("export", "csv", team, csv, "--what", "all")
      #expect(exported.status == 0, "\(exported.text)")
      let rows = try String(contentsOfFile: csv, encoding: .utf8).split(separator: "\n")
      #expect(rows.count { $0.contains(",decided,lea,") } == 3)
      #expect(rows.count { $0.contains(",unanimous,,,") } == 3)
      #expect(rows.contains { $0.contains(",decided,lea,her voice rises,") })
    }

    @Test func `a copy with other labels or under another study is refused by name`() throws {
      let home = try Home.quiet()
      let (team, ana, _) = try copies(home)
      #expect(try home.run("study", ana, "--protocol", "blind").status == 0)
      let refused = try home.run("merge", team, ana)
      #expect(refused.status == 1)
      #expect(refused.errors.contains("the protocol is blind, not assisted"), "\(refused.errors)")
      try home.importTurns(3, into: "other.undertone")
      let two = home.path("two.undertone")
      #expect(
        try home.run("import", "manifest", "turns.csv", "--into", two, "--labels", "joy,awe").status
          == 0)
      let other = try home.run("merge", team, two, "--check")
      #expect(other.status == 1)
      #expect(other.errors.contains("label scheme"), "\(other.errors)")
    }

    @Test
    func `the queue is printed where there is no terminal, and refuses raters it does not know`()
      throws
    {
      let home = try Home.quiet()
      let (team, ana, ben) = try copies(home)
      #expect(try home.run("merge", team, ana, ben).status == 0)
      let json = try home.run("review", team, "--ties", "--format", "json")
      let queue = try #require(
        try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
      #expect(queue["settled"] as? Int == 4 && queue["unsettled"] as? Int == 2)
      let entries = try #require(queue["entries"] as? [[String: Any]])
      #expect(entries.map { $0["standing"] as? String } == ["tie", "tie"])
      #expect(
        try home.run("review", team, "--pair", "ana,ben").output.contains("2 of 2 turns"))
      #expect(try home.run("review", team, "--by", "eva").errors.contains("no rater “eva”"))
      #expect(try home.run("review", team, "--open", "--ties").status == 2)
    }
  }
}
