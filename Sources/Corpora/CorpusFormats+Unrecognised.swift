extension CorpusFormats {
  /// Why no format recognises a path, and what may be done: one or two sentences.
  public static func whyUnrecognised(_ path: String) -> String {
    if FileSystem.isFolder(path) { return folder(path) }
    do throws(CorpusError) {
      let reader = try openRecords(path)
      try reader.meetFirstRecord()
      return table(reader)
    } catch {
      return error.message
    }
  }

  private static func folder(_ path: String) -> String {
    let names = FileSystem.names(in: path)
    if names.isEmpty { return "the folder holds nothing that can be read." }
    let tables = ["csv", "tsv", "jsonl", "ndjson"]
    if let name = names.first(where: { tables.contains(FileSystem.fileExtension($0)) }) {
      return "the first table in it is \(quoted(name)), and " + whyUnrecognised("\(path)/\(name)")
    }
    let shown = names.prefix(3).map { quoted($0) }.joined(separator: ", ")
    return "it holds \(shown)\(names.count > 3 ? " and \(names.count - 3) more" : ""), of which no "
      + "format is made. A manifest, a CSV file with a row for each turn, can describe any corpus: "
      + "“undertone import manifest”."
  }

  private static func table(_ reader: any RecordReader) -> String {
    let columns = reader.columns
    let namesTurns = [("dialogue", "turn"), ("Dialogue_ID", "Utterance_ID"), ("dialog", "utt")]
      .contains { columns.contains($0.0) && columns.contains($0.1) }
    if namesTurns, columns.contains("rater"), columns.contains("label") {
      return "it looks like ratings of turns a project has; say “undertone import ratings”."
    }
    if namesTurns, columns.contains(where: { $0.hasPrefix("logit_") || $0.hasPrefix("prob_") }) {
      return "it looks like a model's suggestions for turns a project has; say “undertone import "
        + "suggestions”."
    }
    let shown = columns.prefix(12).map { quoted($0) }.joined(separator: ", ")
    return
      "it has the columns \(shown)\(columns.count > 12 ? " and \(columns.count - 12) more" : ""); "
      + "a manifest needs dialogue, turn and one of text or audio, and “undertone import manifest "
      + "PATH --map theirs=ours” names them."
  }
}
