import TestSupport
import Testing

extension EndToEndTests {
  @Suite("Studies") struct Studies {
    /// A project of six dialogues of two turns, under a study.
    func study(_ home: Home, _ options: String...) throws -> String {
      let rows = (1...6).flatMap { dialogue in
        (1...2).map { "d\(dialogue),\($0),Mara,Line \($0) of dialogue \(dialogue)." }
      }
      try home.write(
        (["dialogue,turn,speaker,text"] + rows).joined(separator: "\n") + "\n", to: "boxes.csv")
      let program = try Home.program()
      let project = home.path("boxes.undertone")
      let made = try home.run(
        program: program,
        ["import", "manifest", home.path("boxes.csv"), "--into", project, "--labels", "joy,anger"])
      #expect(made.status == 0, "\(made.errors)")
      let set = try home.run(program: program, ["study", project] + options)
      #expect(set.status == 0, "\(set.errors)")
      return project
    }

    @Test func `two raters open one project and each meets their own share in their own order`()
      throws
    {
      let home = try Home.quiet()
      let project = try study(home, "--raters", "ana,ben", "--overlap", "1", "--assign")
      var met: [String: [String]] = [:]
      for rater in ["ana", "ben"] {
        let screen = try home.open("open", project, "--rater", rater)
        for place in 1...3 {
          try screen.wait(forText: "dialogue \(place)/3")
          let text = try screen.wait(forTurn: "1/2")
          let line = text.split(separator: "\n").first { $0.contains("Line 1 of dialogue") }
          met[rater, default: []].append(
            line.map { String($0.split(separator: " dialogue ")[1].prefix(1)) } ?? "?")
          try screen.press("1")
          try screen.wait(forTurn: "2/2")
          try screen.press("2")
        }
        try screen.wait(forText: "100% done")
        try screen.quit()
      }
      #expect(Set((met["ana"] ?? []) + (met["ben"] ?? [])) == ["1", "2", "3", "4", "5", "6"])
      let shown = try home.run(program: try Home.program(), ["study", project])
      #expect(shown.output.contains("ana: 6 of 6 turns, 100 %"), "\(shown.output)")
    }

    @Test func `who is not among the raters is told so before they label everything`() throws {
      let home = try Home.quiet()
      let project = try study(home, "--raters", "ana,ben", "--overlap", "1", "--assign")
      let screen = try home.open("open", project, "--rater", "anna")
      try screen.wait(forText: "anna is not one of the raters")
      try screen.quit()
    }

    @Test func `a design that cannot be carried out is refused, and nothing is changed`() throws {
      let home = try Home.quiet()
      let project = try study(home)
      for (words, reason) in [
        (["--control", "2"], "between 0 and 1"), (["--overlap", "3"], "3 raters a dialogue"),
        (["--raters", "ana,ana"], "named twice"), (["--assign"], "names no raters"),
        (["--raters", "lab/ana", "--overlap", "1"], "cannot be a rater's name"),
        (["--raters", "a\u{1B}[31mna", "--overlap", "1"], "“a?[31mna” cannot be a rater's name"),
      ] {
        let result = try home.run(program: try Home.program(), ["study", project] + words)
        #expect(result.status == 1)
        #expect(result.errors.contains(reason), "\(result.errors)")
      }
      let shown = try home.run(program: try Home.program(), ["study", project])
      #expect(shown.output.contains("everybody rates everything"))
    }
  }
}
