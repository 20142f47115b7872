import NeuralNet
import Testing

struct ContentHashTests {
  private let bytes = (0..<200).map { UInt8(truncatingIfNeeded: $0 * 7 + 3) }

  /// From the reference implementation, by the Python package `xxhash` 4.1.0.
  @Test(arguments: [
    (0, UInt64(0), UInt64(0xEF46_DB37_51D8_E999)),
    (3, 0, 0x31D2_363F_52E5_64C9), (31, 12345, 0x8086_BF60_119A_7308),
    (32, 0, 0x23C3_C17E_F790_FD97), (33, 12345, 0x1EDC_9934_57CF_1FD8),
    (64, 0, 0x0EB6_4B3E_F6EE_B01F), (200, 12345, 0x9011_D9D7_7993_2D3B),
  ])
  func `the hash of so many bytes is the reference's, however they come`(
    _ count: Int, _ seed: UInt64, _ wanted: UInt64
  ) {
    for step in [1, 5, 32, 40, 200] {
      var hash = ContentHash(seed: seed)
      for start in stride(from: 0, to: count, by: step) {
        hash.add(Array(bytes[start..<min(count, start + step)]))
      }
      #expect(hash.value == wanted)
    }
  }

  @Test func `texts do not run into each other`() {
    var first = ContentHash()
    first.add("ab")
    first.add("c")
    var second = ContentHash()
    second.add("a")
    second.add("bc")
    #expect(first.value != second.value)
  }
}
