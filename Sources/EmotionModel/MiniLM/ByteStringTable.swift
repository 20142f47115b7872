/// Byte strings and their numbers, looked up in slices of a buffer without making strings of them.
///
/// A dictionary of `String` would take canonically equivalent spellings for one key; vocabularies
/// do not.
struct ByteStringTable: Sendable {
  private var bytes: [UInt8] = []
  private var starts: [Int32] = [0]
  /// Numbers by hash, −1 for a free place; a power of two of them, at most half in use.
  private var places: [Int32]
  /// The length of the longest string.
  private(set) var longest = 0

  /// Creates a table with room for so many strings.
  init(capacity: Int) {
    var size = 16
    while size < 2 * capacity { size *= 2 }
    places = [Int32](repeating: -1, count: size)
  }

  /// How many strings there are.
  var count: Int { starts.count - 1 }

  /// Adds a string, whose number is how many there were before.
  ///
  /// - Precondition: there is room.
  /// - Returns: whether it was not there yet.
  mutating func insert(_ string: some Collection<UInt8>) -> Bool {
    precondition(2 * (count + 1) <= places.count, "the table is full")
    var hash = Self.emptyHash
    for byte in string { hash = Self.hash(hash, byte) }
    let start = bytes.count
    bytes.append(contentsOf: string)
    if bytes.withUnsafeBufferPointer({ find(hash, $0[start...]) }) != nil {
      bytes.removeSubrange(start...)
      return false
    }
    var place = Int(truncatingIfNeeded: hash) & (places.count - 1)
    while places[place] >= 0 { place = (place + 1) & (places.count - 1) }
    places[place] = Int32(count)
    starts.append(Int32(bytes.count))
    longest = max(longest, string.count)
    return true
  }

  /// The number of a string.
  subscript(string: some Sequence<UInt8>) -> Int32? {
    let string = Array(string)
    let hash = string.reduce(Self.emptyHash, Self.hash)
    return string.withUnsafeBufferPointer { find(hash, $0[...]) }
  }

  /// The number of a string whose hash is known.
  func find(_ hash: UInt64, _ string: Slice<UnsafeBufferPointer<UInt8>>) -> Int32? {
    var place = Int(truncatingIfNeeded: hash) & (places.count - 1)
    while places[place] >= 0 {
      let number = Int(places[place])
      let range = Int(starts[number])..<Int(starts[number + 1])
      if range.count == string.count, bytes[range].elementsEqual(string) { return places[place] }
      place = (place + 1) & (places.count - 1)
    }
    return nil
  }

  /// The hash of the empty string.
  static let emptyHash: UInt64 = 0xCBF2_9CE4_8422_2325

  /// The hash of a string and one byte more (FNV-1a, draft-eastlake-fnv).
  static func hash(_ hash: UInt64, _ byte: UInt8) -> UInt64 {
    (hash ^ UInt64(byte)) &* 0x100_0000_01B3
  }
}
