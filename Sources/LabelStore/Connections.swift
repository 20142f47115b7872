internal import GRDB
internal import Synchronization

/// The connections to a project file, each with a queue of its own.
///
/// Short reads do not wait for a write that waits for the disk or for another program, and neither
/// waits for a scan of the whole project. GRDB's `DatabasePool` would do the same, but turns the
/// log on with a write whenever a file is opened, which takes ten times longer than opening it and
/// fails while another program writes: here the file is in that mode since it was created.
final class Connections: Sendable {
  /// What a read is.
  enum Use: CaseIterable {
    /// A screenful, now.
    case short
    /// A search or an export.
    case scan
    /// The other half of a scan that two threads share.
    case secondScan
  }

  /// Writes, unless the project is read-only.
  let main: DatabaseQueue
  private let location: String
  private let configuration: Configuration
  private let readers = Mutex<[Use: DatabaseQueue]>([:])

  init(location: String, configuration: Configuration) throws {
    self.location = location
    self.configuration = configuration
    main = try DatabaseQueue(path: location, configuration: configuration)
  }

  /// A connection to read with, opened when first asked for.
  func reader(_ use: Use) throws -> DatabaseQueue {
    try readers.withLock { readers in
      if let reader = readers[use] { return reader }
      var configuration = configuration
      configuration.readonly = true
      let reader = try DatabaseQueue(path: location, configuration: configuration)
      readers[use] = reader
      return reader
    }
  }

  /// Closes all, the one that may write last: SQLite empties the log into the file then.
  func close() throws {
    try readers.withLock { readers in
      for reader in readers.values { try reader.close() }
      readers = [:]
    }
    try main.close()
  }
}
