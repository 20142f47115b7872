import Agreement
import ArgumentParser
import Corpora
import Dialogues
import LabelStore
import Report

struct AgreementCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agreement",
    abstract: "Say how far raters agree, beyond chance, with intervals.",
    discussion: """
      People are compared with people. Raters that came with a corpus, demonstration raters, models \
      and language models are groups of their own and never mixed with them; --model sets a model \
      beside the people.

      Without a project, --ratings reads a CSV file with the columns item, rater, label and optionally \
      dialogue; labels of a set are separated by “|”.

      Examples:
        undertone agreement friends.undertone
        undertone agreement friends.undertone --by speaker --by window
        undertone agreement friends.undertone --split dev --format html > agreement.html
        undertone agreement friends.undertone --model gatedxlstm --format latex > agreement.tex
        undertone agreement friends.undertone --group corpus --format json
        undertone agreement --ratings votes.csv --level ordinal --labels low,middle,high
      """)

  /// The formats of the report.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json, csv, latex, html
  }

  /// What to do with a second rating of an item by one rater.
  enum Repeats: String, ExpressibleByArgument, CaseIterable {
    case refuse, first, last
  }

  @Argument(help: "The project file.", completion: .file(extensions: ["undertone"]))
  var project: String?

  @Option(
    name: .long, help: "A CSV file of ratings instead of a project.",
    completion: .file(extensions: ["csv", "tsv"]))
  var ratings: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What answers are: nominal, ordinal, interval, ratio or set. Ordinal is in the order of the "
        + "scheme, of --labels, or of numbers."))
  var level: AgreementReport.Level = .nominal

  @Option(name: .long, help: "The format: text, json, csv, latex or html.")
  var format: Format = .text

  @Option(
    name: .long,
    help: "Also by speaker, label, position, condition, window or split; say it once for each.")
  var by: [AgreementScope] = []

  @Option(name: .long, help: "How many windows of time --by window makes.")
  var windows = 6

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Whose ratings: person, corpus, self, demonstration, model or llm. People if not said, or "
        + "where no two people have rated, the group with the most raters.", valueName: "kind"))
  var group: Dialogues.Rater.Kind?

  @Option(name: .long, help: "Only this rater; say it once for each.")
  var rater: [String] = []

  @Option(name: .long, help: "Only these raters, separated by commas.")
  var raters: String?

  @Option(
    name: .long,
    help: "The labels to tell apart, separated by commas; all others count as one, “other”.")
  var labels: String?

  @Option(name: .long, help: "Only this split of the corpus; say it once for each.")
  var split: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Set this source of suggestions, or with --ratings this rater, beside the people as a model; "
        + "say it once for each."))
  var model: [String] = []

  @Flag(
    inversion: .prefixedNo,
    help: ArgumentHelp(
      "Estimate true labels and raters' skill by Dawid and Skene and by MACE, which takes seconds for "
        + "a million ratings."))
  var skill = true

  @Flag(
    name: .long,
    help: "Each turn as well, in json and csv: votes, soft label, entropy, estimates of its label.")
  var turns = false

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What to do with a rater's second rating of an item in a file: refuse it, or take the first or "
        + "the last and say how far raters agree with themselves.", valueName: "choice"))
  var repeats: Repeats = .refuse

  @Option(name: .long, help: "How many bootstrap replicates the intervals have; 0 for none.")
  var replicates = 1000

  @Option(name: .long, help: "The seed of the bootstrap: the same seed, the same intervals.")
  var seed: UInt64 = 1

  @Option(name: .long, help: "What is drawn: dialogues, or items (turns) on their own.")
  var resample: Resampling.Unit = .dialogues

  func validate() throws {
    guard (project == nil) != (ratings == nil) else {
      throw ValidationError(
        project == nil
          ? "Name a project, or a CSV file with --ratings."
          : "Name a project or --ratings, not both.")
    }
    guard (0...1_000_000).contains(replicates) else {
      throw ValidationError("--replicates expects a number from 0 to 1000000.")
    }
    guard (1...1000).contains(windows) else {
      throw ValidationError("--windows expects a number from 1 to 1000.")
    }
    if ratings != nil, group != nil || !split.isEmpty {
      throw ValidationError("--group and --split are for projects; a file of ratings has neither.")
    }
    if ratings == nil, repeats != .refuse {
      throw ValidationError(
        "--repeats is for a file of ratings; a project knows what was given again.")
    }
    if labels != nil, level == .interval || level == .ratio {
      throw ValidationError("--labels is for labels; the level \(level.rawValue) has values.")
    }
    if !model.isEmpty, level != .nominal {
      throw ValidationError("--model compares labels; leave --level out.")
    }
  }

  func run() throws {
    Interruption.listen()
    try explainingFailures {
      let report = try ratings.map(report(ofFile:)) ?? report(ofProject: project ?? "")
      print(text(of: report), terminator: "")
    }
  }

  private func text(of report: AgreementReport) -> String {
    switch format {
    case .text: report.text()
    case .json: report.json()
    case .csv: report.csv()
    case .latex: report.latex()
    case .html: report.html()
    }
  }

  // MARK: What is asked for

  private var chosenRaters: Set<String> { Set(rater + words(raters)) }

  private var chosenLabels: [String] {
    var seen: Set<String> = []
    return words(labels).filter { seen.insert($0).inserted }
  }

  private var scopes: [AgreementScope] {
    AgreementScope.allCases.filter(by.contains)
  }

  private func words(_ list: String?) -> [String] {
    (list ?? "").split(separator: ",").map { String($0).withoutBlanks }.filter { !$0.isEmpty }
  }

  private var resampling: Resampling {
    Resampling(unit: resample, replicates: replicates, seed: seed)
  }

  // MARK: A file

  private func report(ofFile path: String) throws -> AgreementReport {
    let file = RatingsFile(
      path: path, level: level, labels: chosenLabels, raters: chosenRaters, scopes: scopes)
    var (ratings, rows, notes) = try file.read()
    let all = try table(of: ratings, rows: rows, path)
    rows = []
    for name in chosenRaters.union(model) where !all.raters.contains(name) {
      throw Failure("\(path): nobody called “\(name.visibleName)” has rated in it.")
    }
    if all.ratingCount == 0 {
      notes.append("There are no ratings in the file.")
    }
    if ratings.strangers > 0 {
      notes.append(
        "\(counted(ratings.strangers, "label")) outside --labels, the first "
          + "“\(ratings.firstStranger.visibleName)”, counted as “\(RatingCollector.other)”.")
    }
    let models = Set(model)
    let people = models.isEmpty ? all : all.keeping(raters: { !models.contains($0) })
    var report = try finish(people, with: all, ratings, title: path, group: nil, notes: notes)
    if repeats != .refuse, level == .nominal || level == .ordinal {
      let kept = try ratings.table(repeats: .keep)
      report.addRepeats(kept.keeping(raters: { !models.contains($0) }))
    }
    return report
  }

  /// The table of a file's ratings; a second rating of an item that is to be refused is a failure that
  /// names its row.
  private func table(
    of ratings: RatingCollector, rows: [Int32], _ path: String
  ) throws -> RatingTable {
    do {
      return try ratings.table(repeats: repeats.rule)
    } catch RatingError.repeated(let item, let rater, let rating) {
      throw CorpusError(
        file: path, row: rating <= rows.count ? Int(rows[rating - 1]) : nil,
        message:
          "\(rater.visibleName) has already rated \(item.visibleName). Each rater may rate an "
          + "item once; --repeats first or last takes one of the two.")
    }
  }

  // MARK: A project

  private func report(ofProject path: String) throws -> AgreementReport {
    let file = try Project.open(at: path, readOnly: true, program: programVersion)
    let raters = try file.raters()
    for name in chosenRaters where !raters.contains(where: { $0.name == name }) {
      throw Failure(
        "\(path): nobody called “\(name.visibleName)” has rated in it; there are "
          + raters.map(\.name.visibleName).joined(separator: ", ") + ".")
    }
    let kind = group ?? (chosenRaters.isEmpty ? Self.group(of: raters) : nil)
    let source = ProjectRatings(
      project: file, path: path, kind: kind, raters: chosenRaters, splits: Set(split),
      level: level, labels: chosenLabels, scopes: scopes)
    let reading = try source.read()
    var notes = reading.notes
    if group == nil, chosenRaters.isEmpty, let kind, kind != .person {
      notes.append("No two people have rated; this is the group “\(kind.rawValue)”.")
    }
    if !split.isEmpty { notes.append("Only the split \(split.joined(separator: ", ")).") }
    let people = try reading.ratings.table()
    let all =
      model.isEmpty
      ? people
      : try source.table(of: people, with: model, collected: reading.ratings)
    var report = try finish(
      people, with: all, reading.ratings, title: path, group: kind?.rawValue, notes: notes)
    for (name, values) in reading.dimensions {
      report.parts.append(
        try AgreementReport(
          values.table(), level: .interval, title: name, program: programVersion,
          group: kind?.rawValue, resampling: resampling))
    }
    report.addSeconds(reading.ratings.medianSeconds(in: people))
    if kind == .person || kind == nil, level == .nominal || level == .ordinal {
      report.addRepeats(try source.repeats())
      report.study = try source.study(
        comparedWith: model.first, windows: windows, resampling)
    }
    try file.close()
    return report
  }

  /// The report on a table, its parts and its models.
  private func finish(
    _ people: RatingTable, with all: RatingTable, _ ratings: RatingCollector, title: String,
    group: String?, notes: [String]
  ) throws -> AgreementReport {
    if level == .nominal || level == .ordinal, people.categories.count > Self.mostLabels {
      throw Self.tooManyLabels(title)
    }
    var report = try AgreementReport(
      people, level: level, title: title, program: programVersion, group: group, notes: notes,
      resampling: resampling, truth: turns ? .turns : skill ? .summary : .none)
    for scope in scopes {
      report.addBreakdown(
        ratings.parts(of: people, by: scope, windows: windows), by: scope.rawValue,
        explanation: scope.explanation, isOrdered: scope.isOrdered)
    }
    let models = Set(model)
    for name in model {
      guard
        let comparison = all.compare(
          model: name, with: { !models.contains($0) }, resampling)
      else { continue }
      report.models.append(ModelBesidePeople(model: name, comparison: comparison))
    }
    return report
  }

  /// More different labels than these are no closed set that people choose from.
  static let mostLabels = 1000

  static func tooManyLabels(_ path: String) -> Failure {
    Failure(
      "\(path): there are more than \(mostLabels) different labels. Labels are a closed set to choose "
        + "from; for values on a scale use --level interval or ratio, for sets --level set.")
  }

  /// People, where at least two have rated; else the group with the most raters.
  private static func group(of raters: [Dialogues.Rater]) -> Dialogues.Rater.Kind {
    let counts = Dictionary(grouping: raters, by: \.kind).mapValues(\.count)
    if counts[.person, default: 0] >= 2 { return .person }
    let order = Dialogues.Rater.Kind.allCases
    return counts.max { one, other in
      (one.value, order.firstIndex(of: other.key) ?? 0)
        < (other.value, order.firstIndex(of: one.key) ?? 0)
    }?.key ?? .person
  }
}

extension AgreementCommand.Repeats {
  fileprivate var rule: RatingTable.Builder.Repeats {
    switch self {
    case .refuse: .refuse
    case .first: .first
    case .last: .last
    }
  }
}
