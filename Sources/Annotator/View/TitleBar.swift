import Dialogues
import Screen

// The first line (where am I, is it saved) and the last (what just happened).

extension Painter {
  func drawTitle(_ area: Rect, in frame: inout Frame) {
    frame.fill(area, scope: "status")
    frame.backdrop(area, scope: "status")
    let (saved, scope) = savedText
    let width = saved.columns
    frame.write(
      saved, at: Point(column: max(area.column, area.endColumn - width - 1), row: area.row),
      scope: scope, maxColumns: area.columns)
    var room = area
    room.cutRight(width + 2)
    // The widest wording that fits; what matters most stays longest.
    let text = titles.first { $0.columns <= room.columns } ?? titles.last ?? ""
    frame.write(text, at: room.origin, scope: "title", maxColumns: room.columns)
  }

  /// Where the annotator is, from the most to the least talkative.
  private var titles: [String] {
    let project = state.project.name
    guard let dialogue = state.dialogue else {
      return [" Undertone  \(project)", " Undertone"]
    }
    if state.review != nil { return reviewTitles }
    let key = dialogue.dialogue.key
    let corpus = key.split.isEmpty ? key.corpus : "\(key.corpus) \(key.split)"
    let number = "\(dialogue.place + 1)/\(state.project.dialogueCount)"
    let turn = "\(dialogue.cursor + 1)/\(dialogue.turns.count)"
    let percent = percentText(state.progress)
    let done = "\(percent) done"
    return [
      " Undertone  \(project)   \(corpus) · \(key.dialogue) · dialogue \(number)   turn \(turn)"
        + "   \(dialogue.progress.labelled) labelled here   \(done)   \(state.project.rater)",
      " Undertone  \(project)   \(corpus) · dialogue \(number)   turn \(turn)   \(done)"
        + "   \(state.project.rater)",
      " \(project)   \(corpus) · dialogue \(number)   turn \(turn)   \(done)",
      " \(corpus) · dialogue \(number)   turn \(turn)   \(done)",
      " dialogue \(number)  turn \(turn)  \(done)",
      " \(number)  turn \(turn)  \(percent)",
      " \(turn) \(ownLabel)",
      " \(turn)",
    ]
  }

  /// The current turn's label, for screens too narrow to show labels beside the turns.
  private var ownLabel: String {
    guard let dialogue = state.dialogue else { return "" }
    return dialogue.states[dialogue.cursor].answer?.labels.first ?? ""
  }

  /// Whether the work is on the disk. “saved” is never said of anything that is not.
  private var savedText: (String, Scope) {
    let saving = state.saving
    let isNarrow = state.size.columns < 60
    if state.project.readOnlyReason != nil { return ("read-only", "status.error") }
    if saving.hasFailed {
      let count = saving.pending.count
      return (isNarrow ? "NOT SAVED" : "NOT SAVED: \(count)", "status.error")
    }
    if !saving.pending.isEmpty { return (isNarrow ? "..." : "saving", "status.busy") }
    guard let time = saving.lastSaved else { return ("", "status") }
    return (isNarrow ? "saved" : "saved \(timeText(time))", "status.saved")
  }

  func drawMessage(_ area: Rect, in frame: inout Frame) {
    let (text, scope) = messageText
    frame.write(
      text.truncated(to: max(0, area.columns - 1)),
      at: Point(column: area.column + (area.columns > 40 ? 1 : 0), row: area.row), scope: scope,
      maxColumns: area.columns)
  }

  private var messageText: (String, Scope) {
    if let message = state.message {
      return (message.text, message.kind == .problem ? "status.error" : "status")
    }
    if let problem = state.saving.problem, state.saving.hasFailed {
      // What to do comes first: the reason names a file and may be longer than the line.
      let key = state.keys.key(of: .saveAgain)
      return ("Not saved, but kept: \(key) tries again. \(problem)", "status.error")
    }
    if state.isLoading { return ("Opening the dialogue…", "status.busy") }
    if state.dialogue == nil { return ("This project has no dialogues.", "status") }
    if let problem = state.transport.deviceProblem { return (problem, "status.error") }
    if let silence = state.transport.silence, silence != "text only" {
      return (silence, "status.error")
    }
    if case .unavailable(let reason) = state.dialogue?.suggestionStatus, state.showsSuggestions {
      return (reason, "status.error")
    }
    return ("", "status")
  }
}
