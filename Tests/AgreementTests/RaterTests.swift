import Agreement
import Testing

@Suite struct `Raters one by one` {
  /// Rows are items, columns raters; a dot is no rating.
  func table(_ rows: [String], categories: [String] = ["j", "f", "a"]) throws -> RatingTable {
    var builder = RatingTable.Builder(categories: categories)
    for (item, row) in rows.enumerated() {
      for (rater, label) in row.enumerated() where label != "." {
        try builder.add(item: "\(item)", rater: "r\(rater)", label: String(label))
      }
    }
    return try builder.table()
  }

  @Test func `a rater is set against the majority of the others, not of all`() throws {
    //  r0 against r1 r2 r3: j/j, f/tie of three, a/j, j/nobody, f/f with two raters, j/f.
    let summary = try table(["jjjf", "fjfa", "ajj.", "j...", "ff..", "jffj"])
      .summary(Resampling(replicates: 0))
    let first = summary.perRater[0]
    #expect(first.rater == "r0" && first.ratings == 6)
    #expect(first.labels == [3, 2, 1])
    #expect(first.againstMajority.table.shared == 4)
    #expect(first.againstMajority.ties == 1)
    #expect(first.againstMajority.table.rawAgreement == .value(0.5))
    // The confusions: rows are the rater's labels, columns the others' majority.
    #expect(first.againstMajority.table.counts == [1, 1, 0, 0, 1, 0, 1, 0, 0])
  }

  @Test func `alpha without a rater is that of the table without them`() throws {
    let table = try table(["jjjf", "fjfa", "ajj.", "j...", "ff..", "jffj", "a..a"])
    let summary = table.summary(Resampling(replicates: 0))
    for rater in summary.perRater {
      let rest = table.keeping(raters: { $0 != rater.rater })
      guard let with = rater.alphaWithout.value, let alone = rest.alpha(.nominal).alpha.value else {
        Issue.record("alpha is undefined")
        continue
      }
      #expect(abs(with - alone) < 1e-12)
    }
  }

  @Test func `a rater agrees with themselves on what they saw twice`() throws {
    var builder = RatingTable.Builder(categories: ["j", "f"])
    for (item, answers) in [("1", "jj"), ("2", "ff"), ("3", "jf"), ("4", "fff"), ("5", "j")] {
      for answer in answers {
        try builder.add(item: item, rater: "ana", label: String(answer))
      }
      try builder.add(item: item, rater: "ben", label: "j")
    }
    #expect(throws: RatingError.self) { try builder.table() }
    let raters = try builder.table(repeats: .keep).intraRater()
    #expect(raters.map(\.rater) == ["ana"])
    #expect(raters[0].items == 4)
    #expect(raters[0].raw == .value(0.75))
    #expect(raters[0].firstBySecond.counts == [1, 1, 0, 2])
    // The same four items as if each pass were a rater of its own.
    var passes = RatingTable.Builder(categories: ["j", "f"])
    for (item, answers) in [("1", "jj"), ("2", "ff"), ("3", "jf"), ("4", "fff")] {
      for (pass, answer) in answers.enumerated() {
        try passes.add(item: item, rater: "\(pass)", label: String(answer))
      }
    }
    #expect(raters[0].alpha == (try passes.table().alpha(.nominal).alpha))
    // Others are compared by the first answer, or the last.
    let first = try builder.table(repeats: .first)
    let last = try builder.table(repeats: .last)
    #expect(first.ratingCount == 10 && last.ratingCount == 10)
    #expect(first.pairwise().table(0, 1).counts == [3, 0, 2, 0])
    #expect(last.pairwise().table(0, 1).counts == [2, 0, 3, 0])
  }

  @Test func `the median time of a rater leaves out what is not known`() throws {
    let table = try table(["jj", "ff", "j.", "aa"])
    // In the order they were added: r0 and r1 by turns, but for the third item.
    let seconds: [Double?] = [1, 5, 2, nil, 30, 4, 7]
    #expect(table.medians { seconds[$0.order] } == [3, 6])
    #expect(table.medians { _ in nil } == [nil, nil])
  }
}

@Suite struct `Parts of a table` {
  static func table() throws -> RatingTable {
    var builder = RatingTable.Builder(categories: ["j", "f", "a"])
    for item in 0..<20 {
      for rater in 0..<3 {
        let label = ["j", "f", "a"][(item / 3 + (item % 4 == rater ? 1 : 0)) % 3]
        try builder.add(
          item: "\(item)", dialogue: "\(item / 5)", rater: "r\(rater)", label: label)
      }
    }
    return try builder.table()
  }

  @Test func `a condition of single ratings splits an item's ratings`() throws {
    let table = try Self.table()
    // Every rating with its condition in the order they were added.
    let isHidden = (0..<60).map { $0 % 5 == 2 || $0 % 7 == 0 }
    let scopes = table.split { isHidden[$0.order] ? "hidden" : "visible" }
    #expect(scopes.map(\.name) == ["hidden", "visible"])
    #expect(scopes.map(\.table.ratingCount).reduce(0, +) == 60)
    var builder = RatingTable.Builder(categories: ["j", "f", "a"])
    for rater in table.raters { _ = builder.place(ofRater: rater) }
    for item in 0..<20 {
      for rating in table.ratings(of: item) where !isHidden[item * 3 + rating.rater] {
        try builder.add(
          item: "\(item)", dialogue: "\(item / 5)", rater: "r\(rating.rater)",
          label: table.categories[rating.category])
      }
    }
    let plan = Resampling(replicates: 100)
    let (part, whole) = (scopes[1].table.summary(plan), try builder.table().summary(plan))
    #expect(part.counts == whole.counts)
    #expect(part == whole)
    // What else is known of a rating can be found in a part of a part.
    let late = scopes[1].table.keeping(ratings: { $0.order >= 30 })
    #expect(late.ratingCount == (30..<60).count { !isHidden[$0] })
  }

  @Test func `speakers, positions and ratings that go nowhere`() throws {
    let table = try Self.table()
    let scopes = table.split { $0.item % 2 == 0 ? "Mara" : $0.item < 10 ? "Theo" : nil }
    #expect(scopes.map(\.name) == ["Mara", "Theo"])
    #expect(scopes.map { $0.table.counts.items } == [10, 5])
    #expect(scopes[1].table.counts.dialogues == 2)
    #expect(scopes[0].table.categories == table.categories)
    #expect(table.split { _ in nil }.isEmpty)
    #expect(table.keeping(ratings: { _ in false }).ratingCount == 0)
    let none = table.keeping(ratings: { _ in false }).summary()
    #expect(none.alpha.statistic == .undefined(.nothingShared))
  }

  @Test func `windows of time have the same number of items`() throws {
    let table = try Self.table()
    // Later items were rated earlier.
    let windows = table.windows(3) { Double(100 - $0.item) + Double($0.rater) / 10 }
    #expect(windows.map { $0.scope.table.counts.items } == [6, 7, 7])
    #expect(windows[0].scope.table.items.contains("19"))
    #expect(windows[0].from == 81.2 && windows[2].to == 100.2)
    #expect(windows.map { $0.scope.table.ratingCount }.reduce(0, +) == 60)
    #expect(table.windows(50) { _ in 0 }.count == 20)
    #expect(table.keeping(ratings: { _ in false }).windows(4) { _ in 0 }.isEmpty)
  }

  @Test func `a label against the rest has the statistics of the label`() throws {
    let table = try Self.table()
    let summary = table.summary(Resampling(replicates: 0))
    for label in table.categories.indices {
      let rest = table.against(label: label).summary(Resampling(replicates: 0))
      let (one, other) = (summary.perLabel[label], rest)
      #expect(other.perLabel[0].specific.statistic == one.specific.statistic)
      #expect(other.perLabel[0].label == one.label)
      #expect(
        abs(one.alpha.statistic.value! - other.alpha.statistic.value!) < 1e-12)
      #expect(
        abs(one.kappa.statistic.value! - other.fleiss.statistic.value!) < 1e-12)
    }
  }
}
