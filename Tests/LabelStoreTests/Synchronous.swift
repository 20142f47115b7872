import GRDB

@testable import LabelStore

/// A look at a setting only the connection that writes can tell.
enum Synchronous {
  static func mode(of project: Project) throws -> Int64? {
    try project.connections.main.inDatabase { try $0.integer("PRAGMA synchronous") }
  }
}
