import Agreement
import Dialogues
import LabelStore
import Studies
import TestSupport
import Testing

/// People at work on an invented corpus of dialogues of eight turns, with suggestions for all of them.
struct StudyProject {
  static let labels = ["neutral", "joy", "anger", "fear"]
  static let source = "sage"
  static let turns = 8

  let folder: String
  let path: String
  let design: StudyDesign

  /// - Parameter work: what people do, while the project is made.
  init(
    dialogues: Int = 6, design: StudyDesign = StudyDesign(controlShare: 0.4, seed: 7),
    suggesting: (TurnKey) -> String? = { _ in "joy" }, _ work: (Project) throws -> Void
  ) throws {
    folder = try makeTemporaryFolder("undertone-study")
    path = "\(folder)/study.undertone"
    self.design = design
    let scheme = LabelScheme(name: "rooms", labels: Self.labels)
    let project = try Project.create(at: path, name: "study", scheme: scheme) { project in
      try project.importCorpus(name: "rooms", root: "sound") { writer in
        for number in 0..<dialogues { try writer.add(Self.dialogue(number)) }
      }
      try project.setStudy(design)
      for number in 0..<dialogues {
        let suggestions = (0..<Self.turns).compactMap { turn -> Suggestion? in
          let key = Self.key(number, turn)
          return suggesting(key).map { label in
            Suggestion(
              turn: key, labels: Self.labels,
              posterior: Self.labels.map { $0 == label ? 0.7 : 0.1 })
          }
        }
        try project.storeSuggestions(Source(name: Self.source), suggestions)
      }
      try work(project)
    }
    try project.close()
  }

  static func key(_ dialogue: Int, _ turn: Int) -> TurnKey {
    TurnKey(
      dialogue: DialogueKey(corpus: "rooms", split: "", dialogue: "d\(dialogue)"), turn: "u\(turn)")
  }

  /// Turns of two seconds; the last one is text.
  static func dialogue(_ number: Int) -> Dialogue {
    Dialogue(
      key: key(number, 0).dialogue,
      turns: (0..<turns).map { turn in
        Turn(
          key: key(number, turn), speaker: "Mara", text: "Room \(number), box \(turn).",
          audio: turn == turns - 1
            ? nil
            : AudioSpan(
              path: "\(number).flac", span: TimeSpan(start: Double(turn), end: Double(turn) + 2)))
      })
  }

  /// The conditions under which the annotator records an answer.
  func conditions(
    _ turn: TurnKey, shows label: String?, heard: Int = 2000, took: Int = 3000,
    stage: AnswerStage? = nil
  ) -> RatingConditions {
    Self.conditions(
      design, turn, shows: label, heard: heard, took: took, stage: stage)
  }

  static func conditions(
    _ design: StudyDesign, _ turn: TurnKey, shows label: String?, heard: Int = 2000,
    took: Int = 3000, stage: AnswerStage? = nil
  ) -> RatingConditions {
    let arm = design.arm(of: turn.dialogue)
    let isVisible = arm == .suggested && stage != .committed
    return RatingConditions(
      shown: isVisible
        ? label.map { .init(source: source, label: $0, probability: 0.7) } : nil,
      heardMilliseconds: heard, answerMilliseconds: took, program: "undertone",
      annotationProtocol: design.annotationProtocol, arm: arm, stage: stage)
  }

  func reading(_ change: (inout StudyReading.Choice) -> Void = { _ in }) throws -> StudyReading {
    let project = try Project.open(at: path, readOnly: true)
    var choice = StudyReading.Choice(labels: Self.labels)
    change(&choice)
    let reading = try StudyReading(project, choice)
    try project.close()
    removeFolder(folder)
    return reading
  }

  func summary() throws -> StudySummary {
    let reading = try reading()
    return StudySummary(
      reading.answers, raters: reading.raters, labels: reading.labels.count,
      Resampling(replicates: 400))
  }
}

@Suite struct `A study read from the log` {
  private let ana = Rater(name: "ana", kind: .person)
  private let ben = Rater(name: "ben", kind: .person)
  private let design = StudyDesign(controlShare: 0.4, seed: 7)

  private func dialogue(in arm: StudyArm) throws -> Int {
    try #require((0..<6).first { design.arm(of: StudyProject.key($0, 0).dialogue) == arm })
  }

  @Test func `knows what the dialogue's arm is, what was shown and what would have been`() throws {
    let (assisted, control) = (try dialogue(in: .suggested), try dialogue(in: .control))
    let study = try StudyProject { project in
      for dialogue in [assisted, control] {
        let turn = StudyProject.key(dialogue, 0)
        try project.answer(
          turn, Answer(labels: ["anger"]),
          conditions: StudyProject.conditions(design, turn, shows: "joy"), by: ana)
      }
    }
    let reading = try study.reading()
    #expect(reading.source == StudyProject.source)
    #expect(reading.raters == ["ana"])
    let answers = reading.answers.sorted {
      ($0.isAssisted ?? false ? 0 : 1) < ($1.isAssisted ?? false ? 0 : 1)
    }
    #expect(answers.map(\.isAssisted) == [true, false])
    #expect(answers.map(\.suggestion) == [1, 1])
    #expect(answers.map(\.shown) == [1, nil])
    #expect(answers.map(\.label) == [2, 2])
    #expect(answers.map(\.soundSeconds) == [2, 2])
    #expect(answers.map(\.seconds) == [3, 3])
  }

  @Test func `keeps both answers of a reveal and the speed of the first`() throws {
    let design = StudyDesign(annotationProtocol: .commitThenReveal)
    let turn = StudyProject.key(0, 1)
    let study = try StudyProject(design: design) { project in
      func say(_ label: String, _ stage: AnswerStage, took: Int, heard: Int) throws {
        try project.answer(
          turn, Answer(labels: [label]),
          conditions: StudyProject.conditions(
            design, turn, shows: "joy", heard: heard, took: took, stage: stage), by: ana)
      }
      try say("fear", .committed, took: 900, heard: 700)
      _ = try project.undo(by: ana)
      try say("anger", .committed, took: 1500, heard: 1400)
      try say("joy", .revealed, took: 9000, heard: 2000)
    }
    let answer = try #require(try study.reading().answers.first)
    #expect(answer.committed == 2)
    #expect(answer.label == 1 && answer.shown == 1)
    // An answer that was undone was a slip of the finger.
    #expect(answer.seconds == 1.5)
    #expect(answer.heardSeconds == 1.4)
  }

  @Test func `what was heard in an earlier sitting was heard, and a turn of text cannot be`() throws
  {
    let (sound, text) = (StudyProject.key(1, 0), StudyProject.key(1, StudyProject.turns - 1))
    let study = try StudyProject { project in
      try project.listened(
        to: sound, conditions: RatingConditions(heardMilliseconds: 1900), by: ana)
      for (rater, turn) in [(ana, sound), (ben, sound), (ana, text)] {
        try project.answer(
          turn, Answer(labels: ["joy"]),
          conditions: StudyProject.conditions(design, turn, shows: nil, heard: 0), by: rater)
      }
      // Heard only after the label was given.
      try project.listened(
        to: sound, conditions: RatingConditions(heardMilliseconds: 2000), by: ben)
    }
    let answers = try study.reading().answers
    #expect(answers.map(\.heardSeconds) == [1.9, 0, nil])
    #expect(answers.last?.soundSeconds == nil)
  }

  @Test func `has no answer that was withdrawn, undone, skipped or of several labels`() throws {
    let study = try StudyProject { project in
      func say(_ labels: [String], on turn: Int) throws {
        let key = StudyProject.key(0, turn)
        try project.answer(
          key, Answer(labels: labels),
          conditions: StudyProject.conditions(design, key, shows: nil), by: ana)
      }
      try say(["joy"], on: 0)
      try project.withdraw(StudyProject.key(0, 0), by: ana)
      try say(["joy"], on: 1)
      try project.setSkip(true, on: StudyProject.key(0, 1), by: ana)
      try say(["joy", "fear"], on: 2)
      try say(["fear"], on: 3)
      try say(["joy"], on: 4)
      _ = try project.undo(by: ana)
    }
    #expect(try study.reading().answers.map(\.item) == [3])
  }

  @Test func `says how many answers saw another suggestion than the stored one`() throws {
    let assisted = try dialogue(in: .suggested)
    let study = try StudyProject { project in
      for (turn, seen) in ["joy", "fear", "joy"].enumerated() {
        let key = StudyProject.key(assisted, turn)
        try project.answer(
          key, Answer(labels: ["joy"]),
          conditions: StudyProject.conditions(design, key, shows: seen), by: ana)
      }
    }
    #expect(try study.reading().sawAnother == 1)
  }

  @Test func `committed is the last answer before the reveal that was not taken back`() throws {
    let design = StudyDesign(annotationProtocol: .commitThenReveal)
    let study = try StudyProject(design: design) { project in
      func say(_ label: String, _ stage: AnswerStage, on turn: Int) throws {
        let key = StudyProject.key(0, turn)
        try project.answer(
          key, Answer(labels: [label]),
          conditions: StudyProject.conditions(design, key, shows: "joy", stage: stage), by: ana)
      }
      for turn in 0...2 {
        try say("fear", .committed, on: turn)
        if turn > 0 { try say("anger", .committed, on: turn) }
        if turn == 2 { _ = try project.undo(by: ana) }
        try say("joy", .revealed, on: turn)
      }
    }
    #expect(try study.reading().answers.map(\.committed) == [3, 2, 3])
  }

  @Test func `an answer of which no study was recorded is in neither arm`() throws {
    let study = try StudyProject { project in
      try project.answer(
        StudyProject.key(0, 0), Answer(labels: ["joy"]), conditions: RatingConditions(), by: ana)
    }
    #expect(try study.reading().answers.map(\.isAssisted) == [nil])
  }

  @Test func `of two sources seen as often the first by name is compared with`() throws {
    let assisted = try dialogue(in: .suggested)
    let study = try StudyProject { project in
      for (turn, source) in ["sage", "oak", "oak", "sage"].enumerated() {
        let key = StudyProject.key(assisted, turn)
        var conditions = StudyProject.conditions(design, key, shows: "joy")
        conditions.shown?.source = source
        try project.answer(key, Answer(labels: ["joy"]), conditions: conditions, by: ana)
      }
    }
    #expect(try study.reading().source == "oak")
  }

  @Test func `where refined labels were shown they are what is compared with`() throws {
    let assisted = try dialogue(in: .suggested)
    let key = StudyProject.key(assisted, 0)
    let study = try StudyProject { project in
      try project.storeSuggestions(
        Source(name: StudyProject.source),
        [
          Suggestion(
            turn: key, labels: StudyProject.labels, posterior: [0.1, 0.7, 0.1, 0.1], refined: "fear"
          )
        ])
      var conditions = StudyProject.conditions(design, key, shows: "fear")
      conditions.shown?.source = "\(StudyProject.source)+ded"
      try project.answer(key, Answer(labels: ["fear"]), conditions: conditions, by: ana)
    }
    let reading = try study.reading()
    #expect(reading.source == "\(StudyProject.source)+ded")
    #expect(reading.answers.map(\.suggestion) == [3])
    #expect(reading.sawAnother == 0)
  }

  @Test func `is about the raters and labels that were asked for`() throws {
    let study = try StudyProject { project in
      for (rater, label) in [(ana, "joy"), (ben, "fear")] {
        let key = StudyProject.key(0, 0)
        try project.answer(
          key, Answer(labels: [label]),
          conditions: StudyProject.conditions(design, key, shows: nil), by: rater)
      }
    }
    let reading = try study.reading {
      $0.raters = ["ben"]
      $0.labels = ["joy"]
      $0.other = "other"
    }
    #expect(reading.raters == ["ben"])
    #expect(reading.labels == ["joy", "other"])
    #expect(reading.answers.map(\.label) == [1])
  }

  @Test func `knows the first and the second answer to a dialogue that was given again`() throws {
    let study = try StudyProject { project in
      for (turn, answers) in [("joy", "joy"), ("fear", "anger"), ("fear", "fear")].enumerated() {
        let key = StudyProject.key(2, turn)
        let conditions = StudyProject.conditions(design, key, shows: nil)
        try project.answer(
          key, Answer(labels: [answers.1]), conditions: conditions, by: ana.retest)
        try project.answer(key, Answer(labels: [answers.0]), conditions: conditions, by: ana)
        try project.answer(key, Answer(labels: ["neutral"]), conditions: conditions, by: ben)
      }
    }
    let project = try Project.open(at: study.path, readOnly: true)
    defer { removeFolder(study.folder) }
    let table = try RatingTable.repeats(
      in: project, StudyReading.Choice(labels: StudyProject.labels))
    let repeats = table.intraRater()
    #expect(repeats.map(\.rater) == ["ana"])
    #expect(repeats[0].items == 3)
    #expect(repeats[0].raw == .value(2.0 / 3))
    // First answers are rows: fear, then anger.
    #expect(repeats[0].firstBySecond.counts[3 * 4 + 2] == 1)
    // κ by hand: observed 2/3, expected (1·1 + 2·1)/9.
    let expected = (2.0 / 3 - 3.0 / 9) / (1 - 3.0 / 9)
    let kappa = try #require(repeats[0].kappa.statistic.value)
    #expect(abs(kappa - expected) < 1e-12)
    var elsewhere = StudyReading.Choice(labels: StudyProject.labels)
    elsewhere.splits = ["test"]
    #expect(try RatingTable.repeats(in: project, elsewhere).ratingCount == 0)
  }
}

@Suite struct `A simulated study through the log` {
  /// Three people who yield to suggestions as planted, 40 dialogues of eight turns, every answer an event.
  private func summary(yielding: [Double], seed: UInt64) throws -> StudySummary {
    let design = StudyDesign(controlShare: 0.4, seed: seed)
    var people = Seeded(seed: seed)
    let labels = StudyProject.labels
    var truth: [TurnKey: Int] = [:]
    func another(than label: Int) -> Int { (label + 1 + people.below(3)) % 4 }
    var suggested: [TurnKey: Int] = [:]
    let study = try StudyProject(
      dialogues: 40, design: design,
      suggesting: { turn in
        let right = people.below(4)
        truth[turn] = right
        suggested[turn] = people.share() < 0.6 ? right : another(than: right)
        return labels[suggested[turn] ?? 0]
      }
    ) { project in
      for dialogue in 0..<40 {
        let skill = people.share() < 0.5 ? 0.9 : 0.5
        for turn in 0..<StudyProject.turns {
          let key = StudyProject.key(dialogue, turn)
          let (right, suggestion) = (truth[key] ?? 0, suggested[key] ?? 0)
          for (rater, yields) in yielding.enumerated() {
            var label = people.share() < skill ? right : another(than: right)
            let draw = people.share()
            let conditions = StudyProject.conditions(design, key, shows: labels[suggestion])
            if conditions.shown != nil, draw < yields { label = suggestion }
            try project.answer(
              key, Answer(labels: [labels[label]]), conditions: conditions,
              by: Rater(name: "rater-\(rater)", kind: .person))
          }
        }
      }
    }
    return try study.summary()
  }

  /// What people and model have in common without knowing of one another: a right label seven times in
  /// ten, a right suggestion six times in ten, and one of three wrong ones the same.
  private static let agreementByChance = 0.7 * 0.6 + 0.3 * 0.4 / 3

  @Test(arguments: [[0.0, 0.3, 0.7], [0, 0, 0]])
  func `gives the planted bias back within its interval, and none where none was planted`(
    yielding: [Double]
  ) throws {
    var (held, all) = (0, 0)
    for seed in 1...6 as ClosedRange<UInt64> {
      let found = try summary(yielding: yielding, seed: seed)
      #expect(found.raters.count == 3)
      for (rater, yields) in zip(found.raters, yielding) {
        let planted = yields * (1 - Self.agreementByChance)
        let bounds = try #require(rater.rates.pull.percentile)
        held += (bounds.low...bounds.high).contains(planted) ? 1 : 0
        all += 1
        if yields == 0.7 { #expect(bounds.low > 0) }
      }
    }
    print("planted \(yielding): \(held) of \(all) intervals hold the bias of a rater")
    // Of 18 intervals of 95 % fewer than 15 hold what is true once in a hundred studies.
    #expect(held >= 15)
  }
}

/// Numbers that look random and are the same on every machine: SplitMix64.
private struct Seeded {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0xD1B5_4A32_D192_ED03 }

  mutating func share() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return Double((mixed ^ mixed >> 31) >> 11) * 0x1p-53
  }

  mutating func below(_ count: Int) -> Int { Int(share() * Double(count)) }
}
