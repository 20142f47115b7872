/// The ``LabelSums`` of every unit that can be drawn, side by side, so that a replicate is one walk
/// through memory.
struct UnitSums: Sendable {
  let labels: Int
  /// The group of each unit; for items, its pattern.
  private(set) var groupOf: [Int32]
  /// How many units each group has.
  private(set) var multiplicity: [Int]
  private var starts: [Int] = [0]
  private var entryLabels: [Int32] = []
  private var entryTerms: [SIMD8<Double>] = []
  private var rated: [Double] = []
  private var shared: [Double] = []

  /// The sums of items, or of dialogues.
  init(_ table: RatingTable, _ patterns: ItemPatterns, by unit: Resampling.Unit) {
    labels = table.categories.count
    if unit == .items || table.dialogueCount == table.items.count {
      groupOf = patterns.ofItem
      multiplicity = patterns.multiplicity
      for pattern in 0..<patterns.count {
        let size = Int(patterns.sizes[pattern])
        for entry in patterns.starts[pattern]..<patterns.starts[pattern + 1] {
          entryLabels.append(patterns.categories[entry])
          entryTerms.append(LabelSums.terms(count: Int(patterns.counts[entry]), size: size))
        }
        starts.append(entryLabels.count)
        rated.append(size > 0 ? 1 : 0)
        shared.append(size > 1 ? 1 : 0)
      }
      return
    }
    groupOf = (0..<Int32(table.dialogueCount)).map(\.self)
    multiplicity = Array(repeating: 1, count: table.dialogueCount)
    var members = [[Int32]](repeating: [], count: table.dialogueCount)
    for (item, dialogue) in table.dialogueOf.enumerated() {
      members[Int(dialogue)].append(patterns.ofItem[item])
    }
    var own = [SIMD8<Double>](repeating: .zero, count: labels)
    var isTouched = [Bool](repeating: false, count: labels)
    var touched: [Int32] = []
    for items in members {
      var (ratedHere, sharedHere) = (0.0, 0.0)
      for pattern in items.map(Int.init) {
        let size = Int(patterns.sizes[pattern])
        ratedHere += size > 0 ? 1 : 0
        sharedHere += size > 1 ? 1 : 0
        for entry in patterns.starts[pattern]..<patterns.starts[pattern + 1] {
          let label = Int(patterns.categories[entry])
          own[label] += LabelSums.terms(count: Int(patterns.counts[entry]), size: size)
          if !isTouched[label] {
            isTouched[label] = true
            touched.append(Int32(label))
          }
        }
      }
      touched.sort()
      for label in touched {
        entryLabels.append(label)
        entryTerms.append(own[Int(label)])
        own[Int(label)] = .zero
        isTouched[Int(label)] = false
      }
      touched.removeAll(keepingCapacity: true)
      starts.append(entryLabels.count)
      rated.append(ratedHere)
      shared.append(sharedHere)
    }
  }

  /// The sums of a sample in which each group was drawn that many times.
  func sums(of drawn: [Int32]) -> LabelSums {
    var total = [SIMD8<Double>](repeating: .zero, count: labels)
    var sums = LabelSums(labels: labels)
    for (group, times) in drawn.enumerated() where times > 0 {
      let times = Double(times)
      sums.rated += times * rated[group]
      sums.shared += times * shared[group]
      for entry in starts[group]..<starts[group + 1] {
        total[Int(entryLabels[entry])] += times * entryTerms[entry]
      }
    }
    for label in 0..<labels {
      for term in 0..<LabelSums.width {
        sums.terms[label * LabelSums.width + term] = total[label][term]
      }
    }
    return sums
  }

  /// The sums without one unit of a group.
  func sums(of all: LabelSums, without group: Int) -> LabelSums {
    var sums = all
    sums.rated -= rated[group]
    sums.shared -= shared[group]
    for entry in starts[group]..<starts[group + 1] {
      let base = Int(entryLabels[entry]) * LabelSums.width
      for term in 0..<LabelSums.width { sums.terms[base + term] -= entryTerms[entry][term] }
    }
    return sums
  }
}

extension RatingTable {
  /// Statistics of the sums with intervals.
  func estimates(
    _ patterns: ItemPatterns, _ all: LabelSums, _ plan: Resampling,
    statistics: @Sendable (LabelSums) -> [Statistic]
  ) -> [Estimate] {
    let values = statistics(all)
    guard plan.replicates > 0 else { return values.map { Estimate($0) } }
    let units = UnitSums(self, patterns, by: plan.unit)
    let bootstrap = Bootstrap(groupOf: units.groupOf, multiplicity: units.multiplicity)
    let replicates = bootstrap.replicates(plan, width: values.count) {
      statistics(units.sums(of: $0))
    }
    let jackknife = inParallel(units.multiplicity.count, threads: plan.threads) {
      statistics(units.sums(of: all, without: $0))
    }
    return bootstrap.estimates(values, replicates: replicates, jackknife: jackknife, plan: plan)
  }
}
