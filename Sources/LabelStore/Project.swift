public import Dialogues
internal import GRDB

/// A project: one SQLite file with the corpora, what people said about their turns, and what models
/// suggest; everything but the sound.
///
/// What people do is a log of events that only grows; the present state is a function of it
/// (``RaterLog``). A verb returns when its event is on disk, also if the power fails right after
/// it (`synchronous = FULL` on a write-ahead log). Any thread may call any method; several
/// processes may have the file open at once. All methods block: call them from a queue of your own
/// where a wait for the disk would be felt. Every error is a ``ProjectError``, save those thrown by
/// closures handed in.
public final class Project: Sendable {
  /// The path the project was opened with.
  public let path: String
  /// Why nothing can be changed, as a sentence; `nil` if the project can be changed.
  public let readOnlyReason: String?
  /// What is recorded with each event as the program that wrote it.
  let program: String

  let connections: Connections

  init(path: String, readOnlyReason: String?, program: String, connections: Connections) {
    self.path = path
    self.readOnlyReason = readOnlyReason
    self.program = program
    self.connections = connections
  }

  deinit {
    try? connections.close()
  }

  /// Closes the project; nothing can be called afterwards.
  ///
  /// The last one to close it moves what is in SQLite's log beside the file into the file itself,
  /// which can then be copied alone. Without this call that happens when the project is deallocated,
  /// and after a crash when it is next opened and closed.
  public func close() throws {
    try ProjectError.explaining(path) { try connections.close() }
  }

  /// Reads, at one moment in the file's history, beside whoever writes.
  func read<T>(
    _ use: Connections.Use = .short, _ work: (Database) throws -> T
  ) throws -> T {
    try ProjectError.explaining(path) { try connections.reader(use).read(work) }
  }

  /// Writes in one immediate transaction, which is on disk on return or has not happened.
  func write<T>(_ work: (Database) throws -> T) throws -> T {
    try requireWritable()
    return try ProjectError.explaining(path) { try connections.main.write(work) }
  }

  /// Refuses if the project is open for reading only.
  func requireWritable() throws {
    if let readOnlyReason { throw ProjectError(.readOnly, readOnlyReason) }
  }
}

extension Project {
  /// What a project is about.
  public struct Information: Equatable, Sendable {
    /// The project's name, for people.
    public var name: String
    /// The labels and dimensions people choose from.
    public var scheme: LabelScheme
    /// How the work of its raters is arranged, and what they may see.
    public var study: StudyDesign
    /// The imported corpora, in the order they were first imported.
    public var corpora: [Corpus]
    /// How many dialogues there are.
    public var dialogues: Int
    /// How many turns there are.
    public var turns: Int
  }

  /// An imported collection.
  public struct Corpus: Equatable, Sendable {
    /// Its name, the first part of its turns' keys.
    public var name: String
    /// The folder that audio paths are relative to, as given at import.
    public var root: String
    /// The same folder as a path that can be opened: where ``root`` is relative, it is so to the
    /// folder of the project file.
    public var folder: String
    /// How many dialogues it has.
    public var dialogues: Int
    /// How many turns it has.
    public var turns: Int
    /// Equal in two projects if, but for chance (2⁻⁶⁴), they hold the same dialogues of this corpus
    /// with the same speakers and texts.
    public var fingerprint: UInt64
  }

  /// What the project is about.
  public func information() throws -> Information {
    try read { db in
      guard
        let row = try db.row(
          "SELECT name, scheme, study, dialogue_count, turn_count FROM project")
      else {
        throw ProjectError(
          .damaged, "\(path): the project's settings are gone; take a backup copy.")
      }
      let corpora = try db.rows(
        "SELECT name, root, dialogue_count, turn_count, fingerprint FROM corpus ORDER BY id"
      ).map { row in
        Corpus(
          name: try row.text(0), root: try row.text(1), folder: folder(ofRoot: try row.text(1)),
          dialogues: try row.count(2), turns: try row.count(3),
          fingerprint: UInt64(bitPattern: try row.integer(4)))
      }
      return Information(
        name: try row.text(0), scheme: try StoredText.scheme(try row.text(1), path: path),
        study: try StoredText.study(try row.text(2), path: path), corpora: corpora,
        dialogues: try row.count(3), turns: try row.count(4))
    }
  }

  /// Changes how the work is arranged and what annotators may see, from now on.
  ///
  /// What was visible is in each rating's conditions, and what raters were given stays theirs.
  ///
  /// - Throws: ``ProjectError`` with the design's fault if it has one.
  public func setStudy(_ design: StudyDesign) throws {
    if let fault = design.fault { throw ProjectError(.refused, "\(path): \(fault)") }
    let text = try StoredText.text(of: design)
    try write { db in try db.run("UPDATE project SET study = ?", text) }
  }

  /// Changes the labels, dimensions and guidelines from now on. Answers given before keep their
  /// labels, also where the new scheme does not have them.
  public func setScheme(_ scheme: LabelScheme) throws {
    let text = try StoredText.text(of: scheme)
    try write { db in try db.run("UPDATE project SET scheme = ?", text) }
  }

  /// Tells the project where a corpus's sound lies on this machine.
  ///
  /// - Parameters:
  ///   - name: the corpus.
  ///   - root: the folder, absolute or relative to the folder of the project file.
  public func moveCorpus(_ name: String, to root: String) throws {
    try write { db in
      try db.run("UPDATE corpus SET root = ? WHERE name = ?", root, name)
      guard db.changesCount == 1 else {
        throw ProjectError(.refused, "\(path): it has no corpus “\(name)”.")
      }
    }
  }

  func folder(ofRoot root: String) -> String {
    if root.hasPrefix("/") { return root }
    let folder = FilePlace(path).folder
    return root.isEmpty || root == "." ? folder : "\(folder)/\(root)"
  }
}
