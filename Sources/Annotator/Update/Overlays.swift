import Dialogues
import Screen

// What lies in front of the dialogue: help, lists, prompts.

extension State {
  mutating func type(_ character: Character, at now: Double) -> [Effect] {
    switch overlay {
    case .prompt(var prompt):
      prompt.field.insert(character)
      overlay = .prompt(prompt)
      return []
    case .palette, .themes, .dialogues, .review:
      return edit { $0.insert(character) }
    case .dimensions(let entry):
      return enter(character, in: entry, at: now)
    case .help, .guidelines, .agreement, .opinions, .confirmQuit, nil:
      return []
    }
  }

  mutating func performInOverlay(_ command: Command, at now: Double) -> [Effect] {
    switch command {
    case .close: return closeOverlay(at: now)
    case .choose: return choose(at: now)
    case .confirm:
      guard case .confirmQuit = overlay else { return [] }
      return [.quit]
    case .itemDown: return moveItem(by: 1)
    case .itemUp: return moveItem(by: -1)
    case .itemPageDown: return moveItem(by: max(1, size.rows - 6))
    case .itemPageUp: return moveItem(by: -max(1, size.rows - 6))
    case .itemFirst: return moveItem(by: Int.min / 2)
    case .itemLast: return moveItem(by: Int.max / 2)
    case .cycleFilter: return cycleFilter()
    case .fieldBackspace: return edit { $0.deleteBackward() }
    case .fieldDelete: return edit { $0.deleteForward() }
    case .fieldLeft: return edit { $0.moveCursor(by: -1) }
    case .fieldRight: return edit { $0.moveCursor(by: 1) }
    case .fieldHome: return edit { $0.moveToStart() }
    case .fieldEnd: return edit { $0.moveToEnd() }
    case .fieldClear: return edit { $0.deleteToStart() }
    case .fieldDeleteWord: return edit { $0.deleteWord() }
    default: return []
    }
  }

  /// Changes the text of the field in front, and what depends on it.
  private mutating func edit(_ change: (inout TextField) -> Void) -> [Effect] {
    switch overlay {
    case .prompt(var prompt):
      change(&prompt.field)
      overlay = .prompt(prompt)
      return []
    case .palette(var picker):
      change(&picker.field)
      picker.selection = 0
      overlay = .palette(picker)
      return []
    case .themes(var picker, let original):
      change(&picker.field)
      picker.selection = 0
      overlay = .themes(picker, original: original)
      return previewTheme()
    case .dialogues(var list):
      let before = list.field.text
      change(&list.field)
      let isSame = list.field.text == before
      if !isSame { list.selection = 0 }
      overlay = .dialogues(list)
      return isSame ? [] : refreshList()
    case .review(var list):
      let before = list.field.text
      change(&list.field)
      let isSame = list.field.text == before
      if !isSame { list.selection = 0 }
      overlay = .review(list)
      return isSame ? [] : refreshReviewList()
    case .help, .guidelines, .agreement, .opinions, .dimensions, .confirmQuit, nil:
      return []
    }
  }

  private mutating func moveItem(by step: Int) -> [Effect] {
    switch overlay {
    case .help(let scroll):
      overlay = .help(scroll: clamp(scroll, step, helpLineCount))
      return []
    case .guidelines(let scroll):
      overlay = .guidelines(scroll: clamp(scroll, step, guidelineLineCount))
      return []
    case .agreement(var view):
      view.scroll = clamp(view.scroll, step, agreementLines(view).count)
      overlay = .agreement(view)
      return []
    case .opinions(let scroll):
      overlay = .opinions(scroll: clamp(scroll, step, opinionLines(columns: pageWidth).count))
      return []
    case .review(var list):
      let needsMore = list.move(by: step)
      overlay = .review(list)
      return needsMore ? refreshReviewList() : []
    case .palette(var picker):
      picker.move(by: step)
      overlay = .palette(picker)
      return []
    case .themes(var picker, let original):
      picker.move(by: step)
      overlay = .themes(picker, original: original)
      return previewTheme()
    case .dialogues(var list):
      let needsMore = list.move(by: step)
      overlay = .dialogues(list)
      return needsMore ? refreshList() : []
    case .dimensions(var entry):
      entry.dimension = clamp(entry.dimension, step, project.scheme.dimensions.count)
      overlay = .dimensions(entry)
      return []
    case .prompt, .confirmQuit, nil:
      return []
    }
  }

  private func clamp(_ value: Int, _ step: Int, _ count: Int) -> Int {
    max(0, min(value + step, count - 1))
  }

  private mutating func closeOverlay(at now: Double) -> [Effect] {
    let closed = overlay
    overlay = nil
    switch closed {
    case .themes(_, let original): return [.useTheme(original)]
    case .dimensions(let entry): return finish(entry, at: now)
    case .agreement: return [.watchAgreement(false)]
    default: return []
    }
  }

  private mutating func choose(at now: Double) -> [Effect] {
    switch overlay {
    case .palette(let picker):
      overlay = nil
      switch picker.selected {
      case .command(let command): return perform(command, at: now)
      case .label(let place): return giveLabel(at: place, now: now)
      case nil: return []
      }
    case .themes(let picker, _):
      overlay = nil
      guard let theme = picker.selected else { return [] }
      preferences.theme = theme
      return [.useTheme(theme), .remember(preferences)]
    case .dialogues(let list):
      guard let selected = list.selected else { return [] }
      overlay = nil
      if selected.place == dialogue?.place { return [] }
      if let position { jumps.append(position) }
      message = nil
      return load(dialogue: selected.place, turn: nil, at: now)
    case .prompt(let prompt):
      overlay = nil
      return finish(prompt, at: now)
    case .dimensions(let entry):
      overlay = nil
      return finish(entry, at: now)
    case .review(let list):
      return choose(from: list, at: now)
    case .help, .guidelines, .opinions:
      overlay = nil
      return []
    case .agreement: return closeOverlay(at: now)
    case .confirmQuit, nil:
      return []
    }
  }

  private mutating func finish(_ prompt: Prompt, at now: Double) -> [Effect] {
    let text = prompt.field.text
    switch prompt.purpose {
    case .note(let key):
      return finishNote(text, on: key)
    case .reason(let key):
      return finishReason(text, on: key, at: now)
    case .search:
      guard !text.isEmpty else { return [] }
      query = text
      return findMatch(forward: true)
    case .goTo:
      return text.isEmpty ? [] : goTo(text, at: now)
    }
  }

  // MARK: Dimensions

  mutating func openDimensions(advances: Bool) -> [Effect] {
    guard let dialogue else { return [] }
    guard !project.scheme.dimensions.isEmpty else {
      inform("This project's scheme has no dimensions such as valence.")
      return []
    }
    overlay = .dimensions(
      DimensionEntry(
        turn: dialogue.cursor, dimension: 0, advances: advances,
        values: dialogue.states[dialogue.cursor].answer?.dimensions ?? [:]))
    return []
  }

  /// One digit is one value; 0 stands for 10 on a scale that ends there.
  private mutating func enter(
    _ character: Character, in entry: DimensionEntry, at now: Double
  ) -> [Effect] {
    guard let digit = character.wholeNumberValue else { return [] }
    let dimension = project.scheme.dimensions[entry.dimension]
    let value = digit == 0 && dimension.low > 0 && dimension.high >= 10 ? 10 : digit
    guard value >= dimension.low, value <= dimension.high else {
      warn("\(dimension.name) goes from \(dimension.low) to \(dimension.high).")
      return []
    }
    message = nil
    var entry = entry
    entry.values[dimension.name] = Double(value)
    entry.dimension += 1
    guard entry.dimension == project.scheme.dimensions.count else {
      overlay = .dimensions(entry)
      return []
    }
    overlay = nil
    return finish(entry, at: now)
  }

  private mutating func finish(_ entry: DimensionEntry, at now: Double) -> [Effect] {
    guard let dialogue, dialogue.states.indices.contains(entry.turn) else { return [] }
    let before = dialogue.states[entry.turn].answer
    var effects: [Effect] = []
    if entry.values != before?.dimensions ?? [:] {
      var answer = before ?? Answer(labels: [])
      answer.dimensions = entry.values
      effects += record(answer, turn: entry.turn, at: now)
    }
    return entry.advances ? effects + advance(at: now) : effects
  }

  // MARK: Lists

  mutating func openDialogueList() -> [Effect] {
    overlay = .dialogues(DialogueList(selection: dialogue?.place ?? 0))
    return refreshList()
  }

  /// Asks for the window of the list around its selection, if the list is open.
  mutating func refreshList() -> [Effect] {
    guard case .dialogues(var list) = overlay else { return [] }
    list.request += 1
    overlay = .dialogues(list)
    return [
      .list(
        filter: list.filter, text: list.field.text, around: list.selection,
        count: max(size.rows, 10) * 3, request: list.request)
    ]
  }

  mutating func showList(
    rows: [DialogueSummary], isAtStart: Bool, isAtEnd: Bool, request: Int
  ) {
    guard case .dialogues(var list) = overlay, list.request == request else { return }
    list.rows = rows
    list.isAtStart = isAtStart
    list.isAtEnd = isAtEnd
    list.selection = list.selected?.place ?? 0
    overlay = .dialogues(list)
  }

  private mutating func cycleFilter() -> [Effect] {
    if case .review = overlay { return cycleReviewScope() }
    guard case .dialogues(var list) = overlay else { return [] }
    let filters = DialogueList.Filter.allCases
    let place = filters.firstIndex(of: list.filter) ?? 0
    list.filter = filters[(place + 1) % filters.count]
    overlay = .dialogues(list)
    return refreshList()
  }

  /// Commands first, as the palette is mostly opened for them, then the labels.
  var commandPicker: Picker<PaletteItem> {
    let commands = Command.allCases.filter {
      $0.context == .turn || review != nil && $0.context == .review
    }.map {
      Picker<PaletteItem>.Row(item: .command($0), text: $0.rawValue, detail: $0.summary)
    }
    let labels = project.scheme.labels.enumerated().map { place, label in
      Picker<PaletteItem>.Row(
        item: .label(place), text: KeyMap.labelAction(label.name),
        detail: label.definition.isEmpty ? "Give this label" : label.definition)
    }
    return Picker(rows: commands + labels)
  }

  mutating func openThemes() -> [Effect] {
    guard !themes.isEmpty else {
      inform("Only the theme compiled into the program is there.")
      return []
    }
    let selection = themes.firstIndex(of: preferences.theme) ?? 0
    overlay = .themes(
      Picker(
        rows: themes.map { Picker.Row(item: $0, text: $0, detail: "") },
        selection: selection),
      original: preferences.theme)
    return []
  }

  private func previewTheme() -> [Effect] {
    guard case .themes(let picker, _) = overlay, let theme = picker.selected else { return [] }
    return [.useTheme(theme)]
  }

  // MARK: The end

  mutating func quit(at now: Double) -> [Effect] {
    if saving.hasFailed {
      overlay = .confirmQuit
      return []
    }
    let kept = keepRevealed(at: now)
    // The disk may yet refuse what is on its way to it, and then the annotator must hear of it.
    guard saving.pending.isEmpty else {
      saving.endsWhenSaved = true
      return kept
    }
    return [.quit]
  }
}
