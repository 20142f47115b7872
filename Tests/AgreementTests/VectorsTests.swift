import Agreement
import Foundation
import Testing

/// Every value of `vectors.json` that this module has a statistic for, against the exact fraction,
/// against what was printed in the literature, and where there is neither, or a standard error,
/// against the library that has it right.
@Suite(.enabled(if: Vectors.path != nil, "needs ../shared/data/agreement"))
struct `Published examples and random tables` {
  /// What was compared under one name.
  struct Tally {
    var exact = 0
    var printed = 0
    var library = 0
    var wrong: [String] = []
  }

  @Test func `every exact value is reproduced to 1e-9 and every printed one as printed`() throws {
    var tallies: [String: Tally] = [:]
    var uncovered: [String: Int] = [:]
    let vectors = try Vectors(#require(Vectors.path))
    let cases = try vectors.cases()
    for one in cases {
      var values = StatisticsByName(one)
      for (key, expected) in one.expected.sorted(by: { $0.key < $1.key }) {
        let name = String(key.prefix { $0 != "[" && $0 != "(" })
        let oracle = expected["oracle"] as? Double
        let published = expected["published"] as? [String: Any]
        let printed = published?["value"] as? Double
        let tolerance = published?["tolerance"] as? Double
        let libraries = expected["libs"] as? [String: Any] ?? [:]
        let witnesses = values.witnesses(of: key, libraries)
        guard oracle != nil || printed != nil || !witnesses.isEmpty else {
          uncovered[name, default: 0] += 1
          continue
        }
        var tally = tallies[name, default: Tally()]
        for witness in witnesses {
          tally.library += 1
          if !witness.isRight { tally.wrong.append("\(one.name) \(key): \(witness)") }
        }
        defer { tallies[name] = tally }
        guard let found = values.value(of: key) else {
          if oracle != nil || printed != nil { tally.wrong.append("\(one.name) \(key): missing") }
          continue
        }
        if let oracle {
          tally.exact += 1
          let right = found.value.map { abs($0 - oracle) <= 1e-9 * max(1, abs(oracle)) } ?? false
          if !right { tally.wrong.append("\(one.name) \(key): \(found), exactly \(oracle)") }
        }
        if let printed, let tolerance {
          tally.printed += 1
          let right = found.value.map { abs($0 - printed) <= tolerance + 1e-12 } ?? false
          if !right { tally.wrong.append("\(one.name) \(key): \(found), printed \(printed)") }
        }
      }
    }
    print(
      "statistic                         exact  printed library  wrong   (\(cases.count) data sets)"
    )
    for (name, tally) in tallies.sorted(by: { $0.key < $1.key }) {
      print(
        name.padding(toLength: 33, withPad: " ", startingAt: 0),
        String(
          format: "%5d %8d %7d %6d", tally.exact, tally.printed, tally.library, tally.wrong.count))
    }
    let exact = tallies.values.reduce(0) { $0 + $1.exact }
    let printed = tallies.values.reduce(0) { $0 + $1.printed }
    let library = tallies.values.reduce(0) { $0 + $1.library }
    print(
      "together                         ",
      String(format: "%5d %8d %7d", exact, printed, library))
    let missing = uncovered.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    print("not compared here:", missing.joined(separator: ", "))
    #expect(tallies.values.flatMap(\.wrong) == [])
    #expect(exact > 950 && printed > 89 && library > 400)
  }
}
