import Corpora
import Dialogues
import Glibc

// What libFuzzer calls: one input, imported as the format that $UNDERTONE_FUZZ names.
//
// `scripts/fuzz` builds this into a program of its own, out of the way of `swift build`. An import
// may end in a CorpusError, which is for people; a trap, a leak of memory, another error or a result
// that breaks a promise of the importers stops the fuzzer and leaves the input behind.

/// What an input becomes before it is imported.
private struct Target: Sendable {
  /// The files an input is cut into, at each byte 0x1D, which ASCII calls the group separator.
  var files: [String]
  /// What is imported, below the folder of the files.
  var path: String
  var read: @Sendable (String) throws -> Void
}

private let targets: [String: Target] = [
  "meld": table("meld", "dev_sent_emo.csv"),
  "melt": table("melt", "meld_train.csv"),
  "emorynlp": table("emorynlp", "emorynlp_dev_final.csv"),
  "manifest": table("manifest", "manifest.csv"),
  "manifest-jsonl": table("manifest", "manifest.jsonl"),
  "emorynlp-json": table("emorynlp", "emotion-detection-dev.json"),
  "label-studio": table("label-studio", "tasks.json"),
  "audformat": Target(
    files: ["db.yaml", "db.turns.csv", "db.files.csv"], path: "", read: corpus("audformat")),
  "textgrid": table("textgrid", "d.TextGrid"),
  "eaf": table("eaf", "d.eaf"),
  "iemocap": Target(
    files: [
      "Session2/dialog/EmoEvaluation/Ses02M_script01_1b.txt",
      "Session2/dialog/transcriptions/Ses02M_script01_1b.txt",
      "Session2/sentences/ForcedAlignment/Ses02M_script01_1b/Ses02M_script01_1b_F000.wdseg",
    ], path: "", read: corpus("iemocap")),
  "ratings": Target(files: ["ratings.csv"], path: "/ratings.csv") { path in
    _ = try RatingsReader.read(path, consume: { check($0.answer) })
  },
  "suggestions": Target(files: ["suggestions.csv"], path: "/suggestions.csv") { path in
    _ = try SuggestionsReader.read(path, source: "s") { suggestion in
      require(abs(suggestion.posterior.reduce(0, +) - 1) < 1e-6, "a posterior does not sum to 1")
      require(suggestion.posterior.allSatisfy { (0...1).contains($0) }, "not a probability")
    }
  },
]

private func table(_ format: String, _ file: String) -> Target {
  Target(files: [file], path: "/\(file)", read: corpus(format))
}

/// Imports a corpus and holds it to what the project relies on.
private func corpus(_ format: String) -> @Sendable (String) throws -> Void {
  { path in
    guard let importer = CorpusFormats.named(format) else { fatalError("no format \(format)") }
    _ = importer.recognise(path)
    var met: Set<DialogueKey> = []
    let summary = try importer.read(
      path,
      consume: { imported in
        let dialogue = imported.dialogue
        require(met.insert(dialogue.key).inserted, "a dialogue is handed on twice")
        require(!dialogue.key.corpus.isEmpty, "a corpus has no name")
        require(!dialogue.key.dialogue.isEmpty, "a dialogue has no id")
        require(!dialogue.turns.isEmpty, "a dialogue is empty")
        var turns: Set<TurnKey> = []
        for turn in dialogue.turns {
          require(turns.insert(turn.key).inserted, "a turn is handed on twice")
          require(turn.key.dialogue == dialogue.key, "a turn belongs to another dialogue")
          require(!turn.key.turn.isEmpty, "a turn has no id")
          check(turn)
        }
        var rated: Set<RatedTurn> = []
        for rating in imported.ratings {
          require(turns.contains(rating.turn), "a rating is of a turn that is not there")
          require(!rating.rater.name.isEmpty, "a rater has no name")
          require(
            rated.insert(RatedTurn(turn: rating.turn, rater: rating.rater.name)).inserted,
            "a rater rates a turn twice")
          check(rating.answer)
        }
        for prediction in imported.predictions {
          require(turns.contains(prediction.turn), "a prediction is of a turn that is not there")
          require(!prediction.source.isEmpty, "a model has no name")
          let suggestion = prediction.suggestion(over: ["joy", "fear"])
          require(abs(suggestion.posterior.reduce(0, +) - 1) < 1e-6, "a posterior is no posterior")
        }
      })
    require(summary.dialogues == met.count, "the summary miscounts")
  }
}

private struct RatedTurn: Hashable {
  var turn: TurnKey
  var rater: String
}

private func check(_ turn: Turn) {
  if let audio = turn.audio {
    require(!audio.path.isEmpty && !audio.path.hasPrefix("/"), "an audio path is absolute")
    require(!audio.path.split(separator: "/").contains(".."), "an audio path leads outside")
    if let span = audio.span {
      require(span.start.isFinite && span.end.isFinite, "a part of a file has no ends")
    }
  }
  if let time = turn.time { require(time.start.isFinite && time.end.isFinite, "a time is endless") }
  for word in turn.words {
    require(word.span.start.isFinite && word.span.end.isFinite, "a word is endless")
  }
}

private func check(_ answer: Answer) {
  require(!answer.labels.isEmpty || !answer.dimensions.isEmpty, "an answer says nothing")
  require(answer.labels.allSatisfy { !$0.isEmpty }, "a label has no name")
  require(answer.dimensions.values.allSatisfy(\.isFinite), "a dimension has no value")
}

private func require(_ condition: Bool, _ message: String) {
  if !condition { fatalError(message) }
}

/// The folder inputs are written to: in memory where the system has such a place.
private let folder: String = {
  let place = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
  var name = Array("\(place)/undertone-fuzz-XXXXXX".utf8CString)
  guard mkdtemp(&name) != nil else { fatalError("no folder can be made in \(place)") }
  return String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
}()

private let target: Target = {
  let name = getenv("UNDERTONE_FUZZ").map { String(cString: $0) } ?? ""
  guard let target = targets[name] else {
    fatalError("UNDERTONE_FUZZ must be one of \(targets.keys.sorted().joined(separator: ", "))")
  }
  for file in target.files {
    var path = folder
    for part in file.split(separator: "/").dropLast() {
      path += "/\(part)"
      mkdir(path, 0o700)
    }
  }
  return target
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = UnsafeBufferPointer(start: start, count: count)
  let parts = input.split(
    separator: 0x1D, maxSplits: target.files.count - 1, omittingEmptySubsequences: false)
  for (place, file) in target.files.enumerated() {
    write(place < parts.count ? Array(parts[place]) : [], to: "\(folder)/\(file)")
  }
  do {
    try target.read(folder + target.path)
  } catch let error as CorpusError {
    require(!error.file.isEmpty && !error.message.isEmpty, "an error says nothing")
  } catch {
    fatalError("an error that is not for people: \(error)")
  }
  return 0
}

private func write(_ bytes: [UInt8], to path: String) {
  let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
  var written = 0
  bytes.withUnsafeBytes { bytes in
    while written < bytes.count {
      let count = Glibc.write(
        descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
      guard count > 0 else { fatalError("\(path) cannot be written") }
      written += count
    }
  }
  close(descriptor)
}
