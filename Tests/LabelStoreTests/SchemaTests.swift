import GRDB
import Testing

@testable import LabelStore

struct SchemaTests {
  @Test func `the fingerprint of the schema is that of a new project`() throws {
    let queue = try DatabaseQueue()
    try Schema.migrator.migrate(queue)
    let fingerprint = try queue.read { try Schema.fingerprint($0) }
    #expect(fingerprint == Schema.ownFingerprint, "a changed schema needs a migration")
  }
}
