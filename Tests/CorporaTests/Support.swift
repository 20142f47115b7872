import Corpora
import Dialogues
import Foundation

/// A folder of files that a test invents, removed when the test ends.
final class InventedFolder {
  let path: String

  init(_ files: [String: String] = [:]) throws {
    path = NSTemporaryDirectory() + "corpora-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for (name, text) in files { try write(name, Data(text.utf8)) }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ name: String, _ data: Data) throws {
    let file = "\(path)/\(name)"
    try FileManager.default.createDirectory(
      atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try data.write(to: URL(fileURLWithPath: file))
  }

  subscript(name: String) -> String { "\(path)/\(name)" }
}

/// What an import handed on.
struct Imported {
  var dialogues: [ImportedDialogue] = []
  var warnings: [ImportWarning] = []
  var progress: [Double] = []
  var summary = ImportSummary?.none

  var turns: [Turn] { dialogues.flatMap(\.dialogue.turns) }
  var ratings: [Rating] { dialogues.flatMap(\.ratings) }

  func turn(_ id: String) -> Turn? { turns.first { $0.key.turn == id } }

  func rating(_ rater: String, _ turn: String) -> Rating? {
    ratings.first { $0.rater.name == rater && $0.turn.turn == turn }
  }

  func count(_ kind: ImportWarning.Kind) -> Int { warnings.count { $0.kind == kind } }
}

/// Imports a path by a format's name.
func imported(
  _ format: String, _ path: String, _ options: ImportOptions = ImportOptions()
) throws -> Imported {
  final class Box { var value = Imported() }
  let box = Box()
  guard let importer = CorpusFormats.named(format) else {
    throw CorpusError(file: path, message: "no format \(format)")
  }
  box.value.summary = try importer.read(
    path, options: options, consume: { box.value.dialogues.append($0) },
    warn: { box.value.warnings.append($0) }, progress: { box.value.progress.append($0) })
  return box.value
}

/// MELD's header.
let meldHeader =
  "Sr No.,Utterance,Speaker,Emotion,Sentiment,Dialogue_ID,Utterance_ID,Season,Episode,StartTime,EndTime"

/// A MELD file with CRLF from rows without their line ends.
func meld(_ rows: String...) -> String {
  ([meldHeader] + rows).map { $0 + "\r\n" }.joined()
}
