import ArgumentParser
import Corpora
import Dialogues
import EmotionModel
import LabelStore

struct RefineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "refine",
    abstract: "Decode whole dialogues over any model's scores (Dialogical Emotion Decoder).",
    discussion: """
      FILE is a CSV with the columns dialogue, turn, speaker, label and one for each label of the \
      model, its rows in spoken order. The label may be empty, or one the model does not know. The \
      prior of a dialogue is estimated from the labels of the other groups, never from its own.

      On a project it decodes the stored suggestions of a source and files the result under the \
      source's name and “+ded”. The prior comes from a rater's labels in the split “train” (in all \
      dialogues where there is no such split), never from the dialogue that is decoded.

      Examples:
        undertone refine --suggestions logits.csv --group session --map-label exc=hap
        undertone refine --suggestions logits.csv --out refined.csv
        undertone refine friends.undertone --source dag-erc --against MELD
      """)

  @Argument(help: "A project.", completion: .file(extensions: ["undertone"]))
  var project: String?

  @Option(name: .long, help: "With a project: the source whose suggestions are decoded.")
  var source: String = builtInSource

  @Option(name: .long, help: "With a project: the rater whose labels the prior is counted in.")
  var against: String?

  @Option(
    name: .long, help: "A file of scores, instead of a project.",
    completion: .file(extensions: ["csv"]))
  var suggestions: String?

  @Option(name: .long, help: "The column whose groups are left out one at a time for the prior.")
  var group: String?

  @Option(name: .long, help: "Where to write the rows with the column “refined”.")
  var out: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A label of the file and the model's label it is scored as.", valueName: "theirs=ours"))
  var mapLabel: [String] = []

  func validate() throws {
    guard (project == nil) != (suggestions == nil) else {
      throw ValidationError("Name a project, or a file of scores with --suggestions.")
    }
    guard project == nil || against != nil else {
      throw ValidationError("Say with --against whose labels the prior is counted in.")
    }
  }

  func run() throws {
    Interruption.listen()
    try explainingFailures {
      if let project, let against {
        let refinement = ProjectRefinement(project: project, source: source, against: against)
        return print(try refinement.run())
      }
      if let out { try OutputFile.check(out, inputs: [suggestions ?? ""]) }
      let table = try read(suggestions ?? "")
      let aliases = try pairs(mapLabel, "--map-label")
      let refinement = try naming(suggestions ?? "") {
        try Refinement(labels: table.labels, turns: table.turns, aliases: aliases)
      }
      note(table, aliases)
      print(
        ScoreReport(scores: refinement.before, intervals: refinement.beforeIntervals)
          .line("before"))
      print(
        ScoreReport(scores: refinement.after, intervals: refinement.afterIntervals).line("after"))
      print("changed \(refinement.changed) of \(table.turns.count) turns")
      for prior in refinement.priors.prefix(group == nil ? 0 : 20) {
        print("prior without \(prior.group): \(rounded(prior.value, 1_000_000))")
      }
      if let out { try write(refinement.refined, table, to: out) }
    }
  }

  /// Says which columns were taken for the model's labels, and whether no turn is labelled with any.
  private func note(_ table: Table, _ aliases: [String: String]) {
    printError("labels: \(table.labels.joined(separator: ", ").visibleName)")
    let given = Set(table.turns.map(\.label)).subtracting([""])
    guard let first = given.min(), given.isDisjoint(with: table.labels),
      given.isDisjoint(with: aliases.keys)
    else { return }
    printError(
      "None of the labels given (\(given.sorted().prefix(10).joined(separator: ", ").visibleName)) is "
        + "one of these, so nothing is scored; --map-label says which stands for which: --map-label "
        + "\(first.visibleName)=\(table.labels.first?.visibleName ?? "label")")
  }

  private struct Table {
    var columns: [String]
    var rows: [[String]]
    var labels: [String]
    var turns: [ScoredTurn]
  }

  /// Columns of numbers that tools write beside scores; no emotion is called so.
  private static let companions: Set<String> = [
    "id", "index", "row", "session", "start", "end", "begin", "time", "duration", "season",
    "episode",
  ]

  private func read(_ suggestions: String) throws -> Table {
    let reader = try CSVReader(path: suggestions, renaming: [:])
    func place(_ name: String) throws -> Int {
      guard let place = reader.column(name) else {
        throw Failure(
          "\(suggestions): it has no column “\(name.visibleName)”; expected are dialogue, turn, "
            + "speaker, label and one for each label of the model.")
      }
      return place
    }
    let dialogue = try place("dialogue")
    let turn = try place("turn")
    let speaker = try place("speaker")
    let label = try place("label")
    let groups = try group.map(place)
    let known = Set([dialogue, turn, speaker, label] + (groups.map { [$0] } ?? []))
    var rows: [[String]] = []
    reading: while true {
      switch try reader.next() {
      case .record: rows.append((0..<reader.columns.count).map(reader.text))
      case .wrong(let reason):
        throw Failure("\(suggestions), row \(reader.row): \(reason)")
      case .end: break reading
      }
    }
    guard !rows.isEmpty else { throw Failure("\(suggestions): it has no rows.") }
    // A column is the model's if most of its values are numbers: files carry ids and texts along. A value
    // of it that is none is then named, in whichever row it stands.
    let scores = reader.columns.indices.filter { column in
      let numbers = rows.count { Double($0[column]) != nil }
      return !known.contains(column)
        && !Self.companions.contains(reader.columns[column].lowercased())
        && numbers > 0 && 2 * numbers >= rows.count
    }
    let labels = scores.map { Refinement.label(ofColumn: reader.columns[$0]) }
    let values = try naming(suggestions) {
      try Refinement.scores(reading: rows.map { row in scores.map { row[$0] } }, labels: labels)
    }
    let turns = zip(rows, values).map { row, scores in
      ScoredTurn(
        dialogue: row[dialogue], turn: row[turn], speaker: row[speaker], label: row[label],
        group: groups.map { row[$0] }, scores: scores)
    }
    return Table(columns: reader.columns, rows: rows, labels: labels, turns: turns)
  }

  /// Puts the file's name before what is wrong in it.
  private func naming<Result>(_ file: String, _ work: () throws -> Result) throws -> Result {
    do { return try work() } catch { throw Failure("\(file): \(sentence(error))") }
  }

  private func write(_ refined: [String], _ table: Table, to path: String) throws {
    let writer = try CSVWriter(path: path, columns: table.columns + ["refined"])
    for (row, label) in zip(table.rows, refined) { try writer.write(row + [label]) }
    try writer.finish()
    printError("wrote \(path)")
  }
}
