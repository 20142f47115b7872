import Annotator
import Dialogues
import Dispatch
import Glibc
import LabelStore
import Synchronization

/// Does with the project file what the annotator's effects ask for, away from the main loop.
///
/// Writing and opening dialogues happen one after another on one queue, so that what is read holds
/// everything asked to be written before. Searching, which may take long, has a queue of its own.
final class StoreWorker: Sendable {
  private let project: Project
  private let worklist: Worklist
  private let study: StudyDesign
  private let rater: Rater
  /// Knows what everybody made of the turns; `nil` outside a review.
  private let reviewer: ReviewWorker?
  private let mailbox: Mailbox
  private let queue = DispatchQueue(label: "undertone.store", qos: .userInteractive)
  private let searchQueue = DispatchQueue(label: "undertone.search", qos: .userInitiated)
  private let latestSearch = Atomic(0)
  private let place = Mutex<TurnKey?>(nil)

  init(
    project: Project, worklist: Worklist, study: StudyDesign, rater: Rater,
    reviewer: ReviewWorker? = nil, mailbox: Mailbox
  ) {
    self.project = project
    self.worklist = worklist
    self.study = study
    self.rater = rater
    self.reviewer = reviewer
    self.mailbox = mailbox
  }

  /// Waits until everything asked for is on the disk.
  func finish() {
    queue.sync { writePlace() }
  }

  // MARK: Writing

  func save(_ change: Change, number: Int) {
    queue.async { [self] in
      do {
        let saved = try write(change, by: worklist.rater(at: change.dialogue))
        let progress = worklist.progress(after: saved, at: change.dialogue)
        mailbox.post(.saved(number: number, at: .now, progress: progress))
      } catch {
        mailbox.post(.saveFailed(number: number, reason: sentence(error)))
      }
    }
  }

  private func write(_ change: Change, by rater: Rater) throws -> SavedState {
    switch change.kind {
    case .answer(let answer, var conditions):
      conditions.program = programVersion
      return try project.answer(change.turn, answer, conditions: conditions, by: rater)
    case .withdraw:
      return try project.withdraw(change.turn, by: rater)
    case .flag(let isFlagged):
      return try project.setFlag(isFlagged, on: change.turn, by: rater)
    case .skip(let isSkipped):
      return try project.setSkip(isSkipped, on: change.turn, by: rater)
    case .note(let note):
      return try project.setNote(note, on: change.turn, by: rater)
    case .adjudicate(let adjudication, var conditions):
      conditions.program = programVersion
      return try project.adjudicate(change.turn, adjudication, conditions: conditions, by: rater)
    }
  }

  func revert(isRedo: Bool) {
    queue.async { [self] in
      do {
        let undone = try isRedo ? project.redo(by: rater) : project.undo(by: rater)
        let reversal = try undone.map { undone in
          // What was done in a dialogue that is no longer the rater's is undone all the same.
          let place = try worklist.place(of: undone.turn, for: undone.rater) ?? undone.place
          return Reversal(
            position: Position(place), state: undone.saved.state,
            description: undone.action.description,
            progress: worklist.progress(after: undone.saved, at: place.dialogue))
        }
        mailbox.post(.reverted(reversal, isRedo: isRedo))
      } catch {
        mailbox.post(.revertFailed(sentence(error)))
      }
    }
  }

  /// Files what was heard. It is history, nobody waits for it, and a full disk is reported by the
  /// labels, which matter more.
  func logListening(_ turn: TurnKey, inDialogue place: Int, milliseconds: Int) {
    let rater = worklist.rater(at: place)
    queue.async { [self] in
      try? project.listened(
        to: turn,
        conditions: RatingConditions(heardMilliseconds: milliseconds, program: programVersion),
        by: rater)
    }
  }

  /// Remembers where the annotator is. It is written with the next pause and not with every step:
  /// each write waits for the disk, and a label must not wait behind it.
  func rememberPosition(_ turn: TurnKey) {
    let isFirst = place.withLock { place in
      defer { place = turn }
      return place == nil
    }
    guard isFirst else { return }
    queue.asyncAfter(deadline: .now() + 5) { [self] in writePlace() }
  }

  private func writePlace() {
    let turn = place.withLock { place in
      defer { place = nil }
      return place
    }
    if let turn { try? project.setLastTurn(turn, of: rater) }
  }

  // MARK: Reading

  func load(dialogue place: Int, turn: Int?, generation: Int) {
    queue.async { [self] in
      do {
        guard let dialogue = try worklist.dialogue(at: place), !dialogue.turns.isEmpty else {
          mailbox.post(
            .dialogueUnavailable("Dialogue \(place + 1) has no turns.", generation: generation))
          return
        }
        let rater = worklist.rater(at: place)
        let states = try project.turnStates(of: dialogue.key, for: rater)
        let firstOpen = states.firstIndex { $0.answer == nil && !$0.isSkipped }
        mailbox.post(
          .dialogueLoaded(
            OpenDialogue(
              place: place, dialogue: dialogue, states: states, cursor: turn ?? firstOpen ?? 0,
              arm: study.arm(of: dialogue.key), othersLabels: try othersLabels(of: dialogue),
              reviewed: try reviewer?.turns(of: dialogue, at: place) ?? []),
            generation: generation))
        mailbox.post(.progressed(try worklist.progress()))
      } catch {
        mailbox.post(.dialogueUnavailable(sentence(error), generation: generation))
      }
    }
  }

  /// How often others gave which label on each turn, where the protocol reveals it.
  private func othersLabels(of dialogue: Dialogue) throws -> [[LabelCount]] {
    guard reviewer == nil, study.annotationProtocol == .commitThenReveal, study.revealsOthers
    else { return [] }
    let places = Dictionary(
      dialogue.turns.enumerated().map { ($0.element.key, $0.offset) }
    ) { first, _ in first }
    var counts = Array(repeating: [String: Int](), count: dialogue.turns.count)
    for rating in try project.ratings(of: dialogue.key, by: [.person]) where rating.rater != rater {
      guard let place = places[rating.turn] else { continue }
      for label in rating.answer.labels { counts[place][label, default: 0] += 1 }
    }
    return counts.map { counts in
      counts.map { LabelCount(label: $0.key, count: $0.value) }
        .sorted { ($1.count, $0.label) < ($0.count, $1.label) }
    }
  }

  func find(_ goal: SearchGoal, from position: Position, forward: Bool) {
    let number = latestSearch.add(1, ordering: .relaxed).newValue
    // What was just labelled must not be found as unlabelled: wait for the writes, not for others'.
    queue.async { [self] in
      searchQueue.async { [self] in
        let isStale = { [self] in latestSearch.load(ordering: .relaxed) != number }
        guard !isStale() else { return }
        do {
          let found = try look(for: goal, from: TurnPlace(position), forward: forward, isStale)
          if !isStale() { mailbox.post(.found(found.map(Position.init), goal)) }
        } catch {
          mailbox.post(.message(Message(.problem, sentence(error))))
        }
      }
    }
  }

  private func look(
    for goal: SearchGoal, from place: TurnPlace, forward: Bool, _ isStale: () -> Bool
  ) throws -> TurnPlace? {
    switch goal {
    case .unlabelled: try worklist.next(.unlabelled, after: place, backwards: !forward)
    case .flagged: try worklist.next(.flagged, after: place, backwards: !forward)
    case .text(let text):
      try worklist.search(text, after: place, backwards: !forward, isCancelled: isStale)
    }
  }

  func list(
    filter: DialogueList.Filter, text: String, around place: Int, count: Int, request: Int
  ) {
    searchQueue.async { [self] in
      do {
        let filter: Project.DialogueFilter =
          switch filter {
          case .all: .all
          case .unfinished: .unfinished
          case .flagged: .flagged
          }
        let half = count / 2
        let place = max(0, min(place, try worklist.count))
        let before = try worklist.summaries(
          from: place - 1, limit: half, backwards: true, filter: filter, matching: text)
        let after = try worklist.summaries(
          from: place, limit: half, filter: filter, matching: text)
        mailbox.post(
          .listed(
            rows: before + after, isAtStart: before.count < half, isAtEnd: after.count < half,
            request: request))
      } catch {
        mailbox.post(.message(Message(.problem, sentence(error))))
      }
    }
  }
}

extension Position {
  init(_ place: TurnPlace) {
    self.init(dialogue: place.dialogue, turn: place.turn)
  }
}

extension TurnPlace {
  init(_ position: Position) {
    self.init(dialogue: position.dialogue, turn: position.turn)
  }
}

extension TimeOfDay {
  /// The time on the clock on the wall.
  static var now: TimeOfDay {
    var seconds = time(nil)
    var parts = tm()
    localtime_r(&seconds, &parts)
    return TimeOfDay(hour: Int(parts.tm_hour), minute: Int(parts.tm_min))
  }
}

/// A moment as `2026-03-01 14:02`, by the clock on the wall.
func dayAndTime(_ seconds: Double) -> String {
  guard seconds.isFinite, abs(seconds) < 1e12 else { return "" }
  var moment = time_t(seconds)
  var parts = tm()
  localtime_r(&moment, &parts)
  func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
  return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday)) "
    + "\(two(parts.tm_hour)):\(two(parts.tm_min))"
}
