import Agreement
import Glibc

// Times the statistics on a plain file of ratings, for `scripts/bench-agreement.py`.
//
//   agreement-probe FILE (labels|sets) RUNS
//
// FILE has a row `item,rater,label` or `item,rater,label,dialogue` for each rating, all of them
// numbers from 0, the labels of a set separated by `|`, and no header. Every statistic is computed
// RUNS times and reported as a line of JSON: its value, and the least wall-clock and processor time.

guard CommandLine.arguments.count == 4, let runs = Int(CommandLine.arguments[3]), runs > 0,
  let bytes = contents(of: CommandLine.arguments[1])
else {
  print("usage: agreement-probe FILE (labels|sets) RUNS")
  exit(2)
}
let table = try time("read") { try ratings(bytes) }
time("items") { Double(table.counts.items) }
time("ratings") { Double(table.counts.ratings) }
if CommandLine.arguments[2] == "sets" {
  timeSets(table)
} else {
  try timeLabels(table)
}

func timeLabels(_ table: RatingTable) throws {
  let single = Resampling(replicates: 0)
  time("all_one_label") {
    let summary = table.summary(single)
    return table.alpha(.ordinal).alpha.value.flatMap { _ in summary.alpha.statistic.value }
  }
  time("alpha_nominal") { table.alpha(.nominal).alpha.value }
  time("alpha_ordinal") { table.alpha(.ordinal).alpha.value }
  time("alpha_interval") { table.alpha(.interval).alpha.value }
  let weights = AgreementWeights.identity(table.categories.count)
  time("fleiss_gwet") { table.weightedAgreement(weights).fleiss.value }
  time("gwet_ac1") { table.weightedAgreement(weights).ac.value }
  time("conger") { table.weightedAgreement(weights).conger.value }
  time("mean_pairwise_kappa") { table.pairwise().lightKappa.value }
  for (unit, name) in [(Resampling.Unit.items, "items"), (.dialogues, "dialogues")] {
    for threads in [1, nil] {
      let plan = Resampling(unit: unit, replicates: 1000, threads: threads)
      time("summary_bootstrap_1000_\(name)\(threads == 1 ? "_one_thread" : "")", atMost: 3) {
        table.summary(plan).alpha.standardError
      }
    }
  }
  try time("dawid_skene_100", atMost: 2) {
    try table.dawidSkene(iterations: 100, tolerance: 0).priors.first
  }
  try time("dawid_skene_converged", atMost: 1) { Double(try table.dawidSkene().iterations) }
  try time("mace", atMost: 1) { try table.mace().competence.first }
}

func timeSets(_ table: RatingTable) {
  time("alpha_masi") { table.alpha(SetDistance.masi).alpha.value }
  time("alpha_jaccard") { table.alpha(SetDistance.jaccard).alpha.value }
  time("alpha_per_label", atMost: 3) { table.alphaOfLabels.first?.alpha.value }
  time("alpha_masi_bootstrap_1000", atMost: 2) {
    table.alpha(.masi, Resampling(replicates: 1000)).standardError
  }
}

/// Seconds on a clock.
func seconds(_ clock: clockid_t) -> Double {
  var now = timespec()
  clock_gettime(clock, &now)
  return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
}

/// Runs something, prints its least times and returns its last result.
@discardableResult
func time<Result>(
  _ name: String, atMost most: Int = .max, _ body: () throws -> Result
) rethrows -> Result {
  var (wall, processor) = (Double.infinity, Double.infinity)
  var last: Result?
  for _ in 0..<min(runs, most) {
    let before = (seconds(CLOCK_MONOTONIC), seconds(CLOCK_PROCESS_CPUTIME_ID))
    last = try body()
    wall = min(wall, seconds(CLOCK_MONOTONIC) - before.0)
    processor = min(processor, seconds(CLOCK_PROCESS_CPUTIME_ID) - before.1)
  }
  let value = (last as? Double?)?.map { "\($0)" } ?? "null"
  print(
    "{\"statistic\": \"\(name)\", \"value\": \(value), \"seconds\": \(wall), \"cpu\": \(processor)}"
  )
  fflush(nil)
  guard let last else { fatalError("nothing was run") }
  return last
}

/// The bytes of a file.
func contents(of path: String) -> [UInt8]? {
  guard let file = fopen(path, "r") else { return nil }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = fread(&buffer, 1, buffer.count, file)
    if count == 0 { return bytes }
    bytes += buffer[..<count]
  }
}

/// The table of a file's rows.
func ratings(_ bytes: [UInt8]) throws -> RatingTable {
  var rows: [[Int]] = []
  var row: [Int] = []
  var number = 0
  for byte in bytes {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number * 10 + Int(byte - 48)
    case UInt8(ascii: ","), UInt8(ascii: "|"):
      // The labels of a set end in the negative.
      row.append(byte == UInt8(ascii: ",") ? number : -number - 1)
      number = 0
    case UInt8(ascii: "\n"):
      rows.append(row + [number])
      row.removeAll(keepingCapacity: true)
      number = 0
    default: fatalError("not a number in the file")
    }
  }
  return try table(of: rows)
}

/// The table of rows of item, rater, labels (all but the last in the negative) and perhaps dialogue.
func table(of rows: [[Int]]) throws -> RatingTable {
  let labelled = rows.map { row -> (item: Int, rater: Int, labels: [Int], dialogue: Int?) in
    let last = row.dropFirst(2).firstIndex { $0 >= 0 } ?? row.count - 1
    return (
      row[0], row[1], row[2...last].map { $0 < 0 ? -$0 - 1 : $0 },
      last + 1 < row.count ? row[last + 1] : nil
    )
  }
  let hasSets = labelled.contains { $0.labels.count > 1 }
  let most = labelled.reduce(0) { max($0, $1.labels.max() ?? 0) }
  var builder = RatingTable.Builder(categories: hasSets ? [] : (0...most).map { "\($0)" })
  var items: [Int: Int] = [:]
  var sets: [[Int]: Int] = [:]
  for row in labelled {
    let item: Int
    if let known = items[row.item] {
      item = known
    } else {
      item = try builder.place(of: "\(row.item)", in: row.dialogue.map { "\($0)" })
      items[row.item] = item
    }
    let category: Int
    if let known = sets[row.labels] {
      category = known
    } else {
      category =
        hasSets
        ? builder.place(ofSet: row.labels.map { "\($0)" })
        : builder.place(ofCategory: "\(row.labels[0])")
      sets[row.labels] = category
    }
    builder.append(
      item: item, rater: builder.place(ofRater: "r\(row.rater)"), category: category)
  }
  return try builder.table(repeats: .first)
}
