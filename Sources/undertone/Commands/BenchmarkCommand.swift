import ArgumentParser
import Dialogues
import EmotionModel
import Glibc
import NeuralNet

/// Measures the model part for `make bench`; not listed in the help.
///
/// Every line is `name<tab>minimum<tab>median` in milliseconds of processor time.
struct BenchmarkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark", abstract: "Measure the model part, for make bench.",
    shouldDisplay: false)

  @Option(name: .long, help: "The checkpoint; the one that ships if not said.")
  var checkpoint: String?

  @Option(name: .long, help: "A table of logits to decode, with a row a turn.")
  var logits: String?

  @Option(
    name: .long,
    help: "Folder with slot encoders (0.safetensors, …) to run; outputs are written into it.")
  var encoders: String?

  @Option(name: .long, help: "A project whose queue of turns to review is made.")
  var review: String?

  @Flag(name: .long, help: "Only what the other options ask for.")
  var only = false

  func run() throws {
    try explainingFailures {
      if !only {
        try measureDialogue()
        try measureVoices()
        try measureAdaptation()
      }
      if let logits { try measureDecoder(logits) }
      if let encoders { try measureEncoders(encoders) }
      if let review { try ReviewBenchmark(path: review).run() }
    }
  }

  private func model() throws -> Checkpoint {
    try Checkpoint(contentsOf: try checkpoint ?? Suggester.shippedCheckpoint(Locations()))
  }

  /// Invented turns: no text twice, so nothing is found in a cache by accident.
  private func invented(_ number: Int, turns count: Int) -> Dialogue {
    let texts = [
      "You moved the boxes, all of them, number", "I thought you would be pleased about",
      "Pleased? Oh no, not with shelf", "That is wonderful, thank you for", "Stop that now! Leave",
      "I am so sorry, I really am, about", "What? You never told me about",
    ]
    let key = DialogueKey(corpus: "benchmark", dialogue: "\(number)")
    return Dialogue(
      key: key,
      turns: (0..<count).map { turn in
        Turn(
          key: TurnKey(dialogue: key, turn: "\(turn)"), speaker: ["Mara", "Theo", "Ada"][turn % 3],
          text: "\(texts[(number + turn) % texts.count]) \(number * 100 + turn).")
      })
  }

  private func measureDialogue() throws {
    let classifier = EmotionClassifier(try model())
    let decoder = DialogicalEmotionDecoder(
      shiftProbability: classifier.model.shiftProbability ?? 0.5)
    var number = 0
    report("dialogue_cold", repeats: 50) {
      number += 1
      let dialogue = invented(number, turns: 20)
      finish(classifier.analyse(dialogue), decoder, dialogue)
    }
    let dialogue = invented(0, turns: 20)
    let encoded = InfluenceCheck(classifier, dialogue)
    report("dialogue_cached", repeats: 50) { finish(encoded.analyses(), decoder, dialogue) }
  }

  /// The same with sound: the 20 turns of the longest sample dialogue, about a minute.
  ///
  /// Decoding files is a row by itself, since what it takes depends on the format: nothing is known of
  /// texts and sounds in `voices_cold`, whose samples are there, and all of both in `voices_cached`.
  private func measureVoices() throws {
    let classifier = EmotionClassifier(try model())
    guard let benchmark = try VoiceBenchmark(labels: classifier.labels, locations: Locations())
    else { return }
    let decoder = DialogicalEmotionDecoder(
      shiftProbability: classifier.model.shiftProbability ?? 0.5)
    let dialogue = benchmark.dialogue
    func judge(_ analyses: [TurnAnalysis], _ listener: VoiceListener?) {
      let evidence = listener?.evidence(in: dialogue, readings: analyses.map(\.posterior)) ?? []
      let heard = zip(analyses, evidence).map { $1.map($0.hearing) ?? $0 }
      finish(heard, decoder, dialogue)
    }
    let samples = try benchmark.samples()
    report("voices_decode", repeats: 5) { _ = try? benchmark.samples() }
    let encoded = InfluenceCheck(classifier, dialogue)
    for voices in Voices.allCases {
      let suffix = voices == .fast ? "" : "_\(voices.rawValue)"
      let statistics = try voices.statistics(Locations())
      report("voices_statistics\(suffix)", repeats: 20) {
        _ = benchmark.statistics(of: samples, statistics)
      }
      let folder = "/tmp/undertone-benchmark-\(getpid())"
      defer { removeFolder(folder) }
      let listener = try benchmark.listener(voices, cache: folder)
      report("voices_cold\(suffix)", repeats: 20) {
        // What the listener then finds in its cache is what was computed here.
        _ = benchmark.statistics(of: samples, statistics)
        judge(classifier.analyse(dialogue), listener)
      }
      report("voices_cached\(suffix)", repeats: 20) { judge(encoded.analyses(), listener) }
    }
  }

  private func removeFolder(_ path: String) {
    guard let folder = opendir(path) else { return }
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      unlink("\(path)/\(name)")
    }
    closedir(folder)
    rmdir(path)
  }

  /// What a judgement consists of: posteriors, influence, decoding.
  private func finish(
    _ analyses: [TurnAnalysis], _ decoder: DialogicalEmotionDecoder, _ dialogue: Dialogue
  ) {
    let decoded = decoder.decode(
      logits: analyses.map(\.logits), speakers: Suggester.voices(in: dialogue))
    precondition(decoded.states.count == analyses.flatMap { [$0.influences.count] }.count)
  }

  private func measureAdaptation() throws {
    let start = try model()
    let dialogues = (0..<10).map { invented($0, turns: 20) }
    var targets: [TurnKey: [Float]] = [:]
    for (place, turn) in dialogues.flatMap(\.turns).enumerated() {
      targets[turn.key] = start.labels.indices.map { $0 == place % start.labels.count ? 1 : 0 }
    }
    let data = TrainingData(
      name: "benchmark", labels: start.labels, dialogues: dialogues, targets: targets)
    let (training, development) = data.split(development: 0.15, seed: 1)
    let state = "/tmp/undertone-benchmark-\(getpid()).state"
    defer { unlink(state) }
    var failure: (any Error)?
    report("adaptation", repeats: 3) {
      unlink(state)
      do {
        let trainer = try Trainer(
          main: training, development: development, plan: .adaptation(seed: 1), from: start)
        _ = try trainer.run(name: "b", details: "", statePath: state) { _ in true }
      } catch { failure = error }
    }
    if let failure { throw failure }
  }

  private func measureDecoder(_ path: String) throws {
    guard let text = readText(path) else { throw Failure("\(path): it cannot be read.") }
    let rows = text.split(separator: "\n").dropFirst().map { $0.split(separator: "\t") }
    var dialogues: [(id: Substring, logits: [[Double]], speakers: [Int])] = []
    for row in rows where row.count >= 7 {
      if dialogues.last?.id != row[0] { dialogues.append((row[0], [], [])) }
      dialogues[dialogues.count - 1].logits.append(row[3..<7].map { Double($0) ?? 0 })
      // IEMOCAP's turns are named after their speaker's sex: …_F000, …_M012.
      let voice = row[1].split(separator: "_").last?.first == "F" ? 0 : 1
      dialogues[dialogues.count - 1].speakers.append(voice)
    }
    let decoder = DialogicalEmotionDecoder(shiftProbability: 0.4)
    report("decoder", repeats: 50) {
      for dialogue in dialogues {
        _ = decoder.decode(logits: dialogue.logits, speakers: dialogue.speakers)
      }
    }
  }

  /// Runs each slot's encoder over its turns: a linear map, a stack of blocks, a normal form.
  private func measureEncoders(_ folder: String) throws {
    setMatrixThreads(1)
    var slots: [SlotEncoderFile] = []
    while access("\(folder)/\(slots.count).safetensors", R_OK) == 0 {
      slots.append(try SlotEncoderFile("\(folder)/\(slots.count).safetensors"))
    }
    var outputs: [Matrix<Float>] = []
    report("encoders", repeats: 5) { outputs = slots.map { $0.output() } }
    var file = Safetensors()
    for (place, output) in outputs.enumerated() { file.tensors["\(place)"] = .single(output) }
    try writeFileAtomically("\(folder)/swift.safetensors", file.encoded())
  }

  /// Milliseconds of processor time: with one thread they are those of the clock on an idle machine,
  /// and on a busy one they stay what they are.
  private func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1e6
  }

  private func report(_ name: String, repeats: Int, _ work: () -> Void) {
    work()
    let times = (0..<repeats).map { _ in
      let begin = processorTime()
      work()
      return processorTime() - begin
    }.sorted()
    print("\(name)\t\(rounded(times[0], 1000))\t\(rounded(times[times.count / 2], 1000))")
  }
}

/// One slot's encoder of the published configuration and the turns in the slot.
private struct SlotEncoderFile {
  private let steps: Int
  private let stack: MLSTMStack
  private let norm: Matrix<Float>
  private let x: Matrix<Float>

  init(_ path: String) throws {
    let file = try Safetensors(readFile(path))
    var weights = Weights<Float>()
    for (name, tensor) in file.tensors {
      guard let columns = tensor.shape.last, columns > 0 else { continue }
      weights[name] = Matrix(
        rows: tensor.count / columns, columns: columns, elements: tensor.numbers())
    }
    guard let x = weights["x"], let down = weights["blocks.0.down"],
      let heads = weights["blocks.0.input.bias"]?.elements.count,
      let map = weights["weight"], let bias = weights["bias"], let norm = weights["norm"]
    else { throw Failure("\(path): it holds no slot encoder.") }
    self.norm = norm
    steps = x.columns / map.columns
    self.x = Matrix(rows: x.rows * steps, columns: map.columns, elements: x.elements)
    let blocks = (0...).prefix { weights["blocks.\($0).down"] != nil }
    stack = MLSTMStack(
      MLSTMStack.Prepared(
        blocks.map { MLSTMBlock(width: down.rows, heads: heads, name: "blocks.\($0)") },
        after: AffineMap(weight: map, bias: bias), { weights[$0] }))
  }

  func output() -> Matrix<Float> {
    let tape = Tape<Float>()
    let last = tape.constant(stack.lastSteps(of: x, steps: steps))
    return tape.layerNorm(last, tape.constant(norm)).value
  }
}
