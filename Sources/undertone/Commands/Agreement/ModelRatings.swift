import Agreement
import Dialogues
import LabelStore
import Report

extension ProjectRatings {
  /// The table of people with the labels of sources of suggestions as further raters, on the turns
  /// that people rated.
  ///
  /// - Parameter sources: names of sources; `NAME+ded` for the labels after decoding.
  /// - Throws: a failure for a source the project does not have, or of which it has nothing for these
  ///   turns.
  func table(
    of people: RatingTable, with sources: [String], collected: RatingCollector
  ) throws -> RatingTable {
    var builder = RatingTable.Builder(categories: people.categories)
    let rated = Set(people.items)
    let refined = "+ded"
    let there = try project.sources().map(\.name)
    for name in sources where !there.contains(name) {
      let base = name.hasSuffix(refined) ? String(name.dropLast(refined.count)) : name
      guard !there.contains(base) else { continue }
      throw Failure(
        "\(path): there are no suggestions of “\(name.visibleName)”; "
          + (there.isEmpty
            ? "“undertone suggest \(path)” makes some."
            : "there are those of \(there.joined(separator: ", "))."))
    }
    for item in people.items.indices {
      for (rater, category) in people.ratings(of: item) {
        try builder.add(
          item: people.items[item], dialogue: dialogue(ofItem: people.items[item]),
          rater: people.raters[rater], label: people.categories[category])
      }
    }
    try project.forEachDialogue { dialogue in
      for name in sources {
        let isRefined = !there.contains(name)
        let base = isRefined ? String(name.dropLast(refined.count)) : name
        for suggestion in try project.suggestions(for: dialogue.key, from: base) {
          let item = suggestion.turn.description
          guard rated.contains(item),
            let label = isRefined ? suggestion.refined : suggestion.best?.label
          else { continue }
          try builder.add(
            item: item, dialogue: dialogue.key.description, rater: name,
            label: collected.name(of: label))
        }
      }
    }
    return try builder.table()
  }

  /// The dialogue that a turn's name begins with.
  private func dialogue(ofItem item: String) -> String? {
    item.lastIndex(of: "/").map { String(item[..<$0]) }
  }
}
