internal import Dialogues
internal import NeuralNet

extension BundledRecipe {
  /// Reads the corpora.
  ///
  /// Speakers keep their names, for who speaks when; the names themselves are never seen by the
  /// model.
  ///
  /// - Throws: ``TrainingError`` with the file and line that is not as expected.
  public static func read(_ folders: Folders) throws(TrainingError) -> Corpora {
    let labels = LabelScheme.meld.labels.map(\.name)
    let train = try Table("\(folders.meld)/train_sent_emo.csv", separator: ",")
    let dev = try Table("\(folders.meld)/dev_sent_emo.csv", separator: ",")
    let votes = try votes(folders)
    var main = try meld(train, split: "train", labels)
    for (key, gold) in main.targets {
      guard let given = votes[key] else { continue }
      let total = max(1, given.reduce(0, +))
      main.targets[key] = zip(gold, given).map { 0.7 * $0 + 0.3 * $1 / total }
    }
    var developmentEpisodes: Set<Episode> = []
    for row in dev.rows {
      developmentEpisodes.insert(try Episode(dev, row, season: "Season", episode: "Episode"))
    }
    return Corpora(
      main: main,
      auxiliary: [
        try emoryNLP(folders, without: developmentEpisodes), try goEmotions(folders),
      ],
      development: try meld(dev, split: "dev", labels))
  }

  private struct Episode: Hashable {
    var season: String
    var episode: String

    init(
      _ table: Table, _ row: Table.Row, season: String, episode: String
    ) throws(TrainingError) {
      self.season = try table.field(season, of: row)
      self.episode = try table.field(episode, of: row)
    }
  }

  private static func meld(
    _ table: Table, split: String, _ labels: [String]
  ) throws(TrainingError) -> TrainingData {
    var builder = Builder(name: "MELD", split: split, labels: labels)
    for row in table.rows {
      try builder.add(
        table, row, dialogue: try table.field("Dialogue_ID", of: row),
        speaker: try table.field("Speaker", of: row))
    }
    return builder.data
  }

  /// EmotionLines' votes, in the order of MELD's labels.
  private static func votes(_ folders: Folders) throws(TrainingError) -> [TurnKey: [Float]] {
    let table = try Table("\(folders.emotionLines)/meld_votes_train_dev.csv", separator: ",")
    var votes: [TurnKey: [Float]] = [:]
    for row in table.rows {
      let dialogue = DialogueKey(
        corpus: "MELD", split: try table.field("split", of: row),
        dialogue: try table.field("Dialogue_ID", of: row))
      var counts: [Float] = []
      for label in LabelScheme.meld.labels {
        guard let count = Float(try table.field("v_\(label.name)", of: row)) else {
          throw table.fault(row, "the votes for \(label.name) are no number")
        }
        counts.append(count)
      }
      votes[TurnKey(dialogue: dialogue, turn: try table.field("Utterance_ID", of: row))] = counts
    }
    return votes
  }

  private static func emoryNLP(
    _ folders: Folders, without episodes: Set<Episode>
  ) throws(TrainingError) -> TrainingData {
    var data = TrainingData(
      name: "EmoryNLP", labels: LabelScheme.emoryNLP.labels.map(\.name), dialogues: [],
      targets: [:])
    for split in ["train", "dev"] {
      let table = try Table("\(folders.emoryNLP)/emorynlp_\(split)_final.csv", separator: ",")
      var builder = Builder(name: "EmoryNLP", split: split, labels: data.labels)
      for row in table.rows {
        let episode = try Episode(table, row, season: "Season", episode: "Episode")
        guard !episodes.contains(episode) else { continue }
        let scene = try table.field("Scene_ID", of: row)
        try builder.add(
          table, row, dialogue: "\(episode.season).\(episode.episode).\(scene)",
          speaker: try table.field("Speaker", of: row))
      }
      data.dialogues += builder.data.dialogues
      data.targets.merge(builder.data.targets) { $1 }
    }
    return data
  }

  /// GoEmotions: single comments, so dialogues of one turn without a speaker.
  private static func goEmotions(_ folders: Folders) throws(TrainingError) -> TrainingData {
    // 27 emotions and neutral, by the numbers the files hold (github.com/google-research/
    // google-research, goemotions/data/emotions.txt).
    let labels = [
      "admiration", "amusement", "anger", "annoyance", "approval", "caring", "confusion",
      "curiosity", "desire", "disappointment", "disapproval", "disgust", "embarrassment",
      "excitement", "fear", "gratitude", "grief", "joy", "love", "nervousness", "optimism",
      "pride", "realization", "relief", "remorse", "sadness", "surprise", "neutral",
    ]
    var data = TrainingData(name: "GoEmotions", labels: labels, dialogues: [], targets: [:])
    for split in ["train", "dev"] {
      let table = try Table(
        "\(folders.goEmotions)/\(split).tsv", separator: "\t", columns: ["text", "labels", "id"])
      for row in table.rows {
        let key = DialogueKey(
          corpus: "GoEmotions", split: split, dialogue: try table.field("id", of: row))
        let turn = Turn(
          key: TurnKey(dialogue: key, turn: "0"), text: try table.field("text", of: row))
        var target = [Float](repeating: 0, count: labels.count)
        for number in try table.field("labels", of: row).split(separator: ",") {
          guard let place = Int(number), labels.indices.contains(place) else {
            throw table.fault(row, "\(number) is no number of an emotion")
          }
          target[place] = 1
        }
        data.dialogues.append(Dialogue(key: key, turns: [turn]))
        data.targets[turn.key] = target
      }
    }
    return data
  }

  /// Collects rows into dialogues, in the order of the file.
  private struct Builder {
    var data: TrainingData
    private var split: String

    init(name: String, split: String, labels: [String]) {
      data = TrainingData(name: name, labels: labels, dialogues: [], targets: [:])
      self.split = split
    }

    mutating func add(
      _ table: Table, _ row: Table.Row, dialogue: String, speaker: String
    ) throws(TrainingError) {
      let key = DialogueKey(corpus: data.name, split: split, dialogue: dialogue)
      if data.dialogues.last?.key != key {
        data.dialogues.append(Dialogue(key: key, turns: []))
      }
      let turn = Turn(
        key: TurnKey(dialogue: key, turn: try table.field("Utterance_ID", of: row)),
        speaker: speaker, text: try table.field("Utterance", of: row))
      data.dialogues[data.dialogues.count - 1].turns.append(turn)
      let emotion = try table.field("Emotion", of: row)
      guard let place = data.labels.firstIndex(of: emotion) else {
        throw table.fault(row, "\(emotion) is none of its labels")
      }
      data.targets[turn.key] = data.labels.indices.map { $0 == place ? 1 : 0 }
    }
  }
}
