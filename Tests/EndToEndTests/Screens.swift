import TestSupport
import Testing

// What an annotator reads off the screen.

extension Tmux {
  /// Waits until a turn of a dialogue is the current one, as the title says it.
  @discardableResult
  func wait(forTurn turn: String, seconds: Double = 20) throws -> String {
    try wait(for: "turn \(turn)", seconds: seconds) { $0.title.contains(" turn \(turn) ") }
  }

  /// Waits until a turn is the current one and a text that was on the screen is gone.
  func wait(forTurn turn: String, without text: String) throws {
    try wait(for: "turn \(turn) without “\(text)”") {
      $0.title.contains(" turn \(turn) ") && !$0.contains(text)
    }
  }

  /// Waits until the row with a turn's text holds something, such as its label.
  @discardableResult
  func wait(for wanted: String, inRowOf text: String) throws -> String {
    try wait(for: "“\(wanted)” in the row of “\(text)”") {
      $0.row(of: text)?.contains(wanted) ?? false
    }
  }

  /// Waits until everything that was done is called saved.
  @discardableResult
  func waitForSaved() throws -> String {
    try wait(for: "“saved” in the title") { $0.title.contains(#/ saved \d\d:\d\d/#) }
  }

  /// Waits until sound is heard and its position has moved on.
  @discardableResult
  func waitForSound() throws -> String {
    try wait(for: "a position that moves") { $0.heardPosition ?? 0 > 0 }
  }

  /// Waits until nothing is heard any more.
  @discardableResult
  func waitForSilence() throws -> String {
    try wait(for: "the end of the sound") { $0.heardPosition == nil && $0.contains(" 0.0 / ") }
  }

  /// Quits and expects that all went well.
  func quit() throws {
    try press("q")
    let status = try waitForEnd()
    #expect(status == 0)
  }
}

extension String {
  var rows: [Substring] { split(separator: "\n", omittingEmptySubsequences: false) }

  /// The first line: project, place and whether all is saved.
  var title: Substring { rows.first ?? "" }

  /// The line that holds a text.
  func row(of text: String) -> Substring? { rows.first { $0.contains(text) } }

  /// The position in seconds on the transport line while a turn is playing.
  var heardPosition: Double? {
    firstMatch(of: #/▶ (\d+\.\d) / \d+\.\d s/#).flatMap { Double($0.1) }
  }

  /// The label that is suggested in the row of a turn.
  func suggestion(inRowOf text: String) -> String? {
    row(of: text)?.firstMatch(of: #/· (\w+)\?/#).map { String($0.1) }
  }

  /// Whether a text has colours, as escape sequences.
  var hasColors: Bool { contains(#/\u{1B}\[([0-9;]*;)?(3[0-8]|4[0-8]|9[0-7]|10[0-7])[;m]/#) }
}
