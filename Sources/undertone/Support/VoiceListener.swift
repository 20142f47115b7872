import Dialogues
import EmotionModel
import LabelStore
import Synchronization

/// Listens to the turns of a project and says what their sound is evidence for.
///
/// What a sound is measured against grows with what was heard: the voices of the training corpus at
/// first, the project's mean over all speakers from 30 turns on, and a speaker's own turns once
/// these are ten and visibly mixed. Never merely the neighbouring turns: moods last, and a
/// neighbour in the same mood would be taken for how the speaker always sounds.
final class VoiceListener: Sendable {
  private struct Heard {
    /// Statistics of the project's turns, the first few hundred.
    var everybody: [[Float]] = []
    var speakers: [String: [[Float]]] = [:]
    var turns: Set<TurnKey> = []
    var judged: Set<DialogueKey> = []
    var project: VoiceNormaliser?
    /// For each corpus how far its voices have proved to go with its words.
    var trust: [String: VoiceTrust] = [:]
    var warnings: [String] = []
    var complained: Set<String> = []
  }

  private let model: VoiceModel
  private let evidence: VoiceEvidence
  private let voices: TurnVoices
  private let heard = Mutex(Heard())

  /// From so many turns on the project's mean stands in for that of the training corpus.
  private static let projectTurns = 30
  /// From so many turns on a speaker's own mean may.
  private static let speakerTurns = 10
  /// More turns than these do not make a mean better, only memory larger.
  private static let mostTurns = (everybody: 400, speaker: 60, speakers: 500)

  /// - Parameters:
  ///   - labels: the labels of the model whose judgement the evidence is added to.
  ///   - voices: how closely to listen.
  ///   - cache: the folder to remember statistics of sounds in; `nil` to remember none.
  init?(
    labels: [String], sounds: TurnSounds, voices wanted: Voices, locations: Locations,
    cache: String?
  ) throws {
    guard let found = try wanted.model(locations) else { return nil }
    model = found.model
    evidence = VoiceEvidence(from: model.labels, to: labels)
    voices = TurnVoices(sounds, found.statistics, cache: cache)
  }

  /// What the model of voices is, for the source's details.
  var details: String { "voices by \(model.name): \(model.details)" }

  /// How many turns were heard so far that count for the project's mean.
  var turnsHeard: Int { heard.withLock { $0.everybody.count } }

  /// What could not be heard since this was last asked, a sentence each.
  func takeWarnings() -> [String] {
    heard.withLock { heard in
      defer { heard.warnings = [] }
      return heard.warnings
    }
  }

  /// What each turn's sound is evidence for; `nil` for a turn without sound, or whose sound cannot
  /// be read.
  ///
  /// - Parameter readings: what the text of each turn says, a probability a label.
  func evidence(in dialogue: Dialogue, readings: [[Double]]) -> [[Double]?] {
    let statistics = statistics(in: dialogue)
    note(dialogue, statistics)
    var posteriors = [[Float]?](repeating: nil, count: statistics.count)
    let groups = Dictionary(grouping: statistics.indices.filter { statistics[$0] != nil }) {
      dialogue.turns[$0].speaker
    }
    for (speaker, places) in groups {
      let wanted = places.compactMap { statistics[$0] }
      let found = model.hear(wanted, against: reference(for: speaker, of: dialogue))
      for (place, posterior) in zip(places, found) { posteriors[place] = posterior }
    }
    let related = trust(in: dialogue, readings, posteriors)
    return posteriors.map { posterior in
      posterior.map { evidence.logLikelihoodRatios($0, related: related) }
    }
  }

  /// How far voices are believed after this dialogue was heard too.
  private func trust(
    in dialogue: Dialogue, _ readings: [[Double]], _ posteriors: [[Float]?]
  ) -> Double {
    heard.withLock { heard in
      var trust = heard.trust[dialogue.key.corpus] ?? VoiceTrust()
      let isNew = heard.judged.count < 100_000 && heard.judged.insert(dialogue.key).inserted
      if isNew {
        for (reading, posterior) in zip(readings, posteriors) {
          if let posterior { trust.note(reading: reading, hearing: evidence.shares(posterior)) }
        }
        heard.trust[dialogue.key.corpus] = trust
      }
      return trust.related
    }
  }

  /// How many turns voices were compared with words in, and how often they were found to go
  /// together, a corpus each.
  var trust: [(corpus: String, turns: Int, related: Double)] {
    heard.withLock { heard in
      heard.trust.sorted { $0.key < $1.key }.map { ($0.key, $0.value.turns, $0.value.related) }
    }
  }

  /// Takes the turns of a dialogue into what later sounds are measured against.
  func listen(to dialogue: Dialogue) {
    note(dialogue, statistics(in: dialogue))
  }

  private func statistics(in dialogue: Dialogue) -> [[Float]?] {
    voices.statistics(of: dialogue.turns) { error in
      let warning = sentence(error)
      heard.withLock { heard in
        if heard.complained.count < 10_000, heard.complained.insert(warning).inserted {
          heard.warnings.append(warning)
        }
      }
    }
  }

  private func voice(_ speaker: String, of dialogue: Dialogue) -> String {
    "\(dialogue.key.corpus)/\(speaker)"
  }

  private func note(_ dialogue: Dialogue, _ statistics: [[Float]?]) {
    heard.withLock { heard in
      for (turn, statistics) in zip(dialogue.turns, statistics) {
        guard let statistics, heard.turns.count < 100_000,
          heard.turns.insert(turn.key).inserted
        else { continue }
        if heard.everybody.count < Self.mostTurns.everybody {
          heard.everybody.append(statistics)
          heard.project = nil
        }
        guard !turn.speaker.isEmpty else { continue }
        let voice = voice(turn.speaker, of: dialogue)
        guard heard.speakers.count < Self.mostTurns.speakers || heard.speakers[voice] != nil,
          heard.speakers[voice, default: []].count < Self.mostTurns.speaker
        else { continue }
        heard.speakers[voice, default: []].append(statistics)
      }
    }
  }

  private func reference(for speaker: String, of dialogue: Dialogue) -> VoiceModel.Reference {
    let (project, own) = heard.withLock { heard in
      if heard.project == nil, heard.everybody.count >= Self.projectTurns {
        heard.project = VoiceNormaliser(
          of: heard.everybody, prior: (model.training.deviations, Float(Self.projectTurns)))
      }
      return (heard.project ?? model.training, heard.speakers[voice(speaker, of: dialogue)] ?? [])
    }
    guard !speaker.isEmpty, own.count >= Self.speakerTurns, areMixed(own, project) else {
      return .everybody(project)
    }
    return .speaker(own)
  }

  /// Whether no label takes more than half of the turns.
  private func areMixed(_ own: [[Float]], _ project: VoiceNormaliser) -> Bool {
    var counts = [Int](repeating: 0, count: model.labels.count)
    for posterior in model.hear(own, against: .everybody(project)) {
      counts[posterior.indices.reduce(0) { posterior[$1] > posterior[$0] ? $1 : $0 }] += 1
    }
    return 2 * (counts.max() ?? 0) <= own.count
  }
}
