/// The items of a table by what answers they got, whoever gave them.
///
/// Most statistics see no more of an item than how often it got each category, and ten raters with
/// seven labels can only make 8,008 different items. Items of one pattern are computed once.
struct ItemPatterns: Sendable {
  /// The pattern of each item.
  private(set) var ofItem: [Int32] = []
  /// How many items have each pattern.
  private(set) var multiplicity: [Int] = []
  /// Where the entries of each pattern start; one more entry than patterns.
  private(set) var starts: [Int] = [0]
  /// The categories of each pattern, in order, without repetition.
  private(set) var categories: [Int32] = []
  /// How often each of them was given.
  private(set) var counts: [Int32] = []
  /// How many ratings each pattern has.
  private(set) var sizes: [Int32] = []

  var count: Int { multiplicity.count }

  init(_ table: RatingTable) {
    let largest = table.items.indices.reduce(0) {
      max($0, table.starts[$1 + 1] - table.starts[$1])
    }
    for bits in [4, 8] where table.categories.count * bits <= 64 && largest < 1 << bits {
      self.init(table, bits: bits)
      return
    }
    self.init(any: table)
  }

  /// The patterns of few labels and few raters: an item's counts fit into one word.
  private init(_ table: RatingTable, bits: Int) {
    var words: [UInt64] = []
    var slots = [Int32](repeating: -1, count: 4096)
    func hash(_ word: UInt64) -> Int {
      Int(truncatingIfNeeded: (word &* 0x9E37_79B9_7F4A_7C15) >> 20)
    }
    ofItem = Array(repeating: 0, count: table.items.count)
    table.ratingCategories.withUnsafeBufferPointer { ratingCategories in
      for item in table.items.indices {
        var word: UInt64 = 0
        for place in table.starts[item]..<table.starts[item + 1] {
          word &+= 1 &<< UInt64(Int(ratingCategories[place]) &* bits)
        }
        if words.count * 2 >= slots.count {
          slots = Array(repeating: -1, count: slots.count * 2)
          for (pattern, word) in words.enumerated() {
            var slot = hash(word) & (slots.count - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = Int32(pattern)
          }
        }
        var slot = hash(word) & (slots.count - 1)
        while slots[slot] >= 0, words[Int(slots[slot])] != word {
          slot = (slot + 1) & (slots.count - 1)
        }
        if slots[slot] < 0 {
          slots[slot] = Int32(words.count)
          words.append(word)
          multiplicity.append(0)
        }
        multiplicity[Int(slots[slot])] += 1
        ofItem[item] = slots[slot]
      }
    }
    for word in words {
      var size: Int32 = 0
      for category in 0..<table.categories.count {
        let count = Int32((word >> UInt64(category * bits)) & (1 << UInt64(bits) - 1))
        guard count > 0 else { continue }
        categories.append(Int32(category))
        counts.append(count)
        size += count
      }
      sizes.append(size)
      starts.append(categories.count)
    }
  }

  /// The patterns of any table.
  private init(any table: RatingTable) {
    ofItem.reserveCapacity(table.items.count)
    // Open addressing, at most half full; −1 is free.
    var slots = [Int32](repeating: -1, count: 1024)
    var hashes: [UInt64] = []
    var own: [Int32] = []
    var ownCategories: [Int32] = []
    var ownCounts: [Int32] = []
    for item in table.items.indices {
      own.removeAll(keepingCapacity: true)
      own.append(contentsOf: table.ratingCategories[table.starts[item]..<table.starts[item + 1]])
      Self.sort(&own)
      ownCategories.removeAll(keepingCapacity: true)
      ownCounts.removeAll(keepingCapacity: true)
      var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
      for category in own {
        hash = (hash ^ UInt64(UInt32(bitPattern: category))) &* 0xD6E8_FEB8_6659_FD93
        hash ^= hash >> 32
        if ownCategories.last == category {
          ownCounts[ownCounts.count - 1] += 1
        } else {
          ownCategories.append(category)
          ownCounts.append(1)
        }
      }
      if multiplicity.count * 2 >= slots.count {
        slots = Self.grown(slots.count * 2, hashes)
      }
      var slot = Int(hash & UInt64(slots.count - 1))
      while slots[slot] >= 0, !matches(Int(slots[slot]), ownCategories, ownCounts) {
        slot = (slot + 1) & (slots.count - 1)
      }
      if slots[slot] < 0 {
        slots[slot] = Int32(multiplicity.count)
        hashes.append(hash)
        multiplicity.append(0)
        categories += ownCategories
        counts += ownCounts
        starts.append(categories.count)
        sizes.append(Int32(own.count))
      }
      multiplicity[Int(slots[slot])] += 1
      ofItem.append(slots[slot])
    }
  }

  private func matches(_ pattern: Int, _ categories: [Int32], _ counts: [Int32]) -> Bool {
    let start = starts[pattern]
    guard starts[pattern + 1] - start == categories.count else { return false }
    for place in categories.indices {
      if self.categories[start + place] != categories[place]
        || self.counts[start + place] != counts[place]
      {
        return false
      }
    }
    return true
  }

  private static func grown(_ size: Int, _ hashes: [UInt64]) -> [Int32] {
    var slots = [Int32](repeating: -1, count: size)
    for (pattern, hash) in hashes.enumerated() {
      var slot = Int(hash & UInt64(size - 1))
      while slots[slot] >= 0 { slot = (slot + 1) & (size - 1) }
      slots[slot] = Int32(pattern)
    }
    return slots
  }

  /// Insertion sort for the few ratings most items have; the library's for crowds.
  private static func sort(_ values: inout [Int32]) {
    guard values.count <= 24 else { return values.sort() }
    for place in values.indices.dropFirst() {
      let value = values[place]
      var hole = place
      while hole > 0, values[hole - 1] > value {
        values[hole] = values[hole - 1]
        hole -= 1
      }
      values[hole] = value
    }
  }
}
