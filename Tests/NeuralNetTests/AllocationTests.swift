import Foundation
import TestSupport
import Testing

struct AllocationTests {
  @Test func `inference allocates nothing once it is warm`() throws {
    let probe = try #require(builtProgram("inference-probe"), "the probe was not built")
    let folder = try makeTemporaryFolder("undertone-allocations")
    defer { removeFolder(folder) }
    let path = "\(folder)/counts"
    let status = try runProgram(
      probe, [], environment: ["PATH=/usr/bin:/bin"], output: path, errors: "\(folder)/errors")
    #expect(status == 0)
    let counts = Dictionary(
      uniqueKeysWithValues: try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        .map { line in
          let parts = line.split(separator: "\t")
          return (String(parts[0]), Double(parts[1]))
        })
    #expect(counts["stack"] == 0)
    // Counting works: a new matrix is one allocation.
    #expect(counts["result"] == 1)
  }
}
