import Agreement
import Foundation
import Testing

@Suite struct `Tables that leave a statistic nothing to say` {
  /// Rows are items, columns raters; a dot is no rating.
  func table(_ rows: [String], categories: [String] = []) throws -> RatingTable {
    var builder = RatingTable.Builder(categories: categories)
    for (item, row) in rows.enumerated() {
      let place = try builder.place(of: "\(item)")
      for (rater, label) in row.enumerated() where label != "." {
        builder.append(
          item: place, rater: builder.place(ofRater: "\(rater)"),
          category: builder.place(ofCategory: String(label)))
      }
    }
    return try builder.table()
  }

  func summary(_ rows: [String], categories: [String] = []) throws -> AgreementSummary {
    try table(rows, categories: categories).summary(Resampling(replicates: 50))
  }

  @Test(arguments: [["11", "11", "11"], ["11"], ["111", "1.1", "11."]])
  func `one label throughout is undefined with raw agreement beside it`(rows: [String]) throws {
    for categories in [[], ["1", "2", "3"]] {
      let summary = try summary(rows, categories: categories)
      #expect(summary.raw.statistic == .value(1))
      let none = Statistic.undefined(.noVariation)
      #expect(summary.alpha.statistic == none)
      #expect(summary.ac1.statistic == none)
      #expect(summary.fleiss.statistic == none)
      #expect(summary.brennanPrediger.statistic == none)
      #expect(summary.conger == none)
      #expect(summary.light == none)
      #expect(summary.alpha.percentile == nil)
      #expect(summary.alpha.undefinedReplicates == 50)
    }
  }

  @Test(arguments: [["1", "2", "1"], ["1.", ".2", "1.", ".1"], []])
  func `no turn with two ratings is undefined throughout`(rows: [String]) throws {
    let summary = try summary(rows)
    let none = Statistic.undefined(.nothingShared)
    #expect(summary.counts.sharedItems == 0)
    #expect(summary.raw.statistic == none)
    #expect(summary.alpha.statistic == none)
    #expect(summary.ac1.statistic == none)
    #expect(summary.fleiss1971 == none)
    #expect(summary.conger == none)
    #expect(summary.light == none)
    for metric in [Metric.nominal, .ordinal, .interval, .ratio] {
      #expect(try table(rows).alpha(metric).alpha == none)
    }
  }

  @Test(
    .enabled(if: Vectors.path != nil, "needs ../shared/data/agreement"))
  func `every edge case of the reference has its value or is undefined`() throws {
    let vectors = try Vectors(#require(Vectors.path))
    let cases = vectors.root["edge_cases"] as! [String: [String: Any]]
    var checked = 0
    for (name, one) in cases where one["alpha_nominal"] != nil {
      let summary = try Vectors.table(one).summary(Resampling(replicates: 0))
      let expected = (one["alpha_nominal"] as! [String: Any])["oracle"]
      if let expected = expected as? Double {
        #expect(abs(summary.alpha.statistic.value! - expected) < 1e-9, "\(name)")
      } else {
        #expect(expected as? String == "undefined" && summary.alpha.statistic.value == nil)
      }
      checked += 1
      // Where irrCAC and we both have a number, it is the same number.
      for (key, ours) in [
        ("gwet_ac1", summary.ac1.statistic), ("fleiss_gwet", summary.fleiss.statistic),
        ("conger", summary.conger), ("brennan_prediger", summary.brennanPrediger.statistic),
      ] {
        let theirs = (one[key] as? [String: Any])?["irrCAC(py) 0.4.4"] as? Double
        if let theirs, let ours = ours.value {
          #expect(abs(theirs - ours) < 1e-9, "\(name) \(key)")
          checked += 1
        }
      }
    }
    #expect(checked > 40)
  }

  @Test func `weights by rank and by value differ where values leave a gap`() throws {
    let gap = try table(["11", "22", "55", "12", "25", "52", "15", "21"])
    let pair = gap.pairwise().table(0, 1)
    // scikit-learn, irr and psych weight by rank, irrCAC by value (vectors.json, edge cases).
    let byRank = pair.cohenKappa(.quadratic(positions: [0, 1, 2])).value!
    let byValue = pair.cohenKappa(.quadratic(positions: [1, 2, 5])).value!
    #expect(abs(byRank - 0.2195121951219512) < 1e-9)
    #expect(abs(byValue - 0.19553) < 1e-5)
  }

  @Test func `a second rating by the same rater is refused with its place`() throws {
    var builder = RatingTable.Builder()
    try builder.add(item: "t1", rater: "ana", label: "joy")
    try builder.add(item: "t2", rater: "ana", label: "joy")
    try builder.add(item: "t1", rater: "ana", label: "fear")
    #expect(throws: RatingError.repeated(item: "t1", rater: "ana", rating: 3)) {
      try builder.table()
    }
    #expect(try builder.table(repeats: .keep).ratingCount == 3)
  }

  @Test func `infinities and items in two dialogues are refused`() throws {
    var builder = RatingTable.Builder()
    #expect(throws: RatingError.notFinite(item: "t", rater: "ana")) {
      try builder.add(item: "t", rater: "ana", value: .nan)
    }
    try builder.add(item: "t", dialogue: "one", rater: "ana", value: 1)
    #expect(throws: RatingError.itemInTwoDialogues(item: "t")) {
      try builder.add(item: "t", dialogue: "two", rater: "ben", value: 1)
    }
  }

  @Test func `labels that are no numbers have no interval`() throws {
    #expect(try table(["ab", "aa"]).alpha(.interval).alpha == .undefined(.notNumeric))
    #expect(try table(["ab", "aa"]).alpha(.ratio).alpha == .undefined(.notNumeric))
  }

  @Test func `sets are the same in any order, and an empty one is an answer`() throws {
    var builder = RatingTable.Builder()
    try builder.add(item: "t", rater: "ana", labels: ["joy", "fear", "joy"])
    try builder.add(item: "t", rater: "ben", labels: ["fear", "joy"])
    try builder.add(item: "u", rater: "ana", labels: [])
    try builder.add(item: "u", rater: "ben", labels: ["a|b"])
    try builder.add(item: "v", rater: "ana", labels: ["a", "b"])
    let table = try builder.table()
    #expect(table.categories.count == 4 && table.ratingCount == 5)
    #expect(table.sets == [["fear", "joy"], [], ["a|b"], ["a", "b"]])
    #expect(table.alpha(SetDistance.jaccard).observed == .value(0.5))
  }

  @Test func `leaving raters or items out leaves the others' ratings as they were`() throws {
    let full = try table(["123", "1.3", "..3", "22."])
    let two = full.keeping(raters: { $0 != "2" })
    #expect(two.counts.ratings == 5 && two.counts.items == 3 && two.raters == ["0", "1"])
    #expect(two.alpha(.nominal) == (try table(["12", "1.", "22"])).alpha(.nominal))
    #expect(full.keeping(items: { $0 == "0" }).counts.ratings == 3)
  }
}
