internal import Dialogues

/// IEMOCAP: the release folder with `Session1` to `Session5`, or one session's folder.
///
/// Each dialogue is read from `EmoEvaluation` (labels, raters, times) and `transcriptions` (text), and
/// its turns are ordered by start time: the files list one speaker after the other. A turn plays its
/// own file from `sentences/wav`; most neighbours overlap, so nothing is cut from the dialogue.
///
/// The consensus becomes the rater `IEMOCAP`, its dimensions the means of its raters' answers rather
/// than the shipped means, some of which count an empty answer as 0. A turn without majority (`xxx`)
/// has no such rating. Evaluators become `IEMOCAP/E1`…, the speakers' ratings of themselves
/// `IEMOCAP/self`. Comments, the code and the shipped means are kept as metadata.
struct IEMOCAPImporter: CorpusImporter {
  let name = "iemocap"
  let summary = "IEMOCAP: the release folder with Session1 to Session5, or one session's folder"

  func recognise(_ path: String) -> String? {
    guard let release = IEMOCAPRelease(path) else { return nil }
    return
      "it has \(release.sessions.count) session folder\(release.sessions.count == 1 ? "" : "s") "
      + "with dialog/EmoEvaluation"
  }

  func read(_ path: String, into run: ImportRun) throws {
    guard FileSystem.isFolder(path) else {
      _ = try ByteFile(path)
      throw CorpusError(
        file: path,
        message: "IEMOCAP is read from a folder: the release, or one session of it.")
    }
    guard let release = IEMOCAPRelease(path) else {
      throw CorpusError(
        file: path,
        message: "neither it nor a Session folder in it has dialog/EmoEvaluation; name the folder "
          + "that holds Session1.")
    }
    run.setScheme(.iemocap)
    run.summary.root = FileSystem.resolved(release.root) ?? release.root
    let dialogues = release.sessions.map { ($0, release.dialogues(of: $0)) }
    for (session, ids) in dialogues {
      for id in ids {
        for file in release.files(of: id, in: session) {
          run.expect(bytes: FileSystem.size("\(release.root)/\(file)") ?? 0)
        }
      }
    }
    for (session, ids) in dialogues {
      if ids.isEmpty {
        try run.warn(
          .missingFile, "\(release.root)/\(session)", "it holds no dialogue with IEMOCAP's names.")
      }
      let hasSound = FileSystem.isFolder("\(release.root)/\(session)/sentences/wav")
      if !hasSound {
        try run.warn(
          .missingFile, "\(release.root)/\(session)",
          "sentences/wav is not there; its turns are text only.")
      }
      for id in ids {
        var dialogue = IEMOCAPDialogue(
          id: id, session: session, release: release, hasSound: hasSound, run: run)
        try dialogue.read()
        for file in release.files(of: id, in: session) {
          run.advance(bytes: FileSystem.size("\(release.root)/\(file)") ?? 0)
        }
      }
    }
  }
}
