import Dialogues
import Glibc
import LabelStore

/// A folder of its own for each test, removed with all that is in it.
final class Folder {
  let path: String

  init() {
    var template = Array("/tmp/undertone-store-XXXXXX".utf8CString)
    path = String(cString: mkdtemp(&template))
  }

  deinit {
    for name in names { unlink("\(path)/\(name)") }
    rmdir(path)
  }

  /// The path of a file in it.
  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// What is in it.
  var names: [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}

/// Two people at work and the invented corpus they label.
enum Boxes {
  static let ana = Rater(name: "ana", kind: .person)
  static let ben = Rater(name: "ben", kind: .person)
  static let corpus = Rater(name: "boxes", kind: .corpus)

  static func key(_ dialogue: Int, _ turn: Int) -> TurnKey {
    TurnKey(dialogue: dialogueKey(dialogue), turn: "u\(turn)")
  }

  static func dialogueKey(_ dialogue: Int) -> DialogueKey {
    DialogueKey(corpus: "boxes", split: "dev", dialogue: "d\(dialogue)")
  }

  static func dialogue(_ number: Int, turns: Int = 3) -> Dialogue {
    Dialogue(
      key: dialogueKey(number), title: "The moved boxes, part \(number)",
      turns: (0..<turns).map { turn in
        Turn(
          key: key(number, turn), speaker: turn % 2 == 0 ? "Mara" : "Théo",
          text: "Box \(turn) of room \(number) was here.",
          audio: AudioSpan(
            path: "\(number)/\(turn).flac", span: TimeSpan(start: 0.1 + Double(turn), end: 2.25)),
          time: TimeSpan(start: 61.5, end: 60.25),
          words: [WordTime(word: "Box \"\(turn)\"\n", span: TimeSpan(start: 0, end: 0.3))],
          metadata: [
            MetadataField(name: "Season", value: "1"), MetadataField(name: "b\\c", value: ""),
          ])
      })
  }

  static func rating(_ dialogue: Int, _ turn: Int, _ label: String, by rater: Rater = corpus)
    -> Rating
  {
    Rating(turn: key(dialogue, turn), rater: rater, answer: Answer(labels: [label]))
  }

  /// A project with some dialogues of three turns.
  static func project(
    in folder: Folder, named name: String = "boxes.undertone", dialogues: Int = 4
  ) throws -> Project {
    try Project.create(at: folder.file(name), name: "Boxes", scheme: .meld) { project in
      try project.importCorpus(name: "boxes", root: "sound") { writer in
        for number in 0..<dialogues { try writer.add(dialogue(number)) }
      }
    }
  }
}

extension Project {
  /// The state of one turn.
  func state(_ key: TurnKey, _ rater: Rater) throws -> TurnState {
    let place = try place(of: key)
    return try turnStates(of: key.dialogue, for: rater)[place?.turn ?? 0]
  }

  @discardableResult
  func say(_ label: String, on key: TurnKey, _ rater: Rater = Boxes.ana) throws -> SavedState {
    try answer(key, Answer(labels: [label]), conditions: RatingConditions(), by: rater)
  }
}
