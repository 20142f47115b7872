import Annotator
import Dialogues
import Screen
import Testing

@Suite struct MovingTests {
  @Test func `the answer to an overtaken request is dropped`() {
    var sitting = Sitting()
    sitting.press("]")
    sitting.press("]")
    sitting.happen(.dialogueLoaded(Sitting.dialogue(place: 1), generation: 1))
    #expect(sitting.state.dialogue?.place == 0)
    sitting.happen(.dialogueLoaded(Sitting.dialogue(place: 2), generation: 2))
    #expect(sitting.state.dialogue?.place == 2)
  }

  @Test func `a label that is not on the disk yet survives leaving and returning`() {
    var sitting = Sitting()
    sitting.press("3")
    sitting.happen(.saveFailed(number: 0, reason: "The disk is full."))
    sitting.press("]")
    sitting.happen(.dialogueLoaded(Sitting.dialogue(place: 1), generation: 1))
    sitting.press("[")
    sitting.happen(.dialogueLoaded(Sitting.dialogue(place: 0), generation: 2))
    #expect(sitting.labels[0] == "joy")
  }

  @Test func `the most influential turn is one key away, and so is the way back`() {
    var sitting = Sitting()
    sitting.suggest(["joy", "joy", "joy", "joy", "joy"])
    sitting.press("End")
    let effects = sitting.press("e")
    #expect(sitting.cursor == 3)
    #expect(effects.played == [[3]])
    sitting.press("b")
    #expect(sitting.cursor == 4)
  }

  @Test func `what caused a change is heard with one key, before what influenced the model`() {
    var sitting = Sitting()
    sitting.suggest(["joy", "joy", "joy", "joy", "joy"], triggers: [nil, nil, nil, 3, 1])
    sitting.press("End")
    #expect(sitting.press("e").played == [[1]])
    #expect(sitting.cursor == 1)
    sitting.press("b")
    #expect(sitting.cursor == 4)
    // A turn may be its own cause: it is heard again, and nobody is sent elsewhere.
    sitting.press("Up")
    #expect(sitting.press("e").played == [[3]])
    #expect(sitting.cursor == 3)
    #expect(sitting.state.message?.text.contains("itself") == true)
  }

  @Test func `going to a turn counts from one as the screen does`() {
    var sitting = Sitting()
    sitting.press("g")
    sitting.type("4")
    sitting.press("Enter")
    #expect(sitting.cursor == 3)
    sitting.press("g")
    sitting.type("d3 2")
    #expect(sitting.press("Enter") == [.load(dialogue: 2, turn: 1, generation: 1)])
  }

  @Test(arguments: ["0", "99", "d9", "x", "d", "-1", "99999999999999999999"])
  func `a place that is not there is explained`(text: String) {
    var sitting = Sitting()
    sitting.press("g")
    sitting.type(text)
    #expect(sitting.press("Enter").isEmpty)
    #expect(sitting.state.message?.kind == .problem)
    #expect(sitting.cursor == 0)
  }

  @Test func `searching asks the store from here on, and n goes on`() {
    var sitting = Sitting()
    let here = Position(dialogue: 0, turn: 0)
    sitting.press("/")
    sitting.type("boxes")
    #expect(sitting.press("Enter") == [.find(.text("boxes"), from: here, forward: true)])
    #expect(sitting.press("N") == [.find(.text("boxes"), from: here, forward: false)])
    sitting.happen(.found(nil, .text("boxes")))
    #expect(sitting.state.message?.text.contains("boxes") == true)
  }

  @Test func `hearing the context plays the turns before in order, the cursor stays`() {
    var sitting = Sitting()
    sitting.press("End")
    #expect(sitting.press("h").played == [[1, 2, 3, 4]])
    #expect(sitting.cursor == 4)
    #expect(sitting.press("Home", "H").played.last == [0, 1, 2, 3, 4])
  }

  @Test func `a turn of text alone is said to be that and labelled all the same`() {
    var sitting = Sitting()
    var dialogue = Sitting.dialogue(place: 0)
    dialogue.dialogue.turns[0].audio = nil
    sitting.happen(.dialogueLoaded(dialogue, generation: 0))
    #expect(sitting.press("Space").played.isEmpty)
    #expect(sitting.state.transport.silence == "text only")
    sitting.press("3")
    #expect(sitting.labels[0] == "joy")
  }

  @Test func `autoplay can be turned off`() {
    var sitting = Sitting()
    sitting.press("a")
    #expect(sitting.press("3").played.isEmpty)
    #expect(sitting.press("Space").played == [[1]])
  }

  @Test func `space pauses and resumes`() {
    var sitting = Sitting()
    sitting.press("r")
    sitting.happen(.soundStarted(turn: 0, dialogue: 0))
    #expect(sitting.press("Space") == [.pause])
    #expect(sitting.press("Space") == [.resume])
    #expect(sitting.press("x") == [.stopSound])
  }

  @Test func `speed goes below half and comes back`() {
    var sitting = Sitting()
    for _ in 0..<20 { sitting.press("<") }
    #expect(sitting.state.transport.speed == 0.25)
    for _ in 0..<20 { sitting.press(">") }
    #expect(sitting.state.transport.speed == 2)
    #expect(sitting.press("=") == [.setSpeed(1)])
  }

  @Test func `the dialogue list is filtered by key and by typing`() {
    var sitting = Sitting()
    sitting.press("o")
    let effects = sitting.press("Tab")
    guard case .list(.unfinished, "", _, _, let request) = effects.first else {
      Issue.record("expected a request for unfinished dialogues, got \(effects)")
      return
    }
    let row = DialogueSummary(
      key: DialogueKey(corpus: "MELD", split: "dev", dialogue: "7"), place: 2, title: "",
      progress: Progress(labelled: 0, total: 5))
    sitting.happen(.listed(rows: [row], isAtStart: true, isAtEnd: true, request: request))
    #expect(sitting.press("Enter") == [.load(dialogue: 2, turn: nil, generation: 1)])
  }

  @Test func `a theme is seen at once and given back on escape`() {
    var sitting = Sitting()
    sitting.state.themes = ["dark", "light", "sea"]
    sitting.press("t")
    #expect(sitting.press("Down") == [.useTheme("light")])
    #expect(sitting.press("Escape") == [.useTheme("dark")])
    sitting.press("t", "Down")
    sitting.press("Enter")
    #expect(sitting.state.preferences.theme == "light")
  }

  @Test func `the palette finds a command by any of its words and runs it`() {
    var sitting = Sitting()
    sitting.press(":")
    sitting.type("come back")
    sitting.press("Enter")
    #expect(sitting.state.dialogue?.states[0].isFlagged == true)
  }
}

@Suite struct DialogueListTests {
  static func rows(_ places: Range<Int>) -> [DialogueSummary] {
    places.map {
      DialogueSummary(
        key: DialogueKey(corpus: "MELD", dialogue: "\($0)"), place: $0, title: "",
        progress: Progress(labelled: 0, total: 5))
    }
  }

  @Test func `moving down a list of fifty thousand asks for the next window in time`() {
    var sitting = Sitting(dialogues: 50_000)
    sitting.press("o")
    sitting.happen(.listed(rows: Self.rows(0..<60), isAtStart: true, isAtEnd: false, request: 1))
    var asked = 0
    for _ in 0..<55 where asked == 0 {
      for case .list(_, _, let place, _, _) in sitting.press("Down") { asked = place }
    }
    #expect((45..<60).contains(asked))
    sitting.happen(
      .listed(rows: Self.rows(20..<80), isAtStart: false, isAtEnd: false, request: 2))
    guard case .dialogues(let list) = sitting.state.overlay else {
      Issue.record("the list is closed")
      return
    }
    #expect(list.selected?.place == asked)
  }
}

@Suite struct KeyMapTests {
  @Test func `every command has a key, and no key two meanings`() {
    for command in Command.allCases {
      #expect(!command.defaultKeys.isEmpty, "\(command)")
      for key in command.defaultKeys { #expect(Key(key) != nil, "\(command): \(key)") }
    }
    var owners: [String: Command] = [:]
    for command in Command.allCases {
      for key in command.defaultKeys {
        let place = "\(command.context) \(key)"
        #expect(
          owners[place] == nil, "\(key) is \(command) and \(String(describing: owners[place]))")
        owners[place] = command
      }
    }
  }

  @Test(arguments: [LabelScheme.meld, .emoryNLP, .iemocap])
  func `no label takes a key from a command`(scheme: LabelScheme) {
    #expect(KeyMap.annotator(labels: scheme.labels.map { ($0.name, $0.key) }).warnings == [])
  }

  @Test func `a label that takes a command's key is reported with both names`() {
    let warnings = KeyMap.annotator(labels: [("undecided", "u")]).warnings
    #expect(warnings.count == 1)
    #expect(warnings.first?.contains("undecided") == true)
    #expect(warnings.first?.contains("undo") == true)
  }

  @Test func `a key changed in a file is the key that help shows`() {
    let (keyMap, warnings) = KeyMap.annotator(labels: []).keyMap.overlaid(
      with: "[keys.turn]\n\"z\" = \"undo\"\n\"u\" = \"\"\n", file: "settings.toml",
      actions: KeyMap.actionNames(labels: []))
    #expect(warnings.isEmpty)
    #expect(KeyHints(keyMap).keys(of: .undo) == ["z"])
  }
}
