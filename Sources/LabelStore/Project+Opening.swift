public import Dialogues
internal import GRDB
internal import Glibc

extension Project {
  /// Opens a project.
  ///
  /// A file that may not be written to is opened for reading, and ``readOnlyReason`` says why.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - readOnly: whether to change nothing, not even where it would be allowed.
  ///   - program: what to record with each event as the program that wrote it.
  /// - Throws: ``ProjectError`` if the file is missing, is not a project, is damaged, or was written
  ///   by a newer version. The file is not touched then.
  public static func open(
    at path: String, readOnly: Bool = false, program: String = "undertone"
  ) throws -> Project {
    let file = FilePlace(path)
    guard file.exists else {
      throw ProjectError(
        .missing,
        "\(path): there is no such file; check the name, or create the project with "
          + "`undertone import`.")
    }
    guard file.isRegularFile else {
      throw ProjectError(
        .notAProject,
        "\(path): it is \(file.isFolder ? "a folder" : "not a regular file"), not a project; name a "
          + ".undertone file.")
    }
    guard file.isReadable else {
      throw ProjectError(
        .noPermission, "\(path): you may not read it; ask its owner for permission.")
    }
    let reason =
      readOnly ? "\(path): it was opened for reading only." : reasonNotToWrite(to: file, path)
    return try connect(to: file, path: path, readOnlyReason: reason, program: program)
  }

  private static func reasonNotToWrite(to file: FilePlace, _ path: String) -> String? {
    if !file.isWritable {
      return "\(path): you may not write to it, so nothing can be changed; copy it to a folder of "
        + "your own, or ask its owner for permission."
    }
    if !file.folderIsWritable {
      return "\(path): you may not write to its folder, which SQLite needs for its log, so nothing "
        + "can be changed; copy the file to a folder of your own."
    }
    return nil
  }

  /// Creates a project and opens it.
  ///
  /// The file appears under its name only when it is complete, with `fill`'s work in it; until then
  /// it is a hidden file beside it, which is removed if anything fails. Only its owner may read it
  /// (mode 0600).
  ///
  /// - Parameters:
  ///   - path: the file, which must not exist.
  ///   - name: the project's name, for people.
  ///   - scheme: the labels and dimensions people choose from.
  ///   - study: how the work of its raters is arranged, and what they may see.
  ///   - program: what to record with each event as the program that wrote it.
  ///   - fill: what belongs to the creation, such as a first import; if it throws, there is no
  ///     project.
  public static func create(
    at path: String, name: String, scheme: LabelScheme,
    study: StudyDesign = StudyDesign(), program: String = "undertone",
    fill: (Project) throws -> Void = { _ in }
  ) throws -> Project {
    let file = FilePlace(path)
    guard !file.exists else {
      throw ProjectError(
        .exists, "\(path): there is already a file of that name; choose another name, or open it.")
    }
    guard file.folderExists else {
      throw ProjectError(.missing, "\(path): there is no folder \(file.folder); create it first.")
    }
    guard file.folderIsWritable else {
      throw ProjectError(
        .noPermission, "\(path): you may not write to the folder \(file.folder); choose another.")
    }
    let draft = FilePlace(
      "\(file.folder)/.\(file.name).new-\(String(UInt32.random(in: 0...(.max)), radix: 36))")
    defer {
      for suffix in ["", "-wal", "-shm", "-journal"] { unlink(draft.absolute + suffix) }
    }
    if let fault = study.fault { throw ProjectError(.refused, "\(path): \(fault)") }
    try layOut(draft, path: path, name: name, scheme: scheme, study: study)
    let project = try connect(to: draft, path: path, readOnlyReason: nil, program: program)
    do {
      try fill(project)
    } catch {
      try? project.close()
      throw error
    }
    try project.close()
    try publish(draft, as: file, path: path)
    return try open(at: path, program: program)
  }

  private static func layOut(
    _ draft: FilePlace, path: String, name: String, scheme: LabelScheme, study: StudyDesign
  ) throws {
    let descriptor = Glibc.open(
      draft.absolute, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR)
    guard descriptor >= 0 else {
      throw ProjectError(
        .noPermission, "\(path): it cannot be created (\(FilePlace.failure)); choose another place."
      )
    }
    Glibc.close(descriptor)
    let scheme = try StoredText.text(of: scheme)
    let study = try StoredText.text(of: study)
    try ProjectError.explaining(path) {
      let queue = try DatabaseQueue(path: draft.absolute)
      try queue.writeWithoutTransaction { db in
        try db.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
        try db.execute(sql: "PRAGMA journal_mode = WAL")
      }
      try Schema.migrator.migrate(queue)
      try queue.write { db in
        try db.run(
          "INSERT INTO project (id, name, scheme, study) VALUES (1, ?, ?, ?)",
          StoredText.clean(name), scheme, study)
      }
      try queue.close()
    }
  }

  /// Gives the finished draft its name, without ever replacing a file that came in between.
  private static func publish(_ draft: FilePlace, as file: FilePlace, path: String) throws {
    if link(draft.absolute, file.absolute) == 0 {
      file.syncFolder()
      return
    }
    // Some file systems (FAT, some network shares) have no hard links.
    guard errno != EEXIST, !file.exists, rename(draft.absolute, file.absolute) == 0 else {
      throw ProjectError(
        .exists, "\(path): it cannot be created (\(FilePlace.failure)); choose another name.")
    }
    file.syncFolder()
  }

  private static func connect(
    to file: FilePlace, path: String, readOnlyReason: String?, program: String
  ) throws -> Project {
    var configuration = Configuration()
    configuration.label = "Project"
    configuration.readonly = readOnlyReason != nil
    configuration.busyMode = .callback { waited in
      // Writers hold the lock for milliseconds, so the first second is tried often: SQLite's own
      // timeout soon sleeps for 100 ms at a time, which a typist would feel.
      usleep(waited < 1000 ? 1000 : 20_000)
      return waited < 2000
    }
    configuration.prepareDatabase { db in
      try check(db, path: path)
      try db.execute(
        sql: """
          PRAGMA cache_size = -2000; PRAGMA mmap_size = 0; PRAGMA cell_size_check = ON;
          PRAGMA journal_size_limit = 4194304; PRAGMA synchronous = FULL;
          """)
    }
    return try ProjectError.explaining(path) {
      let connections = try Connections(
        location: location(of: file, readOnly: configuration.readonly),
        configuration: configuration)
      if readOnlyReason == nil,
        try connections.main.read({ try $0.integer("PRAGMA user_version") })
          != Int64(Schema.version)
      {
        try Schema.migrator.migrate(connections.main)
      }
      return Project(
        path: path, readOnlyReason: readOnlyReason, program: program, connections: connections)
    }
  }

  /// What to hand to SQLite: a plain path, or the promise that nobody changes the file, without
  /// which it reads no write-ahead-log database in a folder it may not write to.
  ///
  /// https://www.sqlite.org/wal.html#read_only_databases
  private static func location(of file: FilePlace, readOnly: Bool) -> String {
    guard readOnly, !file.folderIsWritable, FilePlace(file.absolute + "-wal").size == 0 else {
      return file.absolute
    }
    return "file:\(uriEscaped(file.absolute))?immutable=1"
  }

  private static func uriEscaped(_ path: String) -> String {
    path.replacing("%", with: "%25").replacing("?", with: "%3f").replacing("#", with: "%23")
  }

  /// Refuses what is not a project of this or an earlier version, before anything is written.
  private static func check(_ db: Database, path: String) throws {
    let mark: Int64?
    do {
      mark = try db.integer("PRAGMA application_id")
    } catch let error as DatabaseError where error.resultCode == .SQLITE_NOTADB {
      throw ProjectError(
        .notAProject, "\(path): it is not an Undertone project; name a .undertone file.")
    }
    guard mark == Int64(Schema.applicationID) else {
      throw ProjectError(
        .notAProject, "\(path): it is not an Undertone project; name a .undertone file.")
    }
    let version = try db.integer("PRAGMA user_version") ?? 0
    guard version <= Int64(Schema.version) else {
      throw ProjectError(
        .newer,
        "\(path): it was written by a newer Undertone (format \(version), this one knows "
          + "\(Schema.version)); update the program.")
    }
    // A read-only project cannot be brought up to date; an older format would be read wrongly.
    guard version == Int64(Schema.version) || !db.configuration.readonly else {
      throw ProjectError(
        .readOnly,
        "\(path): it has the older format \(version) and cannot be brought up to date where it "
          + "is; copy it to a folder of your own and open it there.")
    }
    if version == Int64(Schema.version), try Schema.fingerprint(db) != Schema.ownFingerprint {
      throw ProjectError(
        .damaged,
        "\(path): its tables or triggers are not those of a project, so it may be damaged or made "
          + "to do harm; take a backup copy.")
    }
  }
}
