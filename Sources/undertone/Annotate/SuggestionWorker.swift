import Annotator
import Dialogues
import Dispatch
import LabelStore
import Synchronization

/// Has suggestions for the dialogue in front of the annotator: those stored, else computed, in the
/// background, one dialogue at a time. What was computed is stored, so that it is computed once.
final class SuggestionWorker: Sendable {
  private let project: Project
  private let scheme: LabelScheme
  private let wanted: String?
  private let acceptsRefined: Bool
  private let locations: Locations
  private let mailbox: Mailbox
  private let queue = DispatchQueue(label: "undertone.suggestions", qos: .utility)
  private let latestRequest = Atomic(0)
  /// A few kilobytes; a broken file leaves what was stored.
  private let triggers: TriggerMarks?
  /// Loaded when it is needed for the first time; the queue is the only one to use it.
  private let suggester = Mutex<Result<Suggester, Failure>?>(nil)

  /// - Parameters:
  ///   - wanted: the source to show; `nil` for one that was imported into the project, if there is
  ///     any, else the built-in model.
  init(
    project: Project, scheme: LabelScheme, wanted: String?, acceptsRefined: Bool,
    locations: Locations, mailbox: Mailbox
  ) {
    self.project = project
    self.scheme = scheme
    self.wanted = wanted
    self.acceptsRefined = acceptsRefined
    self.locations = locations
    self.mailbox = mailbox
    triggers = try? TriggerMarks(locations)
  }

  func suggest(_ dialogue: OpenDialogue) {
    let number = latestRequest.add(1, ordering: .relaxed).newValue
    queue.async { [self] in
      guard latestRequest.load(ordering: .relaxed) == number else { return }
      do {
        let source = try sourceName()
        var suggestions = try project.suggestions(for: dialogue.dialogue.key, from: source)
        if source == builtInSource, suggestions.count < dialogue.turns.count {
          suggestions = try compute(dialogue.dialogue)
        }
        var display = SuggestionDisplay(
          scheme: scheme, source: source, acceptsRefined: acceptsRefined)
        display.triggers = triggers
        mailbox.post(
          .suggestionsReady(
            display.views(of: suggestions, in: dialogue), dialogue: dialogue.place))
        // Why decoding changed a label takes the model's file, which nobody should have to wait for.
        if source == builtInSource, suggestions.contains(where: { $0.refined != $0.best?.label }),
          let decoder = try? loadedSuggester().decoder,
          latestRequest.load(ordering: .relaxed) == number
        {
          display.decoder = decoder
          mailbox.post(
            .suggestionsReady(
              display.views(of: suggestions, in: dialogue), dialogue: dialogue.place))
        }
      } catch {
        mailbox.post(.suggestionsUnavailable(sentence(error), dialogue: dialogue.place))
      }
    }
  }

  private func sourceName() throws -> String {
    if let wanted { return wanted }
    return try project.sources().first { $0.name != builtInSource }?.name ?? builtInSource
  }

  /// The model, loaded when it is needed for the first time.
  private func loadedSuggester() throws -> Suggester {
    let loaded = suggester.withLock { suggester in
      if let suggester { return suggester }
      let result: Result<Suggester, Failure>
      do {
        let sounds = TurnSounds(try project.information().corpora)
        result = .success(
          try Suggester(scheme: scheme, checkpoint: nil, sounds: sounds, locations: locations))
      } catch {
        result = .failure(Failure(sentence(error)))
      }
      suggester = result
      return result
    }
    return try loaded.get()
  }

  private func compute(_ dialogue: Dialogue) throws -> [Suggestion] {
    let suggester = try loadedSuggester()
    let suggestions = try suggester.suggestions(for: dialogue)
    // A read-only project or a full disk must not keep them from being shown.
    if project.readOnlyReason == nil {
      try? project.storeSuggestions(suggester.source, suggestions)
    }
    return suggestions
  }
}
