internal import GRDB

/// Why a project could not be opened, read or changed: one or two sentences for the person.
public struct ProjectError: Error, Equatable, Sendable {
  /// What went wrong, for programs that act on it.
  public enum Reason: String, Sendable, CaseIterable {
    /// There is no such file.
    case missing
    /// There is already something under that name.
    case exists
    /// The file is not an Undertone project.
    case notAProject
    /// The file was written by a newer version.
    case newer
    /// The file is damaged.
    case damaged
    /// The file or its folder may not be read, or not be written to.
    case noPermission
    /// The project is open for reading only.
    case readOnly
    /// The disk is full, or a limit on the size of files is reached.
    case diskFull
    /// Another program kept the file locked for too long.
    case busy
    /// The disk or the system reported a failure.
    case system
    /// What was asked for or handed in does not fit the project.
    case refused
  }

  /// What went wrong, for programs that act on it.
  public var reason: Reason
  /// The file, the reason and what to do, in one or two sentences.
  public var message: String

  /// Creates an error.
  public init(_ reason: Reason, _ message: String) {
    self.reason = reason
    self.message = message
  }
}

extension ProjectError: CustomStringConvertible {
  /// The message.
  public var description: String { message }
}

extension ProjectError {
  /// Explains a failure of SQLite while the project was used.
  init(_ error: DatabaseError, path: String) {
    let detail = "SQLite says: \(error.message ?? "error \(error.extendedResultCode.rawValue)")"
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(
        .busy,
        "\(path): another program has been writing to it for too long; try again when it is done.")
    case .SQLITE_FULL:
      self.init(
        .diskFull,
        "\(path): there is no room left on the disk, so nothing of this was saved; free some space "
          + "and do it again.")
    case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT:
      self.init(
        .damaged,
        "\(path): the file is damaged (\(detail)); take a backup copy, or run "
          + "`sqlite3 FILE .recover` and ask for help.")
    case .SQLITE_READONLY:
      self.init(
        .readOnly,
        "\(path): it cannot be written to; copy it to a place of your own, or have its "
          + "permissions changed.")
    case .SQLITE_PERM, .SQLITE_AUTH, .SQLITE_CANTOPEN:
      self.init(
        .noPermission,
        "\(path): it cannot be opened; check the permissions of the file and of its folder.")
    case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_WRITE:
      self.init(
        .diskFull,
        "\(path): the disk refused to take more (it is full, over quota or failing), so nothing of "
          + "this was saved; free some space and do it again.")
    case .SQLITE_IOERR:
      self.init(.system, "\(path): the disk failed (\(detail)); check the disk, then try again.")
    case .SQLITE_NOMEM:
      self.init(.system, "\(path): there is not enough memory; close other programs.")
    case .SQLITE_CONSTRAINT:
      self.init(.refused, "\(path): the project's own rules forbid this (\(detail)).")
    case .SQLITE_ERROR, .SQLITE_SCHEMA:
      self.init(
        .damaged, "\(path): it is not laid out like a project (\(detail)); take a backup copy.")
    default:
      self.init(.system, "\(path): \(detail).")
    }
  }

  /// Runs work on a project and explains what SQLite reports.
  static func explaining<T>(_ path: String, _ work: () throws -> T) throws -> T {
    do {
      return try work()
    } catch let error as DatabaseError {
      throw ProjectError(error, path: path)
    }
  }
}
