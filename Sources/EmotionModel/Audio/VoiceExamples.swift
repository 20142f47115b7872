/// Sounds to learn from: the same clips in several variations.
struct VoiceExamples: Sendable {
  /// What their statistics are, as ``VoiceStatistics`` lists it.
  var heard: String
  /// The labels the places of ``labels`` stand for.
  var names: [String]
  /// For each clip its label.
  var labels: [Int]
  /// For each clip whether its label is acted with strong intensity.
  var areStrong: [Bool]
  /// For each clip its speaker.
  var speakers: [Int]
  /// For each variation, the plain one first, the clips' statistics.
  var statistics: [[[Float]]]

  /// The examples of some speakers.
  func filtered(_ isWanted: (Int) -> Bool) -> VoiceExamples {
    let places = speakers.indices.filter { isWanted(speakers[$0]) }
    return VoiceExamples(
      heard: heard, names: names, labels: places.map { labels[$0] },
      areStrong: places.map { areStrong[$0] },
      speakers: places.map { speakers[$0] },
      statistics: statistics.map { copy in places.map { copy[$0] } })
  }

  /// All variations measured against one mean.
  func normalised(by normaliser: VoiceNormaliser) -> [[Float]] {
    statistics.flatMap { $0.map(normaliser.normalised) }
  }

  /// Each variation of each speaker measured against its own mean: a varied speaker is a speaker
  /// of their own.
  func normalisedBySpeaker() -> [[Float]] {
    statistics.flatMap { copy in
      var result = copy
      for speaker in Set(speakers).sorted() {
        let places = speakers.indices.filter { speakers[$0] == speaker }
        let normaliser = VoiceNormaliser(of: places.map { copy[$0] })
        for place in places { result[place] = normaliser.normalised(copy[place]) }
      }
      return result
    }
  }
}
