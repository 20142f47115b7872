import Agreement
import Foundation
import Testing

@Suite struct `Bootstrap intervals` {
  @Test(
    .enabled(if: Vectors.path != nil, "needs ../shared/data/agreement"),
    arguments: ["krippendorff2011_C", "random_nominal_5x1000"])
  func `follow the reference computation draw for draw`(name: String) throws {
    let vectors = try Vectors(#require(Vectors.path))
    let all = vectors.root["bootstrap"] as! [String: [String: Any]]
    let expected = try #require(all["\(name)|alpha_nominal"])
    let estimate = try vectors.table(name).summary(
      Resampling(unit: .items, replicates: 1000, seed: UInt64(expected["seed"] as! Int))
    ).alpha
    func close(_ found: Double?, _ wanted: Any?) -> Bool {
      guard let found, let wanted = wanted as? Double else { return false }
      return abs(found - wanted) < 1e-9
    }
    let percentile = expected["percentile_type7_95"] as! [Double]
    let accelerated = expected["bca_95"] as! [Double]
    #expect(close(estimate.statistic.value, expected["theta"]))
    #expect(close(estimate.standardError, expected["boot_se"]))
    #expect(close(estimate.percentile?.low, percentile[0]))
    #expect(close(estimate.percentile?.high, percentile[1]))
    #expect(close(estimate.accelerated?.low, accelerated[0]))
    #expect(close(estimate.accelerated?.high, accelerated[1]))
    #expect(estimate.undefinedReplicates == expected["undefined_replicates"] as! Int)
  }

  @Test(
    .enabled(if: Vectors.path != nil, "needs ../shared/data/agreement"),
    arguments: [
      ("krippendorff2011_C", "nominal"), ("random_nominal_5x1000", "nominal"),
      ("hayes_krippendorff2007", "interval"), ("random_ordinal_6x1000", "interval"),
    ])
  func `of alpha follow the reference at every level`(name: String, level: String) throws {
    let vectors = try Vectors(#require(Vectors.path))
    let all = vectors.root["bootstrap"] as! [String: [String: Any]]
    let expected = try #require(all["\(name)|alpha_\(level)"])
    // The data of one of the four came without its ratings.
    guard let table = try vectors.tableIfPresent(name) else { return }
    let seed = UInt64(expected["seed"] as! Int)
    let metric: Metric = level == "interval" ? .interval : .nominal
    for threads in 1...3 {
      let plan = Resampling(unit: .items, replicates: 1000, seed: seed, threads: threads)
      let estimate = table.alpha(metric, plan)
      let found = [
        estimate.statistic.value, estimate.standardError, estimate.percentile?.low,
        estimate.percentile?.high, estimate.accelerated?.low, estimate.accelerated?.high,
      ]
      let wanted =
        [expected["theta"] as! Double, expected["boot_se"] as! Double]
        + (expected["percentile_type7_95"] as! [Double]) + (expected["bca_95"] as! [Double])
      for (found, wanted) in zip(found, wanted) {
        #expect(found.map { abs($0 - wanted) < 1e-9 } ?? false, "\(name) \(wanted)")
      }
    }
    print("bootstrap \(name) \(level): 6 numbers on 1, 2 and 3 threads")
  }

  /// Three raters on 60 turns in 12 dialogues; within a dialogue all turns are alike.
  static func clustered() throws -> RatingTable {
    var builder = RatingTable.Builder(categories: ["joy", "fear"])
    for turn in 0..<60 {
      let dialogue = turn / 5
      for rater in 0..<3 {
        let differs = rater == 2 && dialogue % 3 == 0
        try builder.add(
          item: "\(turn)", dialogue: "\(dialogue)", rater: "\(rater)",
          label: (dialogue % 2 == 0) != differs ? "joy" : "fear")
      }
    }
    return try builder.table()
  }

  @Test func `over dialogues are wider than over turns where a dialogue's turns are alike`() throws
  {
    let table = try Self.clustered()
    let dialogues = try #require(table.summary(Resampling(unit: .dialogues)).alpha.percentile)
    let items = try #require(table.summary(Resampling(unit: .items)).alpha.percentile)
    #expect(dialogues.high - dialogues.low > 1.5 * (items.high - items.low))
  }

  @Test func `repeat with their seed, and differ with another`() throws {
    let table = try Self.clustered()
    let one = table.summary(Resampling(replicates: 300, seed: 5))
    #expect(one == table.summary(Resampling(replicates: 300, seed: 5)))
    #expect(one.alpha != table.summary(Resampling(replicates: 300, seed: 6)).alpha)
  }

  @Test(arguments: [Resampling.Unit.dialogues, .items])
  func `are the same on one, two and three threads`(unit: Resampling.Unit) throws {
    let table = try Self.clustered()
    func plan(_ threads: Int?) -> Resampling {
      Resampling(unit: unit, replicates: 333, seed: 8, threads: threads)
    }
    func all(_ threads: Int?) throws -> [Estimate?] {
      let summary = table.summary(plan(threads))
      let model = table.compare(model: "2", with: { _ in true }, plan(threads))
      return [
        summary.alpha, summary.raw, summary.ac1, summary.fleiss, summary.brennanPrediger,
        summary.pooled, summary.perLabel[0].alpha, summary.perLabel[1].specific,
        table.alpha(.ordinal, plan(threads)), table.alpha(.nominal, plan(threads)),
        table.alpha(SetDistance.masi, plan(threads)), model?.accuracy.difference,
        model?.kappa.people,
      ]
    }
    let one = try all(1)
    for threads in [2, 3, 100, nil] { #expect(try one == all(threads)) }
  }

  @Test(arguments: [Resampling.Unit.dialogues, .items])
  func `of alpha are the same by the metric and in the summary`(unit: Resampling.Unit) throws {
    let table = try Self.clustered()
    let plan = Resampling(unit: unit, replicates: 400, seed: 3)
    let summary = table.summary(plan).alpha
    // With two labels every distance of them is the same α.
    for other in [
      table.alpha(.nominal, plan), table.alpha(.ordinal, plan),
      table.alpha(.distance { _, _ in 5 }, plan),
    ] {
      for (one, other) in [
        (summary.statistic.value, other.statistic.value),
        (summary.percentile?.low, other.percentile?.low),
        (summary.percentile?.high, other.percentile?.high),
        (summary.accelerated?.low, other.accelerated?.low),
        (summary.accelerated?.high, other.accelerated?.high),
      ] {
        #expect(try abs(#require(one) - #require(other)) < 1e-9)
      }
    }
  }

  @Test func `count the replicates that are undefined`() throws {
    // One turn in four varies: a replicate misses it with probability (3/4)⁴ = 0.32.
    var builder = RatingTable.Builder()
    for turn in 0..<4 {
      try builder.add(item: "\(turn)", rater: "a", label: "joy")
      try builder.add(item: "\(turn)", rater: "b", label: turn == 0 ? "fear" : "joy")
    }
    let alpha = try builder.table().summary(Resampling(replicates: 2000)).alpha
    #expect((500...780).contains(alpha.undefinedReplicates))
    #expect(alpha.percentile != nil)
  }
}
