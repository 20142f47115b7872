/// One rating of a table, by places in the table's lists.
public struct Rating: Equatable, Sendable {
  /// The item, a place in ``RatingTable/items``.
  public var item: Int
  /// The rater, a place in ``RatingTable/raters``.
  public var rater: Int
  /// The answer, a place in ``RatingTable/categories``.
  public var category: Int
  /// The how-manieth rating it was that the builder was given, from 0.
  ///
  /// Whatever else is known of a rating, such as its time or whether a suggestion was in view, can
  /// lie in a list in that order and be found by this, also in a part of the table.
  public var order: Int
}

/// A part of a table under the name of what its ratings have in common.
public struct Scope: Sendable {
  /// What they have in common, such as a speaker's name.
  public let name: String
  /// The ratings.
  public let table: RatingTable
}

extension RatingTable {
  /// The table with only some raters' ratings; items nobody is left to have rated go, categories
  /// stay.
  public func keeping(raters keep: (String) -> Bool) -> RatingTable {
    let kept = raters.map(keep)
    return keeping { kept[$0.rater] }
  }

  /// The table with only some items.
  public func keeping(items keep: (String) -> Bool) -> RatingTable {
    let kept = items.map(keep)
    return keeping { kept[$0.item] }
  }

  /// The table with only some ratings, such as those given without a suggestion in view; items
  /// nobody is left to have rated go, and raters without ratings, but all categories stay.
  public func keeping(ratings keep: (Rating) -> Bool) -> RatingTable {
    split { keep($0) ? "" : nil }.first?.table ?? part(of: [], [])
  }

  /// The table in parts by what ratings have in common: a condition, a speaker, a position.
  ///
  /// Any statistic can then be asked of a part. Takes time proportional to the ratings and, for each
  /// part, to the raters and dialogues.
  ///
  /// - Parameter group: the name of a rating's part; `nil` for a rating that goes into none.
  /// - Returns: the parts in order of their first rating.
  public func split(by group: (Rating) -> String?) -> [Scope] {
    var names = Interned()
    var members: [[Int]] = []
    var itemsOf: [[Int32]] = []
    for item in items.indices {
      for place in starts[item]..<starts[item + 1] {
        guard let name = group(rating(place, of: item)) else { continue }
        let part = names.place(of: name)
        if part == members.count {
          members.append([])
          itemsOf.append([])
        }
        members[part].append(place)
        itemsOf[part].append(Int32(item))
      }
    }
    return members.indices.map {
      Scope(name: names.names[$0], table: part(of: members[$0], itemsOf[$0]))
    }
  }

  /// The table in windows of time with the same number of items each, give or take one.
  ///
  /// An item is in the window of its last rating, when raters could first be compared on it; all its
  /// ratings go with it.
  ///
  /// - Parameters:
  ///   - count: how many windows; fewer come back where there are fewer items.
  ///   - time: when a rating was given, in any unit; items of the same time stay in their order.
  /// - Returns: the windows from the earliest to the latest, named `1`, `2` and so on, each with its
  ///   first and last time.
  public func windows(
    _ count: Int, by time: (Rating) -> Double
  ) -> [(scope: Scope, from: Double, to: Double)] {
    let times = items.indices.compactMap { item -> (item: Int, time: Double)? in
      let latest = (starts[item]..<starts[item + 1]).map { time(rating($0, of: item)) }.max()
      return latest.map { (item, $0) }
    }.sorted { ($0.time, $0.item) < ($1.time, $1.item) }
    let windows = min(max(count, 1), times.count)
    return (0..<windows).map { window in
      let range = (window * times.count / windows)..<((window + 1) * times.count / windows)
      var places: [Int] = []
      var own: [Int32] = []
      for item in times[range].map(\.item).sorted() {
        for place in starts[item]..<starts[item + 1] {
          places.append(place)
          own.append(Int32(item))
        }
      }
      return (
        Scope(name: "\(window + 1)", table: part(of: places, own)), times[range.lowerBound].time,
        times[range.upperBound - 1].time
      )
    }
  }

  /// The table with one label against all others, of which the other is called `other`.
  ///
  /// - Parameters:
  ///   - label: a place in ``categories``.
  ///   - other: what to call the others; prefixed with `not` where the label itself is called that.
  public func against(label: Int, other: String = "other") -> RatingTable {
    let name = categories[label]
    return RatingTable(
      items: items, raters: raters,
      categories: [name, other == name ? "not " + other : other], sets: nil,
      dialogueCount: dialogueCount, dialogueOf: dialogueOf, starts: starts,
      ratingRaters: ratingRaters,
      ratingCategories: ratingCategories.map { $0 == label ? 0 : 1 },
      ratingOrders: ratingOrders)
  }

  /// The median over each rater's ratings of a number such as the seconds they took.
  ///
  /// - Parameter number: the number of a rating, `nil` where it is not known.
  /// - Returns: one median a rater, in the order of ``raters``; `nil` for a rater without numbers.
  public func medians(of number: (Rating) -> Double?) -> [Double?] {
    var numbers = [[Double]](repeating: [], count: raters.count)
    for item in items.indices {
      for place in starts[item]..<starts[item + 1] {
        let rating = rating(place, of: item)
        if let number = number(rating), number.isFinite { numbers[rating.rater].append(number) }
      }
    }
    return numbers.map { $0.isEmpty ? nil : quantile($0.sorted(), 0.5) }
  }

  /// A rating by its place.
  func rating(_ place: Int, of item: Int) -> Rating {
    Rating(
      item: item, rater: Int(ratingRaters[place]), category: Int(ratingCategories[place]),
      order: Int(ratingOrders[place]))
  }

  /// The table of the ratings at increasing places, each with its item.
  private func part(of places: [Int], _ itemOf: [Int32]) -> RatingTable {
    var raterPlaces = [Int32](repeating: -1, count: raters.count)
    for place in places { raterPlaces[Int(ratingRaters[place])] = 0 }
    // Places are given out in the old order, so an item's ratings stay in order of rater.
    var newRaters: [String] = []
    for rater in raters.indices where raterPlaces[rater] == 0 {
      raterPlaces[rater] = Int32(newRaters.count)
      newRaters.append(raters[rater])
    }
    var dialoguePlaces = [Int32](repeating: -1, count: dialogueCount)
    var newItems: [String] = []
    var newDialogueOf: [Int32] = []
    var newDialogues: Int32 = 0
    var newStarts: [Int] = []
    var last: Int32 = -1
    for (rating, item) in itemOf.enumerated() where item != last {
      last = item
      let dialogue = Int(dialogueOf[Int(item)])
      if dialoguePlaces[dialogue] < 0 {
        dialoguePlaces[dialogue] = newDialogues
        newDialogues += 1
      }
      newItems.append(items[Int(item)])
      newDialogueOf.append(dialoguePlaces[dialogue])
      newStarts.append(rating)
    }
    return RatingTable(
      items: newItems, raters: newRaters, categories: categories, sets: sets,
      dialogueCount: Int(newDialogues), dialogueOf: newDialogueOf,
      starts: newStarts + [places.count],
      ratingRaters: places.map { raterPlaces[Int(ratingRaters[$0])] },
      ratingCategories: places.map { ratingCategories[$0] },
      ratingOrders: places.map { ratingOrders[$0] })
  }
}
