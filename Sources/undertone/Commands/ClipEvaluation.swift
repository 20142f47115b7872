import EmotionModel
import Glibc
import Playback

/// A folder of acted clips: `evaluate --clips` scores models of voices on it, `train --clips` makes
/// one of it.
struct ClipFolder {
  let path: String
  let clips: [ActedClip]

  init(_ path: String) throws {
    guard let folder = opendir(path) else {
      throw Failure("Cannot open the folder \(path): \(String(cString: strerror(errno))).")
    }
    defer { closedir(folder) }
    var files: [String] = []
    while let entry = readdir(folder) {
      files.append(
        withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
          String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        })
    }
    self.path = path
    clips = files.sorted().compactMap(ActedClip.init(file:))
    guard !clips.isEmpty else {
      throw Failure(
        "\(path): no file is named as RAVDESS names its clips, such as 03-01-05-01-02-02-11.wav.")
    }
  }

  /// The clips' statistics; those of clips that cannot be read are left out with a warning.
  func corpus(
    variations: Int, seed: UInt64, _ statistics: VoiceStatistics
  ) throws -> VoiceCorpus {
    let decoder = TurnSounds.decoder
    let bar = ProgressBar("listening to \(path)")
    defer { bar.finish() }
    let corpus = try VoiceCorpus(
      clips, variations: variations, seed: seed, statistics: statistics,
      sound: { clip in
        do {
          return try TurnSounds.speech(decoder.decode(path: "\(path)/\(clip.file)"))
        } catch {
          printError("left out: \(sentence(error))")
          return nil
        }
      },
      progress: {
        bar.update($0)
        return !Interruption.isRequested
      })
    guard corpus.count > 0 else { throw Failure("\(path): none of its clips can be heard.") }
    return corpus
  }
}

/// The scores of a model of voices on a folder of acted clips.
struct ClipEvaluation {
  private let folder: ClipFolder
  private let evaluation: VoiceEvaluation
  private let protocolName: String
  private let replicates: Int
  private let seed: UInt64

  private static let folds = 5

  /// - Parameters:
  ///   - model: a model to score; `nil` to train one for each group of actors without them.
  ///   - statistics: what is heard of a clip.
  init(
    path: String, model: String?, statistics: VoiceStatistics, replicates: Int, seed: UInt64
  ) throws {
    folder = try ClipFolder(path)
    self.replicates = replicates
    self.seed = seed
    if let model {
      protocolName = "trained_model"
      evaluation = try VoiceEvaluation(
        try folder.corpus(variations: 0, seed: seed, statistics),
        judgedBy: VoiceModel(contentsOf: model, statistics: statistics))
    } else {
      protocolName = "cross_validated"
      let corpus = try folder.corpus(variations: VoiceCorpus.variations, seed: seed, statistics)
      let bar = ProgressBar("training without each actor")
      defer { bar.finish() }
      evaluation = try VoiceEvaluation(
        crossValidating: corpus, folds: Self.folds,
        progress: {
          bar.update($0)
          return !Interruption.isRequested
        })
    }
  }

  private func answers(_ knows: VoiceEvaluation.Knowledge) -> [VoiceEvaluation.Answers] {
    evaluation.answers.filter { $0.knows == knows }
  }

  private func report(_ answers: VoiceEvaluation.Answers) -> ScoreReport {
    ScoreReport(
      scores: evaluation.scores(of: answers),
      intervals: evaluation.intervals(of: answers, replicates: replicates, seed: seed))
  }

  var text: String {
    let actors = Set(evaluation.actors).count
    var lines = [
      "\(counted(evaluation.truth.count, "clip")) of \(counted(actors, "actor")), "
        + (protocolName == "trained_model"
          ? "judged by a trained model"
          : "each judged without its actor in training (\(Self.folds) groups of actors)")
    ]
    for knows in VoiceEvaluation.Knowledge.allCases {
      lines.append(
        knows == .nothing
          ? "with no other clip of the speaker:"
          : "with all clips of the speaker, their labels unknown:")
      lines += answers(knows).map { "  " + report($0).line($0.judge.rawValue) }
    }
    if let last = evaluation.answers.last { lines.append(report(last).details) }
    lines.append("95 % intervals: \(replicates) replicates over actors, seed \(seed)")
    return lines.joined(separator: "\n")
  }

  var json: String {
    let groups = VoiceEvaluation.Knowledge.allCases.map { knows in
      let judges = answers(knows).map { "\(jsonText($0.judge.rawValue)):\(report($0).json)" }
      let name = knows == .nothing ? "no_other_clip" : knows.rawValue
      return "\(jsonText(name)):{\(judges.joined(separator: ","))}"
    }
    let scores = evaluation.scores(of: evaluation.answers[0])
    let baselines =
      "\"chance\":{\"ua\":\(scores.chance.unweightedAccuracy ?? 0),"
      + "\"wa\":\(scores.chance.weightedAccuracy ?? 0)},"
      + "\"majority\":{\"ua\":\(scores.majority.unweightedAccuracy ?? 0),"
      + "\"wa\":\(scores.majority.weightedAccuracy ?? 0)}"
    return "{\"schema\":1,\"clips\":\(evaluation.truth.count),"
      + "\"actors\":\(Set(evaluation.actors).count),\"protocol\":\(jsonText(protocolName)),"
      + "\"replicates\":\(replicates),\"seed\":\(seed),\(groups.joined(separator: ",")),\(baselines)}"
  }
}
