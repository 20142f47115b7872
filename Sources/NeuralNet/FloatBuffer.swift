/// Numbers on a boundary of 64 bytes, which is a line of the cache: what is read sixteen at a time
/// then never lies on two.
final class FloatBuffer {
  private(set) var base: UnsafeMutablePointer<Float>
  private var capacity: Int

  init(count: Int = 1) {
    capacity = max(1, count)
    base = Self.allocate(capacity)
  }

  convenience init(_ numbers: [Float]) {
    self.init(count: numbers.count)
    for (place, number) in numbers.enumerated() { base[place] = number }
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }

  /// Makes room for so many numbers; what was there is lost if there was less.
  func reserve(_ count: Int) {
    guard count > capacity else { return }
    UnsafeMutableRawPointer(base).deallocate()
    base = Self.allocate(count)
    capacity = count
  }

  private static func allocate(_ count: Int) -> UnsafeMutablePointer<Float> {
    UnsafeMutableRawPointer.allocate(
      byteCount: count * MemoryLayout<Float>.stride, alignment: 64
    ).bindMemory(to: Float.self, capacity: count)
  }
}
