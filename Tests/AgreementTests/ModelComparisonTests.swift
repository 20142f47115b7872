import Agreement
import Testing

@Suite struct `A model against people` {
  /// Columns are three people and the model; a dialogue has two turns.
  func table(_ rows: [String]) throws -> RatingTable {
    var builder = RatingTable.Builder(categories: ["j", "f"])
    let names = ["ana", "ben", "cleo", "model"]
    for (item, row) in rows.enumerated() {
      for (rater, label) in row.enumerated() where label != "." {
        try builder.add(
          item: "\(item)", dialogue: "\(item / 2)", rater: names[rater], label: String(label))
      }
    }
    return try builder.table()
  }

  @Test func `both are scored on the same turns against the same answers`() throws {
    let table = try table(["jjjj", "jjfj", "ffff", "fffj", "jff.", "j..f", "fjjf"])
    let found = try #require(
      table.compare(model: "model", with: { _ in true }, Resampling(replicates: 0)))
    #expect(found.people.map(\.rater) == ["ana", "ben", "cleo"])
    // ana: the others agree on turns 0, 2, 3 and 6 (j, f, f, j); on turn 1 they tie, turn 4 has no
    // model, turn 5 no others. ana j f f f: 3 of 4; the model j f j f: 2 of 4.
    #expect(found.people[0].items == 4)
    #expect(found.people[0].own.accuracy == .value(0.75))
    #expect(found.people[0].model.accuracy == .value(0.5))
    // Recall of j and f: ana ½ and 1, the model ½ and ½.
    #expect(found.people[0].own.recall == .value(0.75))
    #expect(found.people[0].model.recall == .value(0.5))
    // ana's κ: observed ¾, labels ¼ j ¾ f against ½ and ½: expected ½.
    #expect(found.people[0].own.kappa == .value(0.5))
    #expect(found.people[0].model.kappa == .value(0))
    // ben: others agree on 0 (j), 2 (f), 3 (f); cleo: on 0, 1 (j), 2, 3 (f). Turn 6: tie for both.
    #expect(found.people[1].items == 3 && found.people[2].items == 4)
    #expect(found.people[1].own.accuracy == .value(1))
    #expect(found.people[2].own.accuracy == .value(0.75))
    #expect(found.people[2].model.accuracy == .value(0.75))
    let people = (0.75 + 1 + 0.75) / 3
    let model = (0.5 + 2.0 / 3 + 0.75) / 3
    #expect(found.accuracy.people.statistic == .value(people))
    #expect(abs(found.accuracy.model.statistic.value! - model) < 1e-15)
    #expect(abs(found.accuracy.difference.statistic.value! - (model - people)) < 1e-15)
    #expect(found.items == 5)
  }

  @Test func `a model that repeats a person differs from them by nothing, with certainty`() throws {
    var rows: [String] = []
    for item in 0..<60 {
      let person = item % 5 == 0 ? "f" : "j"
      let others = item % 3 == 0 ? "ff" : "jj"
      rows.append(person + others + person)
    }
    // ana alone is a person beside two who only vote: ben and cleo are scored as well.
    let found = try #require(
      table(rows).compare(model: "model", with: { _ in true }, Resampling(replicates: 200)))
    #expect(found.people[0].own == found.people[0].model)
    let difference = found.accuracy.difference
    let low = try #require(difference.percentile?.low)
    let high = try #require(difference.percentile?.high)
    // Paired: narrower than either mean alone would let it be.
    let model = try #require(found.accuracy.model.percentile)
    let people = try #require(found.accuracy.people.percentile)
    #expect(high - low < model.high - model.low + people.high - people.low)
    #expect(low <= difference.statistic.value! && difference.statistic.value! <= high)
  }

  @Test func `nothing to compare is undefined, and no such model is nothing`() throws {
    let alone = try table(["j..j", "f..f"])
    let found = try #require(alone.compare(model: "model", with: { _ in true }))
    #expect(found.items == 0 && found.people.map(\.items) == [0])
    #expect(found.accuracy.difference.statistic == .undefined(.nothingShared))
    #expect(found.people[0].own.accuracy == .undefined(.nothingShared))
    #expect(alone.compare(model: "other", with: { _ in true }) == nil)
    let nobody = try #require(alone.compare(model: "model", with: { _ in false }))
    #expect(nobody.people.isEmpty)
    #expect(nobody.kappa.people.statistic == .undefined(.nothingShared))
    let constant = try #require(
      table(["jjjj", "jjjj"]).compare(model: "model", with: { _ in true }))
    #expect(constant.accuracy.people.statistic == .value(1))
    #expect(constant.kappa.people.statistic == .undefined(.noVariation))
  }
}
