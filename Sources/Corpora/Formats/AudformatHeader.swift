internal import Dialogues
internal import Yams

/// What a database's `db.yaml` says: its raters, schemes, splits and tables.
///
/// audEERING's audformat 1.4, "Database" and "Header" of its documentation. Read with Yams, which wraps
/// libyaml: headers are written by people as well as by programs, in all of YAML's spellings.
struct AudformatHeader {
  /// A scheme: what the values of columns are.
  struct Scheme {
    var dtype: String
    /// The labels, in the header's order; `nil` for free values and for labels kept in a table.
    var labels: [String]?
    var minimum: Double?
    var maximum: Double?
  }

  /// A column of a table.
  struct Column {
    var id: String
    var scheme: String?
    var rater: String?
  }

  /// A table: its rows are files, or parts of files.
  struct Table {
    var id: String
    var isSegmented: Bool
    var split: String?
    var columns: [Column]
  }

  /// The database's name.
  private(set) var name = ""
  private(set) var raters: [String: Rater] = [:]
  /// Raters that stand for the decision over the others, in our own exports.
  private(set) var decisions: Set<String> = []
  /// Whether it is an export of ours.
  private(set) var isOurs = false
  private(set) var schemes: [String: Scheme] = [:]
  private(set) var tables: [Table] = []

  /// - Throws: ``CorpusError`` if the file is no such header.
  init(_ path: String) throws(CorpusError) {
    let (bytes, _) = TextDecoding.document(try FileSystem.contents(path, limit: 16 << 20))
    let root: Node?
    do { root = try Yams.compose(yaml: String(decoding: bytes, as: UTF8.self)) } catch {
      throw CorpusError(file: path, message: "it is not YAML: \(Self.reason(error))")
    }
    guard let mapping = root?.mapping, let tables = mapping["tables"]?.mapping else {
      throw CorpusError(
        file: path, message: "it is not the header of an audformat database: it has no tables.")
    }
    name = mapping["name"]?.scalar?.string ?? ""
    for (id, rater) in Self.entries(mapping["raters"]) {
      raters[id] = Rater(name: id, kind: Self.kind(rater.mapping, name: id))
      if rater.mapping?["kind"]?.scalar?.string == "gold" { decisions.insert(id) }
    }
    for (id, scheme) in Self.entries(mapping["schemes"]) {
      schemes[id] = Self.scheme(scheme)
    }
    isOurs = mapping["undertone"]?.mapping != nil
    var splits: [String: String] = [:]
    for (id, split) in Self.entries(mapping["splits"]) {
      splits[id] = split.mapping?["type"]?.scalar?.string
    }
    for (key, table) in tables {
      guard let id = key.scalar?.string, let table = table.mapping else { continue }
      let split = table["split_id"]?.scalar?.string
      self.tables.append(
        Table(
          id: id, isSegmented: table["type"]?.scalar?.string == "segmented",
          split: split.map { splits[$0] ?? $0 },
          columns: Self.entries(table["columns"]).map { id, column in
            Column(
              id: id, scheme: column.mapping?["scheme_id"]?.scalar?.string,
              rater: column.mapping?["rater_id"]?.scalar?.string)
          }))
    }
  }

  private static func entries(_ node: Node?) -> [(String, Node)] {
    (node?.mapping ?? [:]).compactMap { key, value in key.scalar.map { ($0.string, value) } }
  }

  /// audformat knows humans, machines and votes; our own exports say more, in `kind`.
  private static func kind(_ rater: Node.Mapping?, name: String) -> Rater.Kind {
    if let kind = rater?["kind"]?.scalar?.string, let known = Rater.Kind(rawValue: kind) {
      return known
    }
    if rater?["type"]?.scalar?.string == "machine" { return .model }
    return name.hasSuffix("/self") ? .selfReport : .corpus
  }

  private static func scheme(_ node: Node) -> Scheme {
    let mapping = node.mapping
    var labels: [String]?
    if let list = mapping?["labels"]?.sequence {
      labels = list.compactMap { $0.scalar?.string }
    } else if let map = mapping?["labels"]?.mapping {
      labels = map.compactMap { $0.key.scalar?.string }
    }
    return Scheme(
      dtype: mapping?["dtype"]?.scalar?.string ?? node.scalar?.string ?? "str", labels: labels,
      minimum: mapping?["minimum"]?.scalar.flatMap { Double($0.string) },
      maximum: mapping?["maximum"]?.scalar.flatMap { Double($0.string) })
  }

  private static func reason(_ error: any Error) -> String {
    guard let error = error as? YamlError else { return "it cannot be parsed." }
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return "line \(mark.line), \(problem)."
    default: return "it cannot be parsed."
    }
  }
}
