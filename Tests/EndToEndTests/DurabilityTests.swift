import Glibc
import TestSupport
import Testing

extension EndToEndTests {
  @Suite("Nothing is lost") struct Durability {
    @Test(.enabled(if: Home.sqlite != nil, "sqlite3 is not installed"))
    func `every label called saved is in the file after kill -9`() throws {
      let home = try Home.quiet()
      try home.importTurns(400, into: "long.undertone")
      let project = home.path("long.undertone")
      var screen = try home.open(project)
      try screen.wait(forTurn: "1/400")
      var claimed = 0
      while claimed < 100 {
        claimed += 10
        try screen.type(String(repeating: "4", count: 10))
        try screen.wait(for: "\(claimed) saved labels") {
          $0.title.contains(" turn \(claimed + 1)/400 ") && $0.title.contains(#/ saved \d\d:\d\d/#)
        }
      }
      try screen.type(String(repeating: "4", count: 50))
      let program = try #require(pid_t(try screen.value("pane_pid")))
      #expect(kill(program, SIGKILL) == 0)
      let status = try screen.waitForEnd()
      #expect(status == 128 + SIGKILL)

      screen = try home.open(project)
      let shown = try screen.wait(for: "a turn") { $0.title.contains("/400") }
      let turn = try #require(shown.title.firstMatch(of: #/turn (\d+)\/400/#).flatMap { Int($0.1) })
      #expect(turn >= claimed)
      try screen.quit()
      let labelled = try home.rows(
        "SELECT count(*) FROM turn_state WHERE labels = '[\"anger\"]' AND turn & 1048575 < \(claimed)",
        in: project)
      #expect(labelled == ["\(claimed)"])
      #expect(try home.rows("PRAGMA integrity_check", in: project) == ["ok"])
    }
  }
}
