internal import Dialogues

/// MELD, and its two-speaker variant MELD_Dyadic: a folder with the CSV files, and the clips if they
/// are there; or one CSV file.
///
/// Ids restart in each split, so the split is part of a turn's identity. MELD_Dyadic cuts MELD's
/// dialogues anew and numbers them anew, so its turns are filed under a corpus of their own; the
/// columns `Old_…` say which turn of MELD each is, and name its clip.
struct MELDImporter: CorpusImporter {
  let name = "meld"
  let summary = "MELD or MELD_Dyadic: a folder with the CSV files and clips, or one CSV file"

  func recognise(_ path: String) -> String? {
    if FileSystem.isFolder(path) {
      let tables = MELDFolder(path).tables.filter { !$0.isFromMELT }
      guard let first = tables.first else { return nil }
      return
        "it holds \(tables.count) CSV file\(tables.count == 1 ? "" : "s") with MELD's columns, "
        + "the first is \(FileSystem.lastComponent(first.path))"
    }
    guard let header = MELDTable.header(path), !header.contains("llm_label") else { return nil }
    return "its header has MELD's columns"
  }

  func read(_ path: String, into run: ImportRun) throws {
    try MELDFolder(path).read(isMELT: false, into: run)
  }
}

/// MELT: MELD's turns with GPT-4o's label, by default a rater of its own beside MELD's consensus.
///
/// Its ids are MELD's, so its turns are filed under MELD: importing both puts the machine's ratings
/// beside the people's on the same turns.
struct MELTImporter: CorpusImporter {
  let name = "melt"
  let summary = "MELT: MELD's turns with GPT-4o's labels; a folder with the CSV files, or one"

  func recognise(_ path: String) -> String? {
    if FileSystem.isFolder(path) {
      let tables = MELDFolder(path).tables.filter(\.isFromMELT)
      return tables.isEmpty ? nil : "it holds CSV files with MELD's columns and llm_label"
    }
    guard let header = MELDTable.header(path), header.contains("llm_label") else { return nil }
    return "its header has MELD's columns and llm_label"
  }

  func read(_ path: String, into run: ImportRun) throws {
    try MELDFolder(path).read(isMELT: true, into: run)
  }
}

/// The CSV files with MELD's columns in a folder.
struct MELDFolder {
  /// One of them.
  struct Table {
    var path: String
    var isFromMELT: Bool
    var isDyadic: Bool
    var split: String?
  }

  let path: String
  /// The folder that the clips' folders lie in.
  let root: String
  let tables: [Table]
  /// Why further CSV files there cannot be read.
  let failures: [CorpusError]

  /// Where the repository and the release keep the files.
  private static let folders = [
    "", "train", "dev", "test", "data/MELD", "data/MELD_Dyadic", "MELD", "MELD.Raw",
  ]

  /// Looks for the files; a path that is a file is its own only table.
  init(_ path: String) {
    self.path = path
    guard FileSystem.isFolder(path) else {
      let folder = FileSystem.folder(of: path)
      let isInSplit = ["train", "dev", "test"].contains(FileSystem.lastComponent(folder))
      root = isInSplit ? FileSystem.folder(of: folder) : folder
      tables = MELDTable.header(path).map { [Self.table(path, $0)] } ?? []
      failures = []
      return
    }
    root = path
    var tables: [Table] = []
    var failures: [CorpusError] = []
    for folder in Self.folders {
      let place = folder.isEmpty ? path : "\(path)/\(folder)"
      for name in FileSystem.names(in: place) where FileSystem.fileExtension(name) == "csv" {
        do throws(CorpusError) {
          let header = try CSVReader(path: "\(place)/\(name)").columns
          guard MELDTable.columns.allSatisfy(header.contains) else { continue }
          tables.append(Self.table("\(place)/\(name)", header))
        } catch {
          failures.append(error)
        }
      }
    }
    self.tables = tables
    self.failures = failures
  }

  private static func table(_ path: String, _ header: [String]) -> Table {
    Table(
      path: path, isFromMELT: header.contains("llm_label"),
      isDyadic: header.contains("Old_Dialogue_ID"),
      split: MELDTable.split(of: FileSystem.stem(FileSystem.lastComponent(path)))
        ?? MELDTable.split(of: FileSystem.lastComponent(FileSystem.folder(of: path))))
  }

  /// Reads the tables of one of the two corpora.
  func read(isMELT: Bool, into run: ImportRun) throws {
    var tables = tables.filter { $0.isFromMELT == isMELT }
    if tables.isEmpty, !FileSystem.isFolder(path) {
      // Says which column is missing, or why the file cannot be read, once it is opened as a table.
      tables = [Table(path: path, isFromMELT: isMELT, isDyadic: false, split: run.options.split)]
    }
    guard !tables.isEmpty else {
      throw CorpusError(
        file: path,
        message: "no CSV file in it has the columns "
          + MELDTable.columns.joined(separator: ", ") + "; name the folder that holds "
          + (isMELT ? "meld_train.csv." : "train_sent_emo.csv.")
          + (failures.first.map { " \($0)" } ?? ""))
    }
    for failure in failures {
      try run.warn(.unreadableFile, failure.file, row: failure.row, failure.message)
    }
    run.setScheme(.meld)
    let root = try AudioRoot(root)
    run.summary.root = root.path
    var seen: Set<String> = []
    for table in order(tables) {
      let corpus = table.isDyadic ? "MELD_Dyadic" : "MELD"
      let split = run.options.split ?? table.split ?? ""
      if split.isEmpty {
        try run.warn(
          .choice, table.path,
          "the file's name says neither train, dev nor test, so its turns have no split; give one "
            + "with --split, or they will not be the same turns as those of others.")
      }
      guard seen.insert("\(corpus)/\(split)").inserted else {
        try run.warn(
          .choice, table.path, "another file already gave \(corpus) \(split); this one is not read."
        )
        continue
      }
      let clips = MELDClips(root: root, split: split)
      if clips == nil {
        try run.warn(
          .missingFile, table.path,
          split.isEmpty
            ? "there are no clips dia…_utt… beside it; its turns are text only."
            : "there are no clips in \(MELDClips.usualFolders(split)[0]) beside it; the \(split) turns "
              + "are text only.")
      }
      try MELDTable(
        path: table.path,
        kind: MELDTable.Kind(
          corpus: corpus,
          modelColumn: ("llm_label", run.options.rater ?? Rater(name: "gpt-4o", kind: .llm)),
          isHalved: isMELT),
        split: split, clips: clips
      ).read(into: run)
    }
  }

  /// Train, dev, test: the order of the papers, whatever the names' order is.
  private func order(_ tables: [Table]) -> [Table] {
    let rank = ["train": 0, "dev": 1, "test": 2]
    return tables.enumerated().sorted {
      (rank[$0.element.split ?? ""] ?? 3, $0.offset) < (
        rank[$1.element.split ?? ""] ?? 3, $1.offset
      )
    }.map(\.element)
  }
}
