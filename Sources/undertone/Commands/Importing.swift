import Corpora
import Dialogues
import Glibc
import LabelStore

/// The work of `undertone import`: from files into a project, all of it or nothing.
struct Importing {
  let path: String
  /// The project file.
  let project: String
  let options: ImportOptions
  let isDryRun: Bool

  // MARK: Corpora

  /// Imports a corpus and says what was found.
  ///
  /// - Parameters:
  ///   - guidelines: what raters should read, for a new project; may be empty.
  ///   - annotationProtocol: what annotators may see, for a new project.
  func corpus(
    _ importer: any CorpusImporter, guidelines: String = "",
    protocol annotationProtocol: AnnotationProtocol = .assisted
  ) throws {
    guard let (name, root) = try importer.examine(path, options: options) else {
      // Read it as a whole: the warnings say why there is nothing.
      let summary = try importer.read(path, options: options, consume: { _ in })
      report(summary, nil)
      throw Failure("\(path): there is no dialogue in it; nothing was imported.")
    }
    if access(project, F_OK) == 0 {
      let target = try Project.open(at: project, program: programVersion)
      let taken = try take(importer, name: name, root: root, into: target)
      try keepMapping(in: target)
      try store(taken.predictions, of: importer, in: target)
      try target.close()
      self.report(taken.summary, taken.report)
      return
    }
    guard !isDryRun else {
      let bar = ProgressBar(path)
      defer { bar.finish() }
      let summary = try importer.read(
        path, options: options, consume: { _ in try Interruption.check() }, progress: bar.update)
      bar.finish()
      report(summary, nil)
      return
    }
    try create(
      importer, name: name, root: root, guidelines: guidelines, protocol: annotationProtocol)
  }

  /// Adds the labels that were taken for others to those the project knows of.
  private func keepMapping(in target: Project) throws {
    guard !isDryRun, !options.labels.isEmpty else { return }
    var scheme = try target.information().scheme
    scheme.mapping.merge(options.labels) { _, new in new }
    try target.setScheme(scheme)
  }

  private func create(
    _ importer: any CorpusImporter, name: String, root: String, guidelines: String,
    protocol annotationProtocol: AnnotationProtocol
  ) throws {
    var result: Taken?
    let target = try Project.create(
      at: project, name: projectName, scheme: options.scheme ?? .meld,
      study: StudyDesign(annotationProtocol: annotationProtocol), program: programVersion
    ) { target in
      let taken = try take(importer, name: name, root: root, into: target)
      // Only now is it known which labels the corpus has.
      var scheme = options.scheme ?? taken.summary.scheme
      if !guidelines.isEmpty { scheme.guidelines = guidelines }
      scheme.mapping = options.labels
      try target.setScheme(scheme)
      try store(taken.predictions, of: importer, in: target)
      if let sentence = LabelsWithoutKeys(scheme).sentence() { printError(sentence) }
      result = taken
    }
    try target.close()
    if let result { report(result.summary, result.report) }
  }

  /// What an import left in a project, and what it has yet to leave there.
  private struct Taken {
    var summary: ImportSummary
    var report: ImportReport
    var predictions: [ImportedPrediction]
  }

  /// Makes suggestions of what models predict, now that the project's labels are known.
  private func store(
    _ predictions: [ImportedPrediction], of importer: any CorpusImporter, in target: Project
  ) throws {
    guard !predictions.isEmpty else { return }
    let labels = try target.information().scheme.labels.map(\.name)
    for (source, batch) in Dictionary(grouping: predictions, by: \.source)
      .sorted(by: { $0.key < $1.key })
    {
      let verb = isDryRun ? "would import" : "imported"
      print("\(verb) \(counted(batch.count, "suggestion")) of \(source.visibleName)")
      if isDryRun { continue }
      try target.storeSuggestions(
        Source(name: source, details: "imported by \(importer.name) from \(path)"),
        batch.map { $0.suggestion(over: labels) })
    }
  }

  private func take(
    _ importer: any CorpusImporter, name: String, root: String, into target: Project
  ) throws -> Taken {
    var options = options
    if options.scheme == nil, !(try target.information()).corpora.isEmpty {
      options.scheme = try target.information().scheme
    }
    let bar = ProgressBar(path)
    defer { bar.finish() }
    var read: ImportSummary?
    var predictions: [ImportedPrediction] = []
    let report = try target.importCorpus(name: name, root: root, dryRun: isDryRun) { writer in
      try withoutActuallyEscaping(bar.update) { update in
        read = try importer.read(
          path, options: options,
          consume: { imported in
            try Interruption.check()
            try writer.add(imported.dialogue, ratings: imported.ratings)
            predictions += imported.predictions
          }, progress: update)
      }
    }
    guard let summary = read else { throw Interrupted() }
    return Taken(summary: summary, report: report, predictions: predictions)
  }

  private var projectName: String {
    let file = project.split(separator: "/").last.map(String.init) ?? project
    return file.hasSuffix(".undertone") ? String(file.dropLast(".undertone".count)) : file
  }

  // MARK: Ratings and suggestions

  /// Imports ratings of turns the project has.
  func ratings(as rewrite: (Rater) -> Rater = { $0 }) throws {
    let target = try Project.open(at: project, program: programVersion)
    var options = options
    options.scheme = try target.information().scheme
    let bar = ProgressBar(path)
    defer { bar.finish() }
    var unknown = try UnknownTurns(target)
    // The project may not be asked while it takes ratings in, so the turns are found first.
    var found: [Rating] = []
    let summary = try RatingsReader.read(
      path, options: options,
      consume: { rating in
        try Interruption.check()
        guard let key = try unknown.find(rating.turn, row: rating.row) else { return }
        found.append(
          Rating(turn: key, rater: rating.rater, answer: rating.answer, time: rating.time))
      }, progress: bar.update)
    let report = try target.importRatings(dryRun: isDryRun) { writer in
      for var rating in found {
        rating.rater = rewrite(rating.rater)
        try writer.add(rating)
      }
    }
    try target.close()
    bar.finish()
    self.report(summary, report)
    unknown.report(path)
  }

  /// Imports what another model suggests for turns the project has.
  func suggestions(source: String) throws {
    let target = try Project.open(at: project, program: programVersion)
    var options = options
    options.scheme = try target.information().scheme
    let bar = ProgressBar(path)
    defer { bar.finish() }
    var unknown = try UnknownTurns(target)
    var batches: [String: [Suggestion]] = [:]
    let summary = try SuggestionsReader.read(
      path, source: source, options: options,
      consume: { suggestion in
        try Interruption.check()
        guard let key = try unknown.find(suggestion.turn, row: suggestion.row) else {
          return
        }
        batches[suggestion.source, default: []].append(
          Suggestion(
            turn: key, labels: suggestion.labels, posterior: suggestion.posterior,
            refined: suggestion.refined))
      }, progress: bar.update)
    bar.finish()
    for source in batches.keys.sorted() {
      let batch = batches[source] ?? []
      print("\(isDryRun ? "would import" : "imported") \(batch.count) suggestions of \(source)")
      if !isDryRun {
        try target.storeSuggestions(Source(name: source, details: "imported from \(path)"), batch)
      }
    }
    try target.close()
    if summary.rowsOfLogits > 0 {
      print("\(summary.rowsOfLogits) rows hold logits and were turned into probabilities")
    }
    for label in summary.unknownLabels {
      printError(
        "\(path): the project has no label “\(label.visibleName)”; it cannot be suggested.")
    }
    reportWarnings(summary.warnings, summary.examples)
    unknown.report(path)
  }

  // MARK: What is said at the end

  private func report(_ summary: ImportSummary, _ report: ImportReport?) {
    let verb = isDryRun ? "would import" : "imported"
    if let report {
      if summary.dialogues > 0 || report.newDialogues > 0 {
        print(
          "\(verb) \(counted(report.newDialogues, "new dialogue")), "
            + "\(counted(report.newTurns, "new turn")), "
            + "\(counted(report.newRatings, "new rating")); "
            + "\(report.knownDialogues) dialogues, \(report.unchangedTurns) turns and "
            + "\(report.unchangedRatings) ratings were there already")
      } else {
        print(
          "\(verb) \(counted(report.newRatings, "new rating")); "
            + "\(report.unchangedRatings) were there already")
      }
      for difference in report.differences { printError("kept as it was: \(difference)") }
      if report.changedTurns > 0 {
        printError(
          "\(report.changedTurns) turns contradict the project and were kept as they were.")
      }
      if report.changedRatings > 0 {
        printError(
          "\(report.changedRatings) ratings contradict the project and were kept as they were.")
      }
    } else {
      print(
        "\(verb) \(counted(summary.dialogues, "dialogue")), \(counted(summary.turns, "turn")), "
          + "\(counted(summary.ratings, "rating"))")
    }
    if !summary.labels.isEmpty {
      let labels = summary.labels.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      print("labels: " + labels.map { "\($0.key.visibleName) \($0.value)" }.joined(separator: ", "))
    }
    if !summary.raters.isEmpty {
      let raters = summary.raters.sorted { $0.key.name < $1.key.name }
      print(
        "raters: "
          + raters.map { "\($0.key.name.visibleName) \($0.value)" }.joined(separator: ", "))
    }
    if summary.turns > 0 {
      let missing = summary.audioMissing > 0 ? ", \(summary.audioMissing) missing" : ""
      print(
        summary.audioFound + summary.audioMissing == 0
          ? "audio: none; the turns are text only"
          : "audio: \(summary.audioFound) found\(missing)")
    }
    reportWarnings(summary.warnings, summary.examples)
  }

  private func reportWarnings(
    _ warnings: [ImportWarning.Kind: Int], _ examples: [ImportWarning]
  ) {
    for kind in ImportWarning.Kind.allCases {
      guard let count = warnings[kind], count > 0 else { continue }
      printError("\(kind.description) (\(count))")
      for example in examples where example.kind == kind {
        printError("  \(example.description)")
      }
    }
  }
}

/// `1 new turn`, `3 new turns`.
func counted(_ count: Int, _ noun: String) -> String {
  "\(count) \(noun)\(count == 1 ? "" : "s")"
}

/// Turns that a file names and the project does not have, or has more than once.
private struct UnknownTurns {
  private var missing = 0
  private var ambiguous = 0
  private var examples: [String] = []
  private let finder: TurnFinder

  init(_ project: Project) throws {
    finder = try TurnFinder(project)
  }

  mutating func find(_ reference: TurnReference, row: Int) throws -> TurnKey? {
    let keys = try finder.turns(
      corpus: reference.corpus, split: reference.split, dialogue: reference.dialogue,
      turn: reference.turn)
    if keys.count == 1 { return keys[0] }
    let name = "dialogue \(reference.dialogue.visibleName) turn \(reference.turn.visibleName)"
    if keys.isEmpty {
      missing += 1
      if missing <= 3 { examples.append("row \(row): the project has no \(name)") }
    } else {
      ambiguous += 1
      if ambiguous <= 3 {
        examples.append(
          "row \(row): the project has \(keys.count) turns \(name); name the split, in a column or by "
            + "--split")
      }
    }
    return nil
  }

  func report(_ path: String) {
    guard missing + ambiguous > 0 else { return }
    printError("\(missing + ambiguous) rows skipped: their turn cannot be found in the project")
    for example in examples { printError("  \(path), \(example)") }
  }
}
