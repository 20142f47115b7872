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
  /// The how-manieth added each rating was, from 0.
  let ratingOrders: [Int32]

  /// The number of ratings.
  public var ratingCount: Int { ratingCategories.count }

  init(
    items: [String], raters: [String], categories: [String], sets: [[String]]?,
    dialogueCount: Int, dialogueOf: [Int32], starts: [Int], ratingRaters: [Int32],
    ratingCategories: [Int32], ratingOrders: [Int32]
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
    self.ratingOrders = ratingOrders
  }

  /// The ratings of one item, as rater and category.
  public func ratings(of item: Int) -> some Sequence<(rater: Int, category: Int)> {
    (starts[item]..<starts[item + 1]).lazy.map {
      (Int(ratingRaters[$0]), Int(ratingCategories[$0]))
    }
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
