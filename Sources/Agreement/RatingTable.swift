/// Who gave which label to which item: sparse, immutable, and the input of every statistic.
///
/// Items are what is rated (turns). Raters, items, dialogues and labels are interned, a rating is
/// two small numbers, and the ratings of an item lie side by side in order of rater.
public struct RatingTable: Sendable {
  /// The items, in order of first appearance.
  public let items: [String]
  /// The raters, in order of first appearance.
  public let raters: [String]
  /// The different answers: labels, label sets or values.
  ///
  /// Declared ones first, in their order,
  /// whether used or not; then others in order of first appearance.
  public let categories: [String]
  /// The label sets behind ``categories``, each in order and without repetition, where answers are
  /// sets; else `nil`.
  public let sets: [[String]]?
  /// The number of dialogues the items belong to.
  ///
  /// An item without a dialogue is one of its own.
  public let dialogueCount: Int
  /// The dialogue of each item.
  let dialogueOf: [Int32]
  /// Where each item's ratings start; one more entry than items.
  let starts: [Int]
  /// The rater of each rating.
  let ratingRaters: [Int32]
  /// The category of each rating.
  let ratingCategories: [Int32]

  /// The number of ratings.
  public var ratingCount: Int { ratingCategories.count }

  init(
    items: [String], raters: [String], categories: [String], sets: [[String]]?,
    dialogueCount: Int, dialogueOf: [Int32], starts: [Int], ratingRaters: [Int32],
    ratingCategories: [Int32]
  ) {
    self.items = items
    self.raters = raters
    self.categories = categories
    self.sets = sets
    self.dialogueCount = dialogueCount
    self.dialogueOf = dialogueOf
    self.starts = starts
    self.ratingRaters = ratingRaters
    self.ratingCategories = ratingCategories
  }

  /// The ratings of one item, as rater and category.
  public func ratings(of item: Int) -> some Sequence<(rater: Int, category: Int)> {
    (starts[item]..<starts[item + 1]).lazy.map {
      (Int(ratingRaters[$0]), Int(ratingCategories[$0]))
    }
  }

  /// The table with only some raters' ratings; items nobody is left to have rated go, categories
  /// stay.
  public func keeping(raters keep: (String) -> Bool) -> RatingTable {
    let kept = raters.map(keep)
    return filtered { kept[Int(ratingRaters[$0])] }
  }

  /// The table with only some items.
  public func keeping(items keep: (String) -> Bool) -> RatingTable {
    var kept = [Bool](repeating: false, count: ratingCount)
    for (item, name) in items.enumerated() where keep(name) {
      for place in starts[item]..<starts[item + 1] { kept[place] = true }
    }
    return filtered { kept[$0] }
  }

  private func filtered(_ keep: (Int) -> Bool) -> RatingTable {
    var raterPlaces = [Int32](repeating: -1, count: raters.count)
    var dialoguePlaces = [Int32](repeating: -1, count: dialogueCount)
    var newRaters: [String] = []
    var newItems: [String] = []
    var newDialogueOf: [Int32] = []
    var newDialogues: Int32 = 0
    var newStarts = [0]
    var newRatingRaters: [Int32] = []
    var newRatingCategories: [Int32] = []
    // Places are given out in the old order, so an item's ratings stay in order of rater.
    let used = ratingRaters.indices.reduce(into: [Bool](repeating: false, count: raters.count)) {
      if keep($1) { $0[Int(ratingRaters[$1])] = true }
    }
    for (rater, name) in raters.enumerated() where used[rater] {
      raterPlaces[rater] = Int32(newRaters.count)
      newRaters.append(name)
    }
    for item in items.indices {
      let before = newRatingRaters.count
      for place in starts[item]..<starts[item + 1] where keep(place) {
        newRatingRaters.append(raterPlaces[Int(ratingRaters[place])])
        newRatingCategories.append(ratingCategories[place])
      }
      guard newRatingRaters.count > before else { continue }
      let dialogue = Int(dialogueOf[item])
      if dialoguePlaces[dialogue] < 0 {
        dialoguePlaces[dialogue] = newDialogues
        newDialogues += 1
      }
      newItems.append(items[item])
      newDialogueOf.append(dialoguePlaces[dialogue])
      newStarts.append(newRatingRaters.count)
    }
    return RatingTable(
      items: newItems, raters: newRaters, categories: categories, sets: sets,
      dialogueCount: Int(newDialogues), dialogueOf: newDialogueOf, starts: newStarts,
      ratingRaters: newRatingRaters, ratingCategories: newRatingCategories)
  }
}

/// How much a statistic rests on.
public struct RatingCounts: Equatable, Sendable {
  /// Dialogues with a rating.
  public var dialogues: Int
  /// Items with a rating.
  public var items: Int
  /// Items with at least two ratings, the only ones agreement can be seen on.
  public var sharedItems: Int
  /// Ratings.
  public var ratings: Int
  /// Raters.
  public var raters: Int
}

extension RatingTable {
  /// The counts of the table.
  public var counts: RatingCounts {
    var counts = RatingCounts(
      dialogues: 0, items: 0, sharedItems: 0, ratings: ratingCount, raters: raters.count)
    var seen = [Bool](repeating: false, count: dialogueCount)
    for item in items.indices {
      let ratings = starts[item + 1] - starts[item]
      guard ratings > 0 else { continue }
      counts.items += 1
      counts.sharedItems += ratings > 1 ? 1 : 0
      if !seen[Int(dialogueOf[item])] {
        seen[Int(dialogueOf[item])] = true
        counts.dialogues += 1
      }
    }
    return counts
  }
}
