/// Where the parts of a release are.
struct IEMOCAPRelease {
  /// The folder that paths start from: the release's, also for a single session, so that a session
  /// imported alone and with the others has the same paths.
  let root: String
  /// The sessions' folders below it.
  let sessions: [String]

  /// `nil` where there is no session at the path, in it, or in a release folder in it.
  init?(_ path: String) {
    var path = path
    while path.hasSuffix("/") && path.count > 1 { path.removeLast() }
    if Self.isSession(path) {
      let name = FileSystem.lastComponent(FileSystem.resolved(path) ?? path)
      root = FileSystem.folder(of: FileSystem.resolved(path) ?? path)
      sessions = [name]
      return
    }
    for folder in [path, "\(path)/IEMOCAP_full_release"] {
      let sessions = FileSystem.names(in: folder).filter { Self.isSession("\(folder)/\($0)") }
      if !sessions.isEmpty {
        root = folder
        self.sessions = sessions
        return
      }
    }
    return nil
  }

  private static func isSession(_ folder: String) -> Bool {
    FileSystem.isFolder("\(folder)/dialog/EmoEvaluation")
  }

  /// The ids of a session's dialogues: those with labels or a transcript.
  func dialogues(of session: String) -> [String] {
    var ids: Set<String> = []
    for folder in ["EmoEvaluation", "transcriptions"] {
      for name in FileSystem.names(in: "\(root)/\(session)/dialog/\(folder)")
      where name.hasSuffix(".txt") && IEMOCAPNames.isDialogue(name.dropLast(4)) {
        ids.insert(String(name.dropLast(4)))
      }
    }
    return ids.sorted()
  }

  /// The files of labels and text of a dialogue, relative to the root.
  func files(of dialogue: String, in session: String) -> [String] {
    ["EmoEvaluation", "transcriptions"].map { "\(session)/dialog/\($0)/\(dialogue).txt" }
  }
}
