extension RatingTable {
  /// Makes a table from ratings that come in any order, one at a time.
  public struct Builder: Sendable {
    private var items = Interned()
    private var raters = Interned()
    private var categories = Interned()
    private var dialogues = Interned()
    private var sets: [[String]]?
    private var setPlaces: [[String]: Int] = [:]
    private var dialogueOf: [Int32] = []
    private var ratingItems: [Int32] = []
    private var ratingRaters: [Int32] = []
    private var ratingCategories: [Int32] = []

    /// Creates a builder.
    ///
    /// - Parameter categories: the labels a rater could choose from, in their order. Chance
    ///   correction by number of labels, and levels of measurement with an order, rest on it.
    public init(categories: [String] = []) {
      for category in categories { _ = self.categories.place(of: category) }
    }

    /// Adds one rating.
    ///
    /// - Parameters:
    ///   - item: what was rated.
    ///   - dialogue: what the item is part of; `nil` for an item on its own.
    ///   - rater: who rated.
    ///   - label: the answer, verbatim.
    public mutating func add(
      item: String, dialogue: String? = nil, rater: String, label: String
    ) throws(RatingError) {
      append(
        item: try place(of: item, in: dialogue), rater: place(ofRater: rater),
        category: place(ofCategory: label))
    }

    /// Adds one rating whose answer is a set of labels; the empty set is an answer too.
    public mutating func add(
      item: String, dialogue: String? = nil, rater: String, labels: [String]
    ) throws(RatingError) {
      append(
        item: try place(of: item, in: dialogue), rater: place(ofRater: rater),
        category: place(ofSet: labels))
    }

    /// Adds one rating on a scale.
    public mutating func add(
      item: String, dialogue: String? = nil, rater: String, value: Double
    ) throws(RatingError) {
      guard value.isFinite else { throw .notFinite(item: item, rater: rater) }
      try add(item: item, dialogue: dialogue, rater: rater, label: "\(value == 0 ? 0 : value)")
    }

    /// Adds one rating by numbers that ``place(of:in:)``, ``place(ofRater:)`` and
    /// ``place(ofCategory:)`` gave: the fast way for many ratings.
    public mutating func append(item: Int, rater: Int, category: Int) {
      precondition(
        items.names.indices.contains(item) && raters.names.indices.contains(rater)
          && categories.names.indices.contains(category))
      ratingItems.append(Int32(item))
      ratingRaters.append(Int32(rater))
      ratingCategories.append(Int32(category))
    }

    /// The number of an item, given out at its first mention.
    public mutating func place(of item: String, in dialogue: String? = nil) throws(RatingError)
      -> Int
    {
      let place = items.place(of: item)
      // The prefixes keep an item on its own apart from a dialogue of the same name.
      let home = Int32(dialogues.place(of: dialogue.map { "d" + $0 } ?? "i" + item))
      if place == dialogueOf.count {
        dialogueOf.append(home)
      } else if dialogueOf[place] != home {
        throw .itemInTwoDialogues(item: item)
      }
      return place
    }

    /// The number of a rater, given out at its first mention.
    public mutating func place(ofRater rater: String) -> Int { raters.place(of: rater) }

    /// The number of a category, given out at its first mention.
    public mutating func place(ofCategory category: String) -> Int {
      sets == nil ? categories.place(of: category) : place(ofSet: [category])
    }

    /// The number of a set of labels, given out at its first mention.
    public mutating func place(ofSet labels: [String]) -> Int {
      if sets == nil {
        // From the first set on every answer is one, those of a single label included.
        sets = categories.names.map { [$0] }
        setPlaces = Dictionary(
          uniqueKeysWithValues: categories.names.enumerated().map { ([$1], $0) })
      }
      let set = Set(labels).sorted()
      if let place = setPlaces[set] { return place }
      let place = categories.append(set.joined(separator: "|"))
      setPlaces[set] = place
      sets?.append(set)
      return place
    }

    /// What to do with two ratings of one item by one rater.
    public enum Repeats: Sendable {
      /// Refuse them: agreement with oneself is not agreement.
      case refuse
      /// Keep them, for ``RatingTable/intraRater()`` and for models of raters such as Dawid and
      /// Skene's that can use them.
      case keep
      /// Take the one that was added first.
      case first
      /// Take the one that was added last.
      case last
    }

    /// The table.
    ///
    /// Takes time proportional to the ratings, in whatever order they came.
    public func table(repeats: Repeats = .refuse) throws(RatingError) -> RatingTable {
      // Two stable counting sorts, by rater and then by item, put the ratings of an item side by
      // side in order of rater.
      let byRater = Self.order(of: ratingRaters, below: raters.names.count)
      var starts = [Int](repeating: 0, count: items.names.count + 1)
      for item in ratingItems { starts[Int(item) + 1] += 1 }
      for item in items.names.indices { starts[item + 1] += starts[item] }
      var next = starts
      var sortedRaters = [Int32](repeating: 0, count: ratingItems.count)
      var sortedCategories = sortedRaters
      var sortedOrders = sortedRaters
      for rating in byRater {
        let item = Int(ratingItems[rating])
        var place = next[item]
        if repeats != .keep, place > starts[item], sortedRaters[place - 1] == ratingRaters[rating] {
          // The sorts are stable: what lies here was added before.
          switch repeats {
          case .first: continue
          case .last: place -= 1
          case .refuse, .keep:
            throw .repeated(
              item: items.names[item], rater: raters.names[Int(ratingRaters[rating])],
              rating: rating + 1)
          }
        }
        next[item] = place + 1
        sortedRaters[place] = ratingRaters[rating]
        sortedCategories[place] = ratingCategories[rating]
        sortedOrders[place] = Int32(rating)
      }
      if repeats == .first || repeats == .last {
        Self.close(&starts, ends: next, &sortedRaters, &sortedCategories, &sortedOrders)
      }
      return RatingTable(
        items: items.names, raters: raters.names, categories: categories.names, sets: sets,
        dialogueCount: dialogues.names.count, dialogueOf: dialogueOf, starts: starts,
        ratingRaters: sortedRaters, ratingCategories: sortedCategories,
        ratingOrders: sortedOrders)
    }

    /// Moves the ratings together over the places that repeats have left empty.
    private static func close(
      _ starts: inout [Int], ends: [Int], _ raters: inout [Int32], _ categories: inout [Int32],
      _ orders: inout [Int32]
    ) {
      var kept = 0
      for item in 0..<(starts.count - 1) {
        let range = starts[item]..<ends[item]
        starts[item] = kept
        for place in range {
          raters[kept] = raters[place]
          categories[kept] = categories[place]
          orders[kept] = orders[place]
          kept += 1
        }
      }
      starts[starts.count - 1] = kept
      raters.removeSubrange(kept...)
      categories.removeSubrange(kept...)
      orders.removeSubrange(kept...)
    }

    private static func order(of keys: [Int32], below count: Int) -> [Int] {
      var next = [Int](repeating: 0, count: count + 1)
      for key in keys { next[Int(key) + 1] += 1 }
      for key in 0..<count { next[key + 1] += next[key] }
      var order = [Int](repeating: 0, count: keys.count)
      for (rating, key) in keys.enumerated() {
        order[next[Int(key)]] = rating
        next[Int(key)] += 1
      }
      return order
    }
  }
}

/// Why ratings make no table.
public enum RatingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A rater rated an item twice; `rating` is the how-manieth rating that is the second one.
  case repeated(item: String, rater: String, rating: Int)
  /// An item is said to be in two dialogues.
  case itemInTwoDialogues(item: String)
  /// A value is infinite or not a number.
  case notFinite(item: String, rater: String)
  /// A label is not a number, or one of more than 10⁵⁰, where values are needed.
  case notNumeric(label: String)
  /// A model of raters would have more parameters than fit into memory.
  case tooManyParameters(raters: Int, labels: Int)

  /// One sentence for the person.
  public var description: String {
    switch self {
    case .repeated(let item, let rater, let rating):
      "Rating \(rating): \(rater) has already rated \(item). Each rater may rate an item once."
    case .itemInTwoDialogues(let item):
      "Item \(item) is said to be in two dialogues. Item names must be unique."
    case .notFinite(let item, let rater):
      "The value \(rater) gave \(item) is not a finite number."
    case .notNumeric(let label):
      "\u{201C}\(label)\u{201D} is "
        + (Double(label)?.isFinite ?? false ? "too large a number" : "not a number")
        + ", and this statistic needs values on a scale."
    case .tooManyParameters(let raters, let labels):
      "\(raters) raters with \(labels) labels are too many for a model of each rater. "
        + "Take fewer raters, or fewer labels."
    }
  }
}

/// Names and the numbers they were given.
struct Interned: Sendable {
  private(set) var names: [String] = []
  private var places: [String: Int] = [:]

  mutating func place(of name: String) -> Int {
    if let place = places[name] { return place }
    let place = names.count
    places[name] = place
    names.append(name)
    return place
  }

  /// Adds a name that may be there already.
  mutating func append(_ name: String) -> Int {
    names.append(name)
    return names.count - 1
  }
}
