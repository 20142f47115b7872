internal import Dialogues

/// The clips of one split of MELD's audio and video release.
struct MELDClips {
  /// The folder, relative to the root of the corpus.
  let folder: String
  private let split: String
  private let names: Set<String>

  /// Where the release and common copies of it keep a split's clips.
  static func usualFolders(_ split: String) -> [String] {
    let distributed =
      switch split {
      case "train": "train_splits"
      case "dev": "dev_splits_complete"
      case "test": "output_repeated_splits_test"
      default: split
      }
    return [
      "\(split)/\(distributed)", distributed, "\(split)_splits", "audio/\(split)", "wav/\(split)",
      "clips/\(split)", split,
    ]
  }

  /// Files in the order they are preferred: what plays without a video decoder first.
  private static let extensions = ["wav", "flac", "ogg", "opus", "mp3", "m4a", "mp4"]

  /// The clips of a split below `root`; `nil` if none of the usual folders has any.
  init?(root: AudioRoot, split: String) {
    for folder in Self.usualFolders(split) where FileSystem.isFolder("\(root.path)/\(folder)") {
      guard let real = FileSystem.resolved("\(root.path)/\(folder)"),
        real == root.path || real.hasPrefix(root.path + "/")
      else { continue }
      let names = FileSystem.names(in: "\(root.path)/\(folder)")
      if names.contains(where: { $0.hasPrefix("dia") && $0.contains("_utt") }) {
        self.folder = folder
        self.split = split
        self.names = Set(names)
        return
      }
    }
    return nil
  }

  /// The clip of a turn, counted and, where it is absent or known to be broken, reported.
  func find(
    dialogue: String, utterance: String, row: Int, of path: String, run: ImportRun
  ) throws -> AudioSpan {
    let stem = "dia\(dialogue)_utt\(utterance)"
    if let name = name(stem) {
      run.countAudio()
      if split == "train", stem == "dia125_utt3" {
        try run.warn(
          .brokenAudio, path, row: row,
          "\(folder)/\(name) is unreadable in MELD's release; unless yours was repaired, the turn "
            + "will be silent.")
      }
      return AudioSpan(path: "\(folder)/\(name)")
    }
    try run.missAudio(path, row: row, "\(folder)/\(stem).mp4 is not there; the turn is silent.")
    return AudioSpan(path: "\(folder)/\(stem).mp4")
  }

  /// The file of a turn.
  ///
  /// In the test split, about 130 clips are wrong and the right ones stand beside them, named
  /// `final_videos_test…`.
  private func name(_ stem: String) -> String? {
    for prefix in split == "test" ? ["final_videos_test", ""] : [""] {
      for ending in Self.extensions where names.contains("\(prefix)\(stem).\(ending)") {
        return "\(prefix)\(stem).\(ending)"
      }
    }
    return nil
  }
}
