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
