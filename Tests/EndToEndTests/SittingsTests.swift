import TestSupport
import Testing

extension EndToEndTests {
  @Suite("Two sittings of one rater") struct Sittings {
    @Test func `who opens a project a second time is told that undo is shared, others are not`()
      throws
    {
      let home = try Home.quiet()
      try home.importTurns(3, into: "boxes.undertone")
      let project = home.path("boxes.undertone")
      let first = try home.open(project, "--rater", "ana")
      let alone = try first.wait(forTurn: "1/3")
      #expect(!alone.contains("open elsewhere"))
      let second = try home.open(project, "--rater", "ana")
      try second.wait(forText: "ana has this project open elsewhere, too: u takes back")
      try second.press("1")
      try second.wait(forTurn: "2/3", without: "open elsewhere")
      let other = try home.open(project, "--rater", "ben")
      #expect(!(try other.wait(forTurn: "1/3").contains("open elsewhere")))
      try first.quit()
      try second.quit()
      try other.quit()
      let again = try home.open(project, "--rater", "ana")
      #expect(!(try again.wait(forTurn: "2/3").contains("open elsewhere")))
      try again.quit()
    }
  }
}
