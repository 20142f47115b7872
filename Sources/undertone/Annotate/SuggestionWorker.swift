import Annotator
import Dialogues
import Dispatch
import EmotionModel
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
  /// Loaded when they are needed for the first time, by the path of the checkpoint, empty for the one
  /// that ships with the program.
  private let suggesters = Mutex<[String: Result<Suggester, Failure>]>([:])
  /// What was learned from corrections; `nil` where nothing is to be.
  private let learned: LearnedModels?
  private let rater: String

  /// - Parameters:
  ///   - wanted: the source to show; `nil` for one that was imported into the project, if there is
  ///     any, else what the built-in model has learned since, else what it says itself, decoded where
  ///     `undertone refine` has done that.
  ///   - learned: what was learned from corrections; `nil` where nothing is to be.
  ///   - rater: who is labelling, for the version they chose.
  init(
    project: Project, scheme: LabelScheme, wanted: String?, acceptsRefined: Bool,
    locations: Locations, mailbox: Mailbox, learned: LearnedModels? = nil, rater: String = ""
  ) {
    self.learned = learned
    self.rater = rater
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
        let (source, checkpoint) = try source(for: dialogue.dialogue)
        var suggestions = try project.suggestions(for: dialogue.dialogue.key, from: source)
        if let checkpoint, suggestions.count < dialogue.turns.count {
          suggestions = try compute(dialogue.dialogue, with: checkpoint, as: source)
        }
        var display = SuggestionDisplay(
          scheme: scheme, source: source, acceptsRefined: acceptsRefined)
        display.triggers = triggers
        mailbox.post(
          .suggestionsReady(
            display.views(of: suggestions, in: dialogue), dialogue: dialogue.place))
        // Why decoding changed a label takes the model's file, which nobody should have to wait for.
        if let checkpoint, suggestions.contains(where: { $0.refined != $0.best?.label }),
          let decoder = try? suggester(checkpoint).decoder,
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

  /// Goes back to the source in use before the present one and shows what it suggests.
  func goBack(in dialogue: OpenDialogue) {
    queue.async { [self] in
      do {
        guard wanted == nil, let learned, try UsualSource.imported(into: project) == nil
        else {
          mailbox.post(.wentBack(to: nil, isLearned: false))
          return
        }
        let isThere = !learned.used().isEmpty
        let model = try learned.goBack(for: rater)
        mailbox.post(.wentBack(to: model?.source ?? builtInSource, isLearned: isThere))
      } catch {
        mailbox.post(.message(Message(.problem, sentence(error))))
      }
    }
    suggest(dialogue)
  }

  /// What a dialogue's suggestions come from, with the checkpoint to compute them with: empty for the
  /// one that ships with the program, `nil` where they are only looked up.
  ///
  /// What was learned from a dialogue never suggests in it: it would tell what others answered, and
  /// suggestions would change under the hands of who is labelling it.
  private func source(for dialogue: Dialogue) throws -> (name: String, checkpoint: String?) {
    if let wanted { return (wanted, wanted == builtInSource ? "" : nil) }
    if let imported = try UsualSource.imported(into: project) { return (imported, nil) }
    if let learned {
      let latest = learned.latestVersion(for: rater)
      if let model = learned.used().first(where: {
        $0.version <= latest && !$0.learned(from: dialogue.key)
      }) {
        return (model.source, learned.weightsPath(of: model))
      }
    }
    let decoded = try project.suggestions(for: dialogue.key, from: UsualSource.refined)
    if decoded.count == dialogue.turns.count { return (UsualSource.refined, nil) }
    return (builtInSource, "")
  }

  /// A model, loaded when it is needed for the first time.
  private func suggester(_ checkpoint: String) throws -> Suggester {
    let loaded = suggesters.withLock { suggesters in
      if let suggester = suggesters[checkpoint] { return suggester }
      let result: Result<Suggester, Failure>
      do {
        let sounds = TurnSounds(try project.information().corpora)
        result = .success(
          try Suggester(
            scheme: scheme, checkpoint: checkpoint.isEmpty ? nil : checkpoint, sounds: sounds,
            voices: Settings(path: locations.settings).voices, locations: locations))
      } catch {
        result = .failure(Failure(sentence(error)))
      }
      // The weights of one that was learned make room for those of the next.
      suggesters = suggesters.filter { $0.key.isEmpty }
      suggesters[checkpoint] = result
      return result
    }
    return try loaded.get()
  }

  private func compute(
    _ dialogue: Dialogue, with checkpoint: String, as name: String
  ) throws -> [Suggestion] {
    let suggester = try suggester(checkpoint)
    let suggestions = try suggester.suggestions(for: dialogue)
    var source = suggester.source
    source.name = name
    // A read-only project or a full disk must not keep them from being shown.
    if project.readOnlyReason == nil {
      try? project.storeSuggestions(source, suggestions)
    }
    return suggestions
  }
}
