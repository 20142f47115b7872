internal import Dialogues

/// The columns by which Undertone's own JSON Lines export says more than a manifest does.
///
/// A file that has been through an export comes back with every rating, its kind and its dimensions.
struct ExportedColumns {
  private let ratingsColumn, wordsColumn, metadataColumn: Int
  /// The columns that say nothing about the turn.
  let places: Set<Int>

  /// `nil` for a file that is not such an export.
  init?(_ reader: any RecordReader) {
    guard reader is JSONLinesReader, reader.columns.contains("schema"),
      let schema = reader.column("schema"), let ratings = reader.column("ratings"),
      let words = reader.column("words"), let metadata = reader.column("metadata")
    else { return nil }
    ratingsColumn = ratings
    wordsColumn = words
    metadataColumn = metadata
    // What follows from the rest, or what models say, is no part of the corpus.
    let derived = [
      "title", "gold", "votes", "source", "suggestion", "probability", "probabilities",
      "influences", "refined", "label_mapping",
    ].compactMap { reader.column($0) }
    places = Set([schema, ratings, words, metadata] + derived)
  }

  /// The members of the objects in a cell; `nil` if it does not hold a list of objects.
  private func objects(_ cell: String) -> [[String: JSONValue]]? {
    if cell.isEmpty { return [] }
    var parser = JSONParser(Array(cell.utf8)[...])
    guard let values = (try? parser.parse())?.list else { return nil }
    let objects = values.compactMap(\.members)
    return objects.count == values.count ? objects : nil
  }

  /// The ratings of the row just read; `nil` if they are not what the export writes.
  func ratings(in reader: any RecordReader, turn: TurnKey) -> [Rating]? {
    guard let list = objects(reader.text(ratingsColumn)) else { return nil }
    var ratings: [Rating] = []
    for object in list {
      guard let name = object["rater"]?.text, !name.isEmpty,
        let kind = object["kind"]?.text.flatMap(Rater.Kind.init(rawValue:)),
        let labels = object["labels"]?.list, let values = object["dimensions"]?.list
      else { return nil }
      var answer = Answer(labels: labels.compactMap(\.text))
      for value in values {
        guard let dimension = value.members, let name = dimension["name"]?.text,
          let amount = dimension["value"]?.double
        else { return nil }
        answer.dimensions[name] = amount
      }
      guard answer.labels.count == labels.count, !answer.labels.contains(""),
        !answer.labels.isEmpty || !answer.dimensions.isEmpty,
        !ratings.contains(where: { $0.rater.name == name })
      else { return nil }
      answer.confidence = object["confidence"]?.double.flatMap { Int(exactly: $0) }
        .flatMap { (1...3).contains($0) ? $0 : nil }
      ratings.append(
        Rating(
          turn: turn, rater: Rater(name: name, kind: kind), answer: answer,
          time: object["time"]?.double))
    }
    return ratings
  }

  /// The words of the row just read; `nil` if they are not what the export writes.
  func words(in reader: any RecordReader) -> [WordTime]? {
    guard let list = objects(reader.text(wordsColumn)) else { return nil }
    let words: [WordTime] = list.compactMap { object in
      guard let word = object["word"]?.text, let start = object["start"]?.double,
        let end = object["end"]?.double
      else { return nil }
      return WordTime(word: word, span: TimeSpan(start: start, end: end))
    }
    return words.count == list.count ? words : nil
  }

  /// The metadata of the row just read; `nil` if they are not what the export writes.
  func metadata(in reader: any RecordReader) -> [MetadataField]? {
    guard let list = objects(reader.text(metadataColumn)) else { return nil }
    let fields: [MetadataField] = list.compactMap { object in
      guard let name = object["name"]?.text, let value = object["value"]?.text else { return nil }
      return MetadataField(name: name, value: value)
    }
    return fields.count == list.count ? fields : nil
  }
}
