import Agreement
import Foundation
import TestSupport

/// The published examples and random sets with their exact values.
struct Vectors {
  static let path = sharedData("agreement/vectors.json")

  struct Case {
    var name: String
    var table: RatingTable
    var data: [String: Any]
    var expected: [String: [String: Any]]
  }

  let root: [String: Any]

  init(_ path: String) throws {
    let object = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(fileURLWithPath: path)))
    root = object as! [String: Any]
  }

  func cases() throws -> [Case] {
    try (root["cases"] as! [String: [String: [String: Any]]]).sorted { $0.key < $1.key }.map {
      Case(
        name: $0.key, table: try Self.table($0.value["data"]!), data: $0.value["data"]!,
        expected: $0.value["expected"] as! [String: [String: Any]])
    }
  }

  func table(_ name: String) throws -> RatingTable {
    try tableIfPresent(name)!
  }

  /// A data set that may be known by its results alone.
  func tableIfPresent(_ name: String) throws -> RatingTable? {
    let cases = root["cases"] as! [String: [String: [String: Any]]]
    return try cases[name].map { try Self.table($0["data"]!) }
  }

  /// Reads `ratings` (item by rater) or `long` (triples).
  static func table(_ data: [String: Any]) throws -> RatingTable {
    var builder = RatingTable.Builder(
      categories: (data["categories"] as? [Any])?.map(text) ?? [])
    if let triples = data["long"] as? [[Any]] {
      for triple in triples {
        try builder.add(
          item: text(triple[0]), rater: text(triple[1]), label: text(triple[2]))
      }
      return try builder.table(repeats: .keep)
    }
    let rows = data["ratings"] as! [[Any]]
    for rater in 0..<(rows.first?.count ?? 0) { _ = builder.place(ofRater: "\(rater)") }
    for (item, row) in rows.enumerated() {
      let place = try builder.place(of: "\(item)")
      for (rater, answer) in row.enumerated() where !(answer is NSNull) {
        let category =
          (answer as? [String]).map { builder.place(ofSet: $0) }
          ?? builder.place(ofCategory: text(answer))
        builder.append(item: place, rater: rater, category: category)
      }
    }
    return try builder.table()
  }

  static func text(_ value: Any) -> String {
    guard let number = value as? NSNumber else { return value as! String }
    return "\(number)"
  }
}
