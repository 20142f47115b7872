import TestSupport
import Testing

extension EndToEndTests {
  /// Corpora that may not be redistributed, where this machine has them.
  @Suite("Corpora") struct Corpora {
    @Test(.enabled(if: sharedData("meld/dev_sent_emo.csv") != nil, "MELD is not on this machine"))
    func `MELD without its clips is text, and can be labelled`() throws {
      let home = try Home()
      let data = try #require(sharedData("meld"))
      let result = try home.run("import", "meld", data, "--into", home.path("meld.undertone"))
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.contains("audio: none; the turns are text only"))
      try labelAndReopen(home, "meld.undertone", label: "4 anger")
    }

    @Test(.enabled(if: sharedData("iemocap_layout") != nil, "the layout is not on this machine"))
    func `IEMOCAP asks for three dimensions after a label and shows unrated turns`() throws {
      let home = try Home.quiet()
      let data = try #require(sharedData("iemocap_layout/IEMOCAP_full_release"))
      let project = home.path("iemocap.undertone")
      let result = try home.run("import", "iemocap", data, "--into", project)
      #expect(result.status == 0, "\(result.errors)")
      let screen = try home.open(project)
      try screen.wait(forTurn: "1/7")
      try screen.wait(forText: "[BREATHING]")
      try screen.press("4")
      try screen.wait(forText: "dominance")
      try screen.press("4", "2", "3")
      try screen.wait(forTurn: "2/7")
      try screen.press("k")
      try screen.wait(forText: "anger  V4  A2  D3")
      try screen.quit()
    }

    @Test(
      .enabled(if: sharedData("fillets_ng/audio") != nil, "Fish Fillets is not on this machine"),
      .enabled(if: SoundRig.absence == nil, "no sound server"))
    func `a manifest with columns of its own is heard and labelled`() throws {
      let home = try Home.quiet(sound: true)
      let data = try #require(sharedData("fillets_ng/manifest.csv"))
      let project = home.path("fish.undertone")
      let result = try home.run(
        "import", "manifest", data, "--map", "text_en=text", "--map", "ogg=audio", "--into", project
      )
      #expect(result.status == 0, "\(result.errors)")
      let screen = try home.open(project)
      try screen.wait(forText: "turn 1/")
      try screen.press("Space")
      try screen.waitForSound()
      try screen.waitForSilence()
      try screen.quit()
      try labelAndReopen(home, "fish.undertone", label: "4 anger")
    }

    private func labelAndReopen(_ home: Home, _ project: String, label: String) throws {
      var screen = try home.open(home.path(project))
      try screen.wait(forText: "turn 1/")
      try screen.press("4")
      try screen.wait(forText: label + " ")
      try screen.press("4")
      try screen.waitForSaved()
      try screen.press("u")
      try screen.wait(forText: "Undone:")
      try screen.quit()
      screen = try home.open(home.path(project))
      try screen.wait(for: "the label") {
        $0.contains("turn 2/") && $0.rows.contains { $0.contains("│") && $0.contains(label) }
      }
      try screen.quit()
    }
  }
}
