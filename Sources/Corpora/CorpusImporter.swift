/// A corpus format that can be read.
///
/// One file a format; ``CorpusFormats`` holds the list.
public protocol CorpusImporter: Sendable {
  /// The name on the command line, such as `meld`.
  var name: String { get }
  /// What it reads, for the help, such as `MELD: a folder with its CSV files, or one of them`.
  var summary: String { get }
  /// Looks at a file or folder, and says in one sentence what makes it this format; `nil` where
  /// nothing does. Reads no more than folder listings and a file's first row.
  func recognise(_ path: String) -> String?
  /// Reads the corpus into `run`: see ``read(_:options:consume:warn:progress:)``.
  func read(_ path: String, into run: ImportRun) throws
}

extension CorpusImporter {
  /// Reads a corpus, one dialogue at a time, each whole and with its ratings.
  ///
  /// Memory does not grow with the corpus beyond a few bytes a dialogue.
  ///
  /// - Parameters:
  ///   - path: a file or folder, as the person named it.
  ///   - options: what the person asked for.
  ///   - consume: takes each dialogue; what it throws ends the import and comes out unchanged.
  ///   - warn: takes each warning as it comes; there may be one a row. The summary counts them.
  ///   - progress: takes the fraction of the bytes read, at most a hundred times.
  /// - Returns: what was found.
  /// - Throws: ``CorpusError`` for what is wrong with the path or, with
  ///   ``ImportOptions/isStrict``, with the first wrong row.
  public func read(
    _ path: String, options: ImportOptions = ImportOptions(),
    consume: @escaping (ImportedDialogue) throws -> Void,
    warn: @escaping (ImportWarning) -> Void = { _ in },
    progress: @escaping (Double) -> Void = { _ in }
  ) throws -> ImportSummary {
    let run = ImportRun(options: options, consume: consume, warn: warn, progress: progress)
    try read(path, into: run)
    run.finish()
    return run.summary
  }
}

/// The formats that can be imported.
public enum CorpusFormats {
  /// All of them, the most particular first: the order in which ``recognise(_:)`` asks.
  public static let all: [any CorpusImporter] = [
    IEMOCAPImporter(),
    MELTImporter(),
    MELDImporter(),
    EmoryNLPImporter(),
    LabelStudioImporter(),
    AudformatImporter(),
    EAFImporter(),
    TextGridImporter(),
    ManifestImporter(),
  ]

  /// The importer of that name; `nil` if there is none.
  public static func named(_ name: String) -> (any CorpusImporter)? {
    all.first { $0.name == name }
  }

  /// The importer for a path, and one sentence on why; `nil` if no format recognises it.
  public static func recognise(_ path: String) -> (importer: any CorpusImporter, reason: String)? {
    for importer in all {
      if let reason = importer.recognise(path) { return (importer, reason) }
    }
    return nil
  }
}
