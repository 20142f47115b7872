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
      Undertone anew from the folders meld, emorynlp, emotionlines and goemotions of a folder; the \
      model card says where to get them. Ctrl-C stops; the same command goes on where it was.

      Examples:
        undertone train friends.undertone --against MELD --out mine.safetensors
        undertone train friends.undertone --from models/bundled.safetensors --out adapted.safetensors
        undertone train --bundled ~/corpora --out bundled.safetensors
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
    name: .long,
    help: "A file of excerpts with triggers (MELD-FR), to train the trigger model on instead.",
    completion: .file(extensions: ["json"]))
  var trigger: String?

  @Option(
    name: .long,
    help: "A folder of acted clips named as RAVDESS names them, to train the model of voices on.",
    completion: .directory)
  var clips: String?

  @Option(name: .long, help: "Decides everything random: the same seed, the same checkpoint.")
  var seed: UInt64 = 1

  func validate() throws {
    let wishes = [!projects.isEmpty, bundled != nil, trigger != nil, clips != nil]
    guard wishes.count(where: { $0 }) == 1 else {
      throw ValidationError(
        "Name projects to train on, or a folder of corpora with --bundled, or a file of excerpts "
          + "with --trigger, or a folder of clips with --clips.")
    }
  }

  func run() throws {
    Interruption.listen()
    try explainingFailures {
      if let trigger { return try trainTrigger(on: trigger) }
      if let clips { return try trainVoices(on: clips) }
      let log = TrainingLog(path: "\(out).log.jsonl")
      let state = "\(out).state"
      let checkpoint: Checkpoint?
      if let bundled {
        checkpoint = try BundledRecipe.train(
          from: BundledRecipe.Folders(under: bundled), seed: seed, statePath: state,
          progress: log.note)
      } else {
        checkpoint = try trainer().run(
          name: projectName, details: details, statePath: state, progress: log.note)
      }
      log.finish()
      guard let checkpoint else {
        printError("Stopped; the same command goes on from \(state).")
        throw ExitCode(1)
      }
      try checkpoint.write(to: out)
      unlink(state)
      print("wrote \(out): \(checkpoint.details)")
    }
  }

  private func trainVoices(on path: String) throws {
    let folder = try ClipFolder(path)
    let corpus = try folder.corpus(variations: VoiceCorpus.variations, seed: seed)
    let bar = ProgressBar("training")
    let actors = corpus.actors.map(String.init).joined(separator: ", ")
    let model = try VoiceModel.train(
      on: corpus,
      details: "acted speech, \(counted(corpus.count, "clip")) of actors \(actors); seed \(seed)",
      seed: seed,
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
    for path in projects {
      let project = try Project.open(at: path, readOnly: true, program: programVersion)
      for label in try project.information().scheme.labels where !labels.contains(label.name) {
        labels.append(label.name)
      }
      try project.forEachDialogue { dialogues.append($0) }
      try project.forEachRating { rating, _ in
        let counts =
          against.map { $0 == rating.rater.name }
          ?? (rating.rater.kind == .person || rating.rater.kind == .corpus)
        if counts { ratings.append(rating) }
      }
      try project.close()
    }
    let data = TrainingData(
      name: projectName, labels: labels, dialogues: dialogues, ratings: ratings)
    let (training, development) = data.split(development: 0.15, seed: seed)
    printError(
      "\(counted(ratings.count, "rating")) on \(counted(dialogues.count, "dialogue")), "
        + "\(development.dialogues.count) of them put aside to measure on")
    let start = try from.map { path throws(CheckpointError) in try Checkpoint(contentsOf: path) }
    return try Trainer(
      main: training, development: development.dialogues.isEmpty ? nil : development,
      plan: start == nil ? .standard(seed: seed) : .adaptation(seed: seed), from: start)
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
    if let development = progress.development {
      bar.finish()
      printError(
        "\(progress.phase) epoch \(progress.epoch)/\(progress.epochs): loss "
          + "\(rounded(progress.loss)), put aside: log loss \(rounded(development.logLoss)), "
          + "weighted F1 \(rounded(development.weightedF1))")
      write(progress, development)
    }
    return !Interruption.isRequested
  }

  func finish() {
    bar.finish()
  }

  private func write(
    _ progress: TrainingProgress, _ development: TrainingProgress.Development
  ) {
    guard let file else { return }
    fputs(
      """
      {"schema":1,"phase":"\(progress.phase)","epoch":\(progress.epoch),"loss":\(progress.loss),\
      "seconds":\(progress.seconds),"log_loss":\(development.logLoss),\
      "weighted_f1":\(development.weightedF1),"accuracy":\(development.accuracy),\
      "turns":\(development.turns)}\n
      """, file)
    fflush(file)
  }

  private func rounded(_ value: Double) -> String {
    "\((value * 10_000).rounded() / 10_000)"
  }
}
