import Dialogues
import Screen

// Settling turns: the label keys decide, and the next turn of the queue comes by itself.

extension State {
  /// What a command means in a review where it means something else than in labelling; `nil` for the
  /// same.
  mutating func performInReview(_ command: Command, at now: Double) -> [Effect]? {
    switch command {
    case .accept: return confirm(at: now)
    case .noLabel: return settle([], at: now)
    case .reason: return openReason()
    case .nextEntry: return stepReview(forward: true)
    case .previousEntry: return stepReview(forward: false)
    case .skip: return stepReview(forward: true)
    case .reviewList: return openReviewList()
    case .names: return toggleNames()
    case .opinions:
      overlay = .opinions(scroll: 0)
      return []
    case .withdraw:
      inform("\(keys.key(of: .undo)) takes back what you decided last.")
      return []
    case .note, .confidence, .dimensions, .nextUnlabelled, .previousUnlabelled:
      inform("That is for labelling. In review a label decides; ? lists the keys.")
      return []
    default: return nil
    }
  }

  /// Decides what the labels of the current turn are, and goes on to the next of the queue.
  mutating func settle(_ labels: [String], at now: Double) -> [Effect] {
    guard let dialogue, let review, dialogue.reviewed.indices.contains(dialogue.cursor) else {
      return []
    }
    let turn = dialogue.cursor
    let key = dialogue.turn.key
    let adjudication = Adjudication(labels: labels, reason: review.reasons[key] ?? "")
    let effects = change(
      .adjudicate(adjudication, adjudicationConditions(ofTurn: turn, at: now)), turn: turn)
    guard !effects.isEmpty else { return [] }
    self.dialogue?.decide(adjudication, turn: turn, by: project.rater)
    self.review?.reasons[key] = nil
    let position = Position(dialogue: dialogue.place, turn: turn)
    // Who decided another turn than the queue's, gone to by hand or back to by undoing, comes back to
    // the one that still waits.
    if let waiting = review.entry?.position, waiting != position {
      return effects + [.reviewDecided(position)] + jump(to: waiting, at: now)
    }
    return effects + [.reviewDecided(position)] + stepReview(forward: true)
  }

  /// What an adjudicator saw and heard: no protocol and no arm, for nobody is measured by it.
  private func adjudicationConditions(ofTurn turn: Int, at now: Double) -> RatingConditions {
    var conditions = conditions(ofTurn: turn, at: now)
    conditions.annotationProtocol = nil
    conditions.arm = nil
    conditions.stage = nil
    return conditions
  }

  /// Makes a decision of what is filled in because all agree.
  private mutating func confirm(at now: Double) -> [Effect] {
    guard let dialogue, let turn = reviewed(dialogue.cursor) else { return [] }
    guard let labels = turn.filledIn else {
      inform("People differ, so nothing is filled in: decide by a label's key.")
      return []
    }
    return settle(labels, at: now)
  }

  private mutating func openReason() -> [Effect] {
    guard let dialogue, let review, mayWrite() else { return [] }
    let own = reviewed(dialogue.cursor)?.decision.flatMap {
      $0.name == project.rater ? $0.adjudication.reason : nil
    }
    let text = review.reasons[dialogue.turn.key] ?? own ?? ""
    overlay = .prompt(Prompt(purpose: .reason(dialogue.turn.key), field: TextField(text)))
    return []
  }

  /// Files a reason with the decision that is there, if it is the adjudicator's own; else keeps it for
  /// the one to come.
  mutating func finishReason(_ text: String, on key: TurnKey, at now: Double) -> [Effect] {
    guard let dialogue, let turn = dialogue.turns.firstIndex(where: { $0.key == key }) else {
      return []
    }
    guard let decision = reviewed(turn)?.decision, decision.name == project.rater else {
      review?.reasons[key] = text.isEmpty ? nil : text
      if !text.isEmpty { inform("Written with your decision: give a label by its key.") }
      return []
    }
    guard decision.adjudication.reason != text else { return [] }
    let adjudication = Adjudication(labels: decision.adjudication.labels, reason: text)
    let effects = change(
      .adjudicate(adjudication, adjudicationConditions(ofTurn: turn, at: now)), turn: turn)
    if !effects.isEmpty { self.dialogue?.decide(adjudication, turn: turn, by: project.rater) }
    return effects
  }

  private mutating func toggleNames() -> [Effect] {
    review?.showsNames.toggle()
    inform(
      review?.showsNames == true
        ? "Raters' names are shown." : "Raters' names are hidden behind letters.")
    return []
  }

  // MARK: The queue

  private mutating func stepReview(forward: Bool) -> [Effect] {
    guard let review, let position = review.entry?.position ?? position else { return [] }
    return [
      .reviewStep(
        scope: review.scope, filter: review.filter, from: position, forward: forward)
    ]
  }

  /// Goes to a turn of the queue.
  mutating func review(_ place: ReviewPlace?, at now: Double) -> [Effect] {
    guard let place else {
      review?.entry = nil
      let effects = dialogue == nil && !isLoading ? load(dialogue: 0, turn: nil, at: now) : []
      inform(
        "Nothing is left here; \(keys.key(of: .reviewList)) lists the turns, Tab there shows others."
      )
      return effects
    }
    review?.entry = place
    guard dialogue != nil else {
      return load(dialogue: place.position.dialogue, turn: place.position.turn, at: now)
    }
    guard position != place.position else {
      inform("This is the only turn left here.")
      return []
    }
    return jump(to: place.position, at: now)
  }

  mutating func showReview(_ turns: [ReviewedTurn], dialogue place: Int) {
    guard let dialogue, dialogue.place == place, dialogue.turns.count == turns.count else { return }
    self.dialogue?.reviewed = turns
    for pending in saving.pending where pending.change.dialogue == place {
      self.dialogue?.show(pending.change, by: project.rater)
    }
  }

  // MARK: The list

  private mutating func openReviewList() -> [Effect] {
    guard let review else { return [] }
    overlay = .review(ReviewList(review))
    return refreshReviewList()
  }

  mutating func refreshReviewList() -> [Effect] {
    guard case .review(var list) = overlay else { return [] }
    list.request += 1
    overlay = .review(list)
    return [
      .reviewList(
        scope: list.scope, filter: list.field.text, around: list.selection,
        count: max(size.rows, 10) * 2, request: list.request)
    ]
  }

  mutating func showReviewList(_ rows: [ReviewRow], first: Int, count: Int, request: Int) {
    guard case .review(var list) = overlay, list.request == request else { return }
    list.rows = rows
    list.first = first
    list.count = count
    list.selection = max(0, min(list.selection, count - 1))
    overlay = .review(list)
  }

  mutating func cycleReviewScope() -> [Effect] {
    guard case .review(var list) = overlay else { return [] }
    let scopes = ReviewScope.allCases
    let place = scopes.firstIndex(of: list.scope) ?? 0
    list.scope = scopes[(place + 1) % scopes.count]
    list.selection = 0
    overlay = .review(list)
    return refreshReviewList()
  }

  /// Goes to the selected turn; from there the queue goes on as the list was filtered.
  mutating func choose(from list: ReviewList, at now: Double) -> [Effect] {
    guard let row = list.selected else { return [] }
    overlay = nil
    review?.scope = list.scope
    review?.filter = list.field.text
    let place = ReviewPlace(position: row.position, rank: list.selection, count: list.count)
    if position == row.position {
      review?.entry = place
      return []
    }
    return review(place, at: now)
  }
}

extension OpenDialogue {
  /// Shows a decision before the disk has confirmed it.
  mutating func decide(_ adjudication: Adjudication, turn: Int, by name: String) {
    guard reviewed.indices.contains(turn) else { return }
    let letter = reviewed[turn].opinions.first { $0.name == name }?.letter
    reviewed[turn].decision = ReviewedTurn.Decision(adjudication, name: name, letter: letter)
    reviewed[turn].standing = .decided
  }

  /// Shows a change that is on its way to the disk.
  mutating func show(_ change: Change, by name: String) {
    guard case .adjudicate(let adjudication, _) = change.kind,
      let turn = place(ofTurn: change.turn.turn), turns[turn].key == change.turn
    else { return }
    decide(adjudication, turn: turn, by: name)
  }
}
