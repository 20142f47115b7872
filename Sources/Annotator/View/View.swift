import Dialogues
public import Screen

/// Draws the state.
///
/// Pure, and total for every size: there is no state and no size it cannot draw. Cells carry scopes
/// such as `emotion.joy`; a theme turns them into colours afterwards.
public func view(_ state: State) -> Frame {
  var frame = Frame(state.size)
  Painter(state: state).draw(in: &frame)
  return frame
}

/// Draws one state; the extensions in this folder each draw a part of the screen.
struct Painter {
  let state: State

  var glyphs: Glyphs { state.glyphs }
  var scheme: LabelScheme { state.project.scheme }

  /// Below this, nothing can be told apart any more.
  static let smallest = Size(columns: 20, rows: 5)

  func draw(in frame: inout Frame) {
    guard state.size.columns >= Self.smallest.columns, state.size.rows >= Self.smallest.rows else {
      frame.write(
        "Undertone needs 20x5; this is \(state.size.columns)x\(state.size.rows).",
        at: Point(column: 0, row: 0), scope: "status.error")
      return
    }
    var area = frame.bounds
    if state.size.columns >= 100, state.size.rows >= 18 {
      drawWide(&area, in: &frame)
    } else if state.size.columns >= 60, state.size.rows >= 16 {
      drawStacked(&area, in: &frame)
    } else {
      drawCompact(&area, in: &frame)
    }
    drawOverlay(in: &frame)
  }

  /// The dialogue on the left, everything about the current turn on the right.
  private func drawWide(_ area: inout Rect, in frame: inout Frame) {
    drawTitle(area.cutTop(1), in: &frame)
    drawMessage(area.cutBottom(1), in: &frame)
    drawKeys(area.cutBottom(keyRows(columns: area.columns)), in: &frame)
    let panel = area.cutRight(state.size.columns >= (state.review == nil ? 140 : 116) ? 46 : 38)
    if state.review == nil {
      drawPanel(frame.box(panel, title: panelTitle), in: &frame)
    } else {
      drawReviewPanel(frame.box(panel, title: panelTitle), in: &frame)
    }
    drawTurns(frame.box(area, title: dialogueTitle), in: &frame)
  }

  /// The dialogue above, the current turn below it in two columns.
  private func drawStacked(_ area: inout Rect, in frame: inout Frame) {
    drawTitle(area.cutTop(1), in: &frame)
    drawMessage(area.cutBottom(1), in: &frame)
    drawKeys(area.cutBottom(keyRows(columns: area.columns)), in: &frame)
    let isReview = state.review != nil
    let panel = area.cutBottom(isReview ? max(9, area.rows / 2 + 1) : min(9, max(7, area.rows / 3)))
    drawTurns(frame.box(area, title: dialogueTitle), in: &frame)
    var inside = frame.box(panel, title: panelTitle)
    if isReview {
      drawReviewColumns(inside, in: &frame)
      return
    }
    let sound = inside.cutLeft(inside.columns / 2)
    inside.cutLeft(1)
    drawSound(sound, in: &frame)
    drawOpinions(inside, in: &frame)
  }

  /// As much of the dialogue as fits, one line for sound, one for the suggestion.
  private func drawCompact(_ area: inout Rect, in frame: inout Frame) {
    drawTitle(area.cutTop(1), in: &frame)
    drawMessage(area.cutBottom(1), in: &frame)
    if area.rows >= 8 {
      drawKeys(area.cutBottom(keyRows(columns: area.columns)), in: &frame)
    }
    let opinion = area.cutBottom(1)
    if area.rows >= 5 { drawTransport(area.cutBottom(1), in: &frame) }
    drawTurns(area, in: &frame)
    if state.review == nil {
      drawOpinionLine(opinion, in: &frame)
    } else {
      drawStandingLine(opinion, in: &frame)
    }
  }

  private var dialogueTitle: String {
    guard let dialogue = state.dialogue else { return "dialogue" }
    return dialogue.dialogue.title.isEmpty ? "dialogue" : dialogue.dialogue.title
  }

  private var panelTitle: String {
    guard let dialogue = state.dialogue else { return "turn" }
    let speaker = dialogue.turn.speaker.isEmpty ? "speaker unknown" : dialogue.turn.speaker
    return "turn \(dialogue.cursor + 1) · \(speaker)"
  }

  /// The scope of a label: of an emotion the themes know, else one of its own that falls back.
  func scope(ofLabel label: String) -> Scope {
    switch label.lowercased() {
    case "joyful", "happy": "emotion.joy"
    case "mad", "angry": "emotion.anger"
    case "sad": "emotion.sadness"
    case "scared": "emotion.fear"
    case let name: Scope("emotion.\(name.filter { $0.isLetter || $0.isNumber || $0 == "-" })")
    }
  }

  /// The scope of a speaker, one of eight by order of appearance.
  func scope(ofSpeaker place: Int) -> Scope {
    Scope("speaker.\(place % 8 + 1)")
  }
}
