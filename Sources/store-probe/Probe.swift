internal import Dialogues
internal import Glibc
internal import LabelStore

/// A program of its own, for what a test cannot do to itself.
///
/// It can be killed while it writes, run out of disk, be somebody with fewer permissions, and write
/// beside another process. It also measures. It says one line on stdout for each thing done, at
/// once; an error is a line `error: …` and exit code 1.
@main
struct Probe {
  static func main() {
    var arguments = CommandLine.arguments.dropFirst()
    do {
      while let option = arguments.first, option.hasPrefix("--") {
        arguments.removeFirst()
        switch option {
        case "--file-limit": limitFiles(to: arguments.popFirst().flatMap { UInt($0) } ?? 0)
        case "--as-nobody": setuid(65534)
        default: fail("unknown option \(option)")
        }
      }
      guard let command = arguments.popFirst(), let path = arguments.popFirst() else {
        fail("usage: store-probe [--file-limit BYTES] [--as-nobody] COMMAND PROJECT [NUMBER...]")
      }
      let numbers = arguments.compactMap { Int($0) }
      switch command {
      case "inspect": try inspect(path)
      case "label": try label(path, start: numbers.first ?? 0, as: arguments.last ?? "probe")
      case "import": try generate(path, dialogues: numbers.first ?? 1, turns: numbers.last ?? 1)
      case "measure": try measure(path)
      default: fail("unknown command \(command)")
      }
    } catch {
      fail("\(error)")
    }
  }

  /// Writes a line at once: whoever kills the program counts on what it said.
  static func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    write(STDOUT_FILENO, bytes, bytes.count)
  }

  static func fail(_ message: String) -> Never {
    say("error: \(message)")
    exit(1)
  }

  /// Makes every file end at a size, as a full disk would; without the signal that goes with it.
  static func limitFiles(to bytes: UInt) {
    signal(SIGXFSZ, SIG_IGN)
    var limit = rlimit(rlim_cur: bytes, rlim_max: bytes)
    setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
  }

  static func inspect(_ path: String) throws {
    let project = try Project.open(at: path)
    let information = try project.information()
    say("turns \(information.turns)")
    say("read-only \(project.readOnlyReason ?? "no")")
  }

  /// Answers turn after turn, round and round, and says so when an answer is saved.
  static func label(_ path: String, start: Int, as rater: String) throws {
    let project = try Project.open(at: path)
    let information = try project.information()
    let rater = Rater(name: rater, kind: .person)
    var count = 0
    while true {
      guard
        let dialogue = try project.dialogue(at: (start + count) % max(information.dialogues, 1))
      else { fail("no dialogues") }
      for turn in dialogue.turns {
        let label = information.scheme.labels[count % information.scheme.labels.count].name
        try project.answer(
          turn.key, Answer(labels: [label]), conditions: RatingConditions(), by: rater)
        say("saved \(turn.key) \(label)")
      }
      count += 1
    }
  }

  /// Imports a corpus of invented dialogues, with the corpus's own rating of each turn.
  static func generate(_ path: String, dialogues: Int, turns: Int) throws {
    let project =
      access(path, F_OK) == 0
      ? try Project.open(at: path) : try Project.create(at: path, name: "generated", scheme: .meld)
    let labels = LabelScheme.meld.labels.map(\.name)
    say("importing")
    let begin = Stopwatch()
    let report = try project.importCorpus(name: "generated", root: "audio") { writer in
      for number in 0..<dialogues {
        let key = DialogueKey(corpus: "generated", split: "train", dialogue: "\(number)")
        var ratings: [Rating] = []
        let made = (0..<turns).map { place in
          let turn = TurnKey(dialogue: key, turn: "\(place)")
          ratings.append(
            Rating(
              turn: turn, rater: Rater(name: "generated", kind: .corpus),
              answer: Answer(labels: [labels[(number &* 31 &+ place) % labels.count]])))
          return Turn(
            key: turn, speaker: place % 2 == 0 ? "Mara" : "Theo",
            text: "I had labelled \(number) boxes before you moved number \(place) of them.",
            audio: AudioSpan(path: "\(number)/\(place).flac"),
            time: TimeSpan(start: Double(place) * 2, end: Double(place) * 2 + 1.7))
        }
        try writer.add(Dialogue(key: key, turns: made), ratings: ratings)
        if number % 1000 == 999 { say("handed in \(number + 1)") }
      }
    }
    say("imported \(report.newTurns) turns in \(begin.milliseconds) ms")
    try project.close()
  }
}

/// Time since it was made.
struct Stopwatch {
  private let begin = ContinuousClock.now

  var milliseconds: Double { Double((ContinuousClock.now - begin) / .microseconds(1)) / 1000 }
}
