internal import Dialogues

/// The files of a format that has one a dialogue: TextGrids, ELAN documents.
struct DialogueFiles {
  /// The files, in byte order of their names.
  let files: [String]
  /// The folder that audio paths start from.
  let root: AudioRoot
  /// What the corpus is called where no folder says it.
  let corpus: String
  /// The kinds of raters that `undertone.json`, in a folder we exported, names.
  let kinds: [String: Rater.Kind]
  private let folder: String

  /// - Parameter endings: the format's extensions, in lower case.
  init(_ path: String, endings: [String], options: ImportOptions) throws(CorpusError) {
    files = Self.files(path, endings: endings)
    let folder = FileSystem.isFolder(path) ? path : FileSystem.folder(of: path)
    self.folder = folder
    kinds = Self.kinds(folder)
    guard !files.isEmpty else {
      throw CorpusError(
        file: path,
        message: "no file in it ends in \(endings.map { ".\($0)" }.joined(separator: " or ")).")
    }
    root = try AudioRoot(options.root ?? folder)
    let name = FileSystem.resolved(folder).map(FileSystem.lastComponent) ?? ""
    corpus = options.corpus ?? (name.isEmpty ? "corpus" : name)
  }

  private static func kinds(_ folder: String) -> [String: Rater.Kind] {
    guard let bytes = try? FileSystem.contents("\(folder)/\(OutputFolder.description)") else {
      return [:]
    }
    var parser = JSONParser(bytes[...])
    var kinds: [String: Rater.Kind] = [:]
    for rater in (try? parser.parse())?.members?["raters"]?.list ?? [] {
      guard let name = rater.members?["name"]?.text,
        let kind = rater.members?["kind"]?.text.flatMap(Rater.Kind.init(rawValue:))
      else { continue }
      kinds[name] = kind
    }
    return kinds
  }

  /// Says whether a path is a file of a format, or a folder with some; `nil` for any other.
  ///
  /// - Parameters:
  ///   - endings: the format's extensions, in lower case.
  ///   - noun: what one such file is called, with its article: `a TextGrid`.
  static func recognise(_ path: String, endings: [String], as noun: String) -> String? {
    let files = files(path, endings: endings).filter {
      endings.contains(FileSystem.fileExtension($0)) && FileSystem.isFile($0)
    }
    guard !files.isEmpty else { return nil }
    if !FileSystem.isFolder(path) { return "it is named like \(noun)" }
    let bare = noun.drop { $0 != " " }
    return files.count == 1 ? "it holds \(noun)" : "it holds \(files.count)\(bare)s"
  }

  /// The files of a format in a folder and two levels below; a path that is a file is its own only
  /// one.
  private static func files(_ path: String, endings: [String]) -> [String] {
    guard FileSystem.isFolder(path) else { return [path] }
    return files(in: path, endings: endings, levels: 2)
  }

  private static func files(in folder: String, endings: [String], levels: Int) -> [String] {
    FileSystem.names(in: folder).flatMap { name -> [String] in
      let path = "\(folder)/\(name)"
      if endings.contains(FileSystem.fileExtension(name)) { return [path] }
      // A link may lead round in a circle.
      guard levels > 0, FileSystem.isFolder(path), !FileSystem.isLink(path) else { return [] }
      return files(in: path, endings: endings, levels: levels - 1)
    }
  }

  /// The dialogue of a file: named like it, its split like the folder it is in, its corpus like the
  /// one above that, where there are any below the folder that was named.
  ///
  /// So our exports come back as what they were, and a folder with `train` and `dev` is what it seems.
  private func key(of file: String, options: ImportOptions) -> DialogueKey {
    let inside = partsBelowFolder(file).map { $0 == "_" ? "" : PercentEncoding.decoded($0) }
    let stem = FileSystem.stem(inside.last ?? FileSystem.lastComponent(file))
    let split = inside.count > 1 ? inside[inside.count - 2] : ""
    let corpus = inside.count > 2 ? inside[inside.count - 3] : ""
    return DialogueKey(
      corpus: options.corpus ?? (corpus.isEmpty ? self.corpus : corpus),
      split: options.split ?? split, dialogue: stem.isEmpty ? "_" : stem)
  }

  /// The parts of a file's path below the folder that was named.
  private func partsBelowFolder(_ file: String) -> [String] {
    guard file.hasPrefix("\(folder)/") else { return [FileSystem.lastComponent(file)] }
    return file.utf8.dropFirst(folder.utf8.count).split(separator: UInt8(ascii: "/"))
      .map { String(Substring($0)) }
  }

  /// Reads file after file, each a dialogue.
  ///
  /// A file that cannot be read is skipped where there are others; a strict import ends with it.
  ///
  /// - Parameter body: takes a file, its text as UTF-8 and the key of its dialogue.
  func read(
    into run: ImportRun,
    _ body: (_ file: String, _ text: [UInt8], _ key: DialogueKey) throws -> Void
  ) throws {
    run.summary.root = root.path
    run.setScheme(nil)
    let keys = files.map { key(of: $0, options: run.options) }
    if run.options.corpus == nil, keys.contains(where: { $0.corpus == corpus }) {
      try run.warn(
        .choice, files[0],
        "turns are filed under \(quoted(corpus)), after the folder; projects merge only where the name "
          + "is the same, and --corpus NAME sets it.")
    }
    for file in files { run.expect(bytes: FileSystem.size(file) ?? 0) }
    for (file, key) in zip(files, keys) {
      if run.isNew(key) {
        do {
          try body(file, text(of: file, run: run), key)
        } catch let error as CorpusError where files.count > 1 && error.file == file {
          try run.warn(.unreadableFile, file, row: error.row, error.message)
        }
      } else {
        try run.warn(
          .duplicate, file, "another file already gave this dialogue; this one is not read.")
      }
      run.advance(bytes: FileSystem.size(file) ?? 0)
    }
    run.summary.scheme =
      run.options.scheme ?? ManifestImporter.scheme(for: run.summary.labels, corpus: corpus)
  }

  private func text(of file: String, run: ImportRun) throws -> [UInt8] {
    let (text, isClean) = TextDecoding.document(try FileSystem.contents(file))
    if text.allSatisfy(isSpace) { throw CorpusError(file: file, message: "it is empty.") }
    if !isClean {
      try run.warn(
        .encoding, file, "it is neither UTF-8 nor UTF-16 throughout; check its accents and quotes.")
    }
    return text
  }

  /// The recording of a dialogue: one of the names given, else one named like the file.
  ///
  /// Reported, and counted as missing for the file, where there is none.
  func recording(of file: String, named names: [String] = [], run: ImportRun) throws -> String? {
    let stem = FileSystem.stem(FileSystem.lastComponent(file))
    let usual = ["wav", "flac", "ogg", "opus", "mp3", "m4a", "mp4"].map { "\(stem).\($0)" }
    // A name counts from the file's own folder, or from the one that was named.
    let beside = partsBelowFolder(file).dropLast().map { "\($0)/" }.joined()
    for name in names + usual {
      for place in beside.isEmpty ? [""] : [beside, ""] {
        if case .found(let path) = root.find(place + name) { return path }
      }
    }
    try run.warn(
      .missingFile, file,
      names.first.map { "its recording \(quoted($0)) is not there; the turns are text only." }
        ?? "there is no recording named like it; the turns are text only.")
    return nil
  }
}
