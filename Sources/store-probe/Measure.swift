internal import Dialogues
internal import Glibc
internal import LabelStore

extension Probe {
  /// How long things take in a project, one line each, in milliseconds.
  static func measure(_ path: String) throws {
    var begin = Stopwatch()
    let project = try Project.open(at: path)
    report("open", [begin.milliseconds])
    let rater = Rater(name: "bench", kind: .person)

    begin = Stopwatch()
    let information = try project.information()
    _ = try project.dialogue(at: 0)
    report("information and first dialogue", [begin.milliseconds])
    let dialogues = information.dialogues

    func many(_ name: String, _ count: Int, _ work: (Int) throws -> Void) rethrows {
      var times: [Double] = []
      for number in 0..<count {
        let begin = Stopwatch()
        try work(number)
        times.append(begin.milliseconds)
      }
      report(name, times)
    }

    let keys = try (0..<500).compactMap {
      try project.dialogue(at: $0 &* 7919 % dialogues)?.turns.first?.key
    }
    let conditions = RatingConditions(
      shown: .init(source: "gatedxlstm", label: "joy", probability: 0.4), order: 3,
      heardMilliseconds: 1900, answerMilliseconds: 800, program: "store-probe")
    try many("answer to durable label", keys.count) { number in
      try project.answer(
        keys[number], Answer(labels: ["joy"]), conditions: conditions, by: rater)
    }
    try many("undo", 100) { _ in _ = try project.undo(by: rater) }
    try many("redo", 100) { _ in _ = try project.redo(by: rater) }
    try many("dialogue and states", 500) { number in
      guard let dialogue = try project.dialogue(at: number &* 7919 % dialogues) else { return }
      _ = try project.turnStates(of: dialogue.key, for: rater)
    }
    try many("page of 50 summaries", 100) { number in
      _ = try project.dialogueSummaries(
        from: number &* 7919 % dialogues, limit: 50, filter: .unfinished, of: rater)
    }
    try many("next unlabelled", 100) { number in
      _ = try project.next(
        .unlabelled, after: TurnPlace(dialogue: number &* 7919 % dialogues, turn: 0), for: rater)
    }
    try many("next flagged (none)", 100) { _ in
      _ = try project.next(.flagged, after: TurnPlace(dialogue: 5, turn: 0), for: rater)
    }
    try many("next unlabelled of one who has all", 20) { _ in
      _ = try project.next(
        .unlabelled, after: nil, for: Rater(name: "generated", kind: .corpus))
    }
    try many("search for what is nowhere", 3) { _ in _ = try project.search("zebra crossing") }
    say("memory before streaming \(residentMiB()) MiB")
    begin = Stopwatch()
    var count = 0
    try project.forEachRating { _, _ in count += 1 }
    report("\(count) ratings streamed", [begin.milliseconds])
    say("memory \(residentMiB()) MiB")
    try project.close()
  }

  static func report(_ name: String, _ times: [Double]) {
    let sorted = times.sorted()
    func quantile(_ share: Double) -> Double {
      sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }
    say("\(name): p50 \(quantile(0.5)) p95 \(quantile(0.95)) max \(sorted.last ?? 0) ms")
  }

  static func residentMiB() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss / 1024
  }
}
