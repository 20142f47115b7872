import Foundation
import NeuralNet
import Testing

@testable import EmotionModel

struct FeatureCacheTests {
  private let folder: String

  init() throws {
    folder = try EncoderPlaces.temporaryFolder() + "/a/b"
  }

  private func open(_ encoder: String = "test-1", width: Int = 3, limit: Int = 1 << 20)
    -> FeatureCache
  {
    FeatureCache(folder: folder, encoder: encoder, width: width, limit: limit)
  }

  private func key(_ number: Int) -> FeatureKey { FeatureKey(text: "\(number)") }
  private func vector(_ number: Int) -> [Float] { [Float(number), 0.5, -1] }

  /// Asks for vectors.
  ///
  /// - Returns: the vectors, and the numbers of those that had to be computed.
  private func ask(_ cache: FeatureCache, _ numbers: Range<Int>) -> ([[Float]?], [Int]) {
    var computed: [Int] = []
    let vectors = cache.vectors(of: numbers.map(key)) { places in
      computed = places.map { numbers[numbers.startIndex + $0] }
      return computed.map(vector)
    }
    return (vectors, computed)
  }

  @Test func `a vector is computed once, also for the next program that asks`() {
    let cache = open()
    #expect(ask(cache, 0..<3).1 == [0, 1, 2])
    #expect(ask(cache, 1..<5).1 == [3, 4])
    let (vectors, computed) = ask(open(), 0..<5)
    #expect(computed.isEmpty)
    #expect(vectors == (0..<5).map(vector))
  }

  @Test func `another encoder, version or width has vectors of its own`() {
    _ = ask(open("minilm-x"), 0..<2)
    #expect(ask(open("minilm-y"), 0..<2).1 == [0, 1])
    let other = FeatureCache(folder: folder, encoder: "minilm-x", width: 2)
    let found = other.vectors(of: [key(0)]) { _ in [[7, 8]] }
    #expect(found == [[7, 8]])
  }

  @Test func `what has no vector, or one that is none, is not remembered`() {
    let cache = open()
    let given: [[Float]?] = [nil, [1, .nan, 2], [1, 2]]
    let first = cache.vectors(of: (0..<3).map(key)) { _ in given }
    #expect(first[0] == nil && first[2] == [1, 2])
    #expect(ask(cache, 0..<3).1 == [0, 1, 2])
  }

  @Test func `a damaged, cut off or foreign file is computed again, never believed`() throws {
    _ = ask(open(), 0..<4)
    let path = open().path
    let whole = try readFile(path)
    for place in stride(from: 0, to: whole.count, by: 5) {
      var bytes = whole
      bytes[place] ^= 0x20
      try writeFileAtomically(path, bytes)
      #expect(ask(open(), 0..<4).0 == (0..<4).map(vector))
    }
    for count in [0, 3, 40, whole.count - 30, whole.count - 1] {
      try writeFileAtomically(path, Array(whole.prefix(count)))
      #expect(ask(open(), 0..<4).0 == (0..<4).map(vector))
      // What was computed again is whole once more.
      #expect(ask(open(), 0..<4).1.isEmpty)
    }
    try writeFileAtomically(path, Array("something else altogether\n".utf8))
    #expect(ask(open(), 0..<4).0 == (0..<4).map(vector))
  }

  @Test func `a full file keeps its newer half, and a cache its files used last`() throws {
    let record = 16 + 12 + 8
    let limit = 40 * record + 100
    let cache = open(limit: limit)
    for number in 0..<200 { _ = ask(cache, number..<number + 1) }
    #expect(try readFile(cache.path).count <= limit)
    #expect(ask(open(limit: limit), 190..<199).1.count < 9)
    #expect(ask(open(limit: limit), 0..<1).1 == [0])

    for name in ["old", "older", "oldest", "ancient"] {
      try writeFileAtomically("\(folder)/\(name).features", [UInt8](repeating: 0, count: limit))
      let age = try #require(["old", "older", "oldest", "ancient"].firstIndex(of: name))
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -1000 * Double(age + 1))],
        ofItemAtPath: "\(folder)/\(name).features")
    }
    _ = open(limit: limit)
    let left = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(left == ["old.features", "older.features", "oldest.features", "test-1.features"])
    #expect(FeatureCache.size(of: folder) <= 4 * limit)
  }

  @Test func `two programs may write at once`() async throws {
    // Locks belong to open files, so two caches in one program are to each other as in two.
    await withTaskGroup(of: Bool.self) { group in
      for start in [0, 1] {
        group.addTask {
          let cache = open()
          for number in 0..<150 {
            let (found, _) = ask(cache, number + start..<number + start + 2)
            guard found == (number + start..<number + start + 2).map(vector) else { return false }
          }
          return true
        }
      }
      for await isRight in group { #expect(isRight) }
    }
    #expect(ask(open(), 0..<152).1.isEmpty)
    #expect(ask(open(), 0..<152).0 == (0..<152).map(vector))
  }

  @Test func `where nothing can be written everything is computed`() {
    let cache = FeatureCache(folder: "/proc/undertone", encoder: "x", width: 3)
    #expect(ask(cache, 0..<2).0 == [vector(0), vector(1)])
    #expect(ask(cache, 0..<2).1 == [0, 1])
  }
}
