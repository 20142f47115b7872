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
    var project: VoiceNormaliser?
    var warnings: [String] = []
    var complained: Set<String> = []
  }

  private let model: VoiceModel
  private let evidence: VoiceEvidence
  private let sounds: TurnSounds
  private let heard = Mutex(Heard())

  /// From so many turns on the project's mean stands in for that of the training corpus.
  private static let projectTurns = 30
  /// From so many turns on a speaker's own mean may.
  private static let speakerTurns = 10
  /// More turns than these do not make a mean better, only memory larger.
  private static let mostTurns = (everybody: 400, speaker: 60, speakers: 500)

  /// - Parameters:
  ///   - labels: the labels of the model whose judgement the evidence is added to.
  init?(labels: [String], sounds: TurnSounds, locations: Locations) throws {
    guard let path = locations.shared("models/audio.safetensors") else { return nil }
    model = try VoiceModel(contentsOf: path)
    evidence = VoiceEvidence(from: model.labels, to: labels)
    self.sounds = sounds
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
  func evidence(in dialogue: Dialogue) -> [[Double]?] {
    let statistics = dialogue.turns.map(statistics)
    note(dialogue, statistics)
    var result = [[Double]?](repeating: nil, count: statistics.count)
    let groups = Dictionary(grouping: statistics.indices.filter { statistics[$0] != nil }) {
      dialogue.turns[$0].speaker
    }
    for (speaker, places) in groups {
      let wanted = places.compactMap { statistics[$0] }
      let hearings = model.hear(wanted, against: reference(for: speaker, of: dialogue))
      for (place, hearing) in zip(places, hearings) {
        result[place] = evidence.logLikelihoodRatios(hearing.posterior)
      }
    }
    return result
  }

  /// Takes the turns of a dialogue into what later sounds are measured against.
  func listen(to dialogue: Dialogue) {
    note(dialogue, dialogue.turns.map(statistics))
  }

  private func statistics(of turn: Turn) -> [Float]? {
    do {
      return try sounds.samples(of: turn).flatMap(VoiceModel.statistics)
    } catch {
      let warning = sentence(error)
      heard.withLock { heard in
        if heard.complained.count < 10_000, heard.complained.insert(warning).inserted {
          heard.warnings.append(warning)
        }
      }
      return nil
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
    for hearing in model.hear(own, against: .everybody(project)) {
      let posterior = hearing.posterior
      counts[posterior.indices.reduce(0) { posterior[$1] > posterior[$0] ? $1 : $0 }] += 1
    }
    return 2 * (counts.max() ?? 0) <= own.count
  }
}
