import Agreement
import Report

/// Gathers ratings for a report, one at a time, whatever they come from.
///
/// Beside the table it keeps what is known of each rating (its speaker, its time), in the order the
/// ratings were given, which is how parts of a table find it again.
struct RatingCollector {
  /// The name that labels outside a declared list are counted under.
  static let other = "other"

  let level: AgreementReport.Level
  /// The labels to tell apart, in their order; empty for all there are.
  let declared: [String]
  private let known: Set<String>
  private var builder: RatingTable.Builder
  private(set) var ratings = 0
  /// How many ratings had a label outside the declared ones, and the first such label.
  private(set) var strangers = 0
  private(set) var firstStranger = ""
  private var columns: [AgreementScope: Column] = [:]
  private var times: [Double] = []
  private var seconds: [Double] = []

  private struct Column {
    var names: [String] = []
    var places: [String: Int32] = [:]
    var ofRating: [Int32] = []
  }

  /// - Parameters:
  ///   - labels: the labels a rater could choose from, in their order.
  ///   - merging: whether others count as one, instead of as labels of their own.
  init(level: AgreementReport.Level, labels: [String], merging: Bool) {
    self.level = level
    declared = merging ? labels : []
    known = Set(declared)
    builder = RatingTable.Builder(categories: level == .sets ? [] : labels)
  }

  /// Adds a rating.
  ///
  /// - Throws: ``Refusal`` for an answer that the level cannot have, ``RatingError`` for an item in two
  ///   dialogues.
  mutating func add(
    item: String, dialogue: String?, rater: String, labels: [String]
  ) throws {
    let item = try builder.place(of: item, in: dialogue)
    let rater = builder.place(ofRater: rater)
    builder.append(item: item, rater: rater, category: try category(labels))
    ratings += 1
  }

  private mutating func category(_ labels: [String]) throws -> Int {
    switch level {
    case .sets:
      return builder.place(ofSet: labels.map { merged($0) })
    case .nominal:
      return builder.place(ofCategory: merged(labels[0]))
    case .ordinal:
      guard known.isEmpty || known.contains(labels[0]) else {
        throw Refusal(
          "“\(labels[0].visibleName)” is not one of the ordered labels \(declared.joined(separator: ", "))."
        )
      }
      return builder.place(ofCategory: labels[0])
    case .interval, .ratio:
      return builder.place(ofCategory: "\(try value(labels[0]))")
    }
  }

  private func value(_ text: String) throws -> Double {
    // Swift reads hexadecimal and “nan” as well; neither is a rating.
    let isPlain = text.utf8.allSatisfy {
      (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains($0)
    }
    guard let value = Double(text) else {
      throw Refusal(
        "“\(text.visibleName)” is not a number, and the level \(level.rawValue) needs numbers.")
    }
    guard value.isFinite, isPlain else {
      throw Refusal("“\(text.visibleName)” is not a finite decimal number.")
    }
    if level == .ratio, value < 0 {
      throw Refusal("\(text) is below 0, and the level ratio needs values from 0 up.")
    }
    return value == 0 ? 0 : value
  }

  private mutating func merged(_ label: String) -> String {
    let name = name(of: label)
    guard name != label else { return label }
    strangers += 1
    if firstStranger.isEmpty { firstStranger = label }
    return name
  }

  /// What a label counts as.
  func name(of label: String) -> String {
    known.isEmpty || known.contains(label) ? label : Self.other
  }

  /// What the rating added last has in common with others.
  mutating func note(_ name: String?, for scope: AgreementScope) {
    var column = columns[scope, default: Column()]
    columns[scope] = nil
    while column.ofRating.count < ratings - 1 { column.ofRating.append(-1) }
    if let name {
      let place = column.places[name] ?? Int32(column.names.count)
      if place == column.names.count {
        column.places[name] = place
        column.names.append(name)
      }
      column.ofRating.append(place)
    } else {
      column.ofRating.append(-1)
    }
    columns[scope] = column
  }

  /// When the rating added last was given, in any unit.
  mutating func note(time: Double?) {
    while times.count < ratings - 1 { times.append(.nan) }
    times.append(time ?? .nan)
  }

  /// How long the rating added last took.
  mutating func note(seconds time: Double?) {
    while seconds.count < ratings - 1 { seconds.append(.nan) }
    seconds.append(time ?? .nan)
  }

  /// The table of everything added.
  ///
  /// - Throws: ``RatingError/repeated(item:rater:rating:)`` for a second rating by the same rater that
  ///   is to be refused.
  func table(
    repeats: RatingTable.Builder.Repeats = .refuse
  ) throws(RatingError) -> RatingTable {
    try builder.table(repeats: repeats)
  }

  // MARK: Parts

  /// The parts of a table by something that ratings have in common.
  func parts(of table: RatingTable, by scope: AgreementScope, windows: Int) -> [Scope] {
    switch scope {
    case .label:
      return labelParts(of: table)
    case .window:
      let timed = table.keeping { rating in
        rating.order < times.count && !times[rating.order].isNaN
      }
      return timed.windows(windows) { times[$0.order] }.map(\.scope)
    case .speaker, .position, .condition, .split:
      guard let column = columns[scope] else { return [] }
      let parts = table.split { rating in
        guard rating.order < column.ofRating.count, column.ofRating[rating.order] >= 0 else {
          return nil
        }
        return column.names[Int(column.ofRating[rating.order])]
      }
      return scope.isOrdered ? parts.sorted { $0.name < $1.name } : parts
    }
  }

  /// Turns by the label most of their ratings have; those without one label ahead are `tied`.
  private func labelParts(of table: RatingTable) -> [Scope] {
    let labels = table.items.indices.map { item -> String in
      let majority = table.votes(on: item).majority
      return majority.count == 1 ? table.categories[majority[0]] : "tied"
    }
    let parts = table.split { labels[$0.item] }
    func place(_ part: Scope) -> Int {
      table.categories.firstIndex(of: part.name) ?? table.categories.count
    }
    return parts.sorted { place($0) < place($1) }
  }

  /// How many ratings have no time.
  var untimed: Int { ratings - times.count { !$0.isNaN } }

  /// The median seconds of each rater who has any.
  func medianSeconds(in table: RatingTable) -> [String: Double] {
    guard !seconds.isEmpty else { return [:] }
    let medians = table.medians { rating in
      guard rating.order < seconds.count, !seconds[rating.order].isNaN else { return nil }
      return seconds[rating.order]
    }
    var byName: [String: Double] = [:]
    for (name, median) in zip(table.raters, medians) { byName[name] = median }
    return byName
  }
}

/// Why an answer cannot be used.
struct Refusal: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) { self.description = description }
}
