/// A model and people on the same turns against the same answers, so that what people reach stands
/// beside what the model reaches.
///
/// For each person, the answers are the majority of the other people, on the items that the person
/// and the model have both labelled and where the others have one label ahead. Person and model are
/// scored on these; the means over the people are the ceiling and the model's score. A model above
/// the ceiling agrees with people as well as they do with one another: more cannot be measured with
/// these labels.
public struct ModelComparison: Equatable, Sendable {
  /// How well labels go with the answers.
  public struct Scores: Equatable, Sendable {
    /// The share of the same label (WA).
    public var accuracy: Statistic
    /// The mean over labels of the share of an answer's items that were given it (UA).
    public var recall: Statistic
    /// Cohen's κ.
    public var kappa: Statistic
  }

  /// One person beside the model.
  public struct Person: Equatable, Sendable {
    /// The person.
    public let rater: String
    /// The items that both were scored on.
    public let items: Int
    /// The person's scores.
    public let own: Scores
    /// The model's, against the same answers.
    public let model: Scores
  }

  /// A score of the model and of people with intervals.
  public struct Difference: Equatable, Sendable {
    /// The mean of the model's scores.
    public let model: Estimate
    /// The mean of the people's scores: the human ceiling.
    public let people: Estimate
    /// The model's mean less the people's, from the same replicates: its interval is paired.
    public let difference: Estimate
  }

  /// The people, in the order of the table; of more than `most`, those with most ratings.
  public let people: [Person]
  /// People that were left out.
  public let leftOut: Int
  /// The items that anybody was scored on.
  public let items: Int
  /// The share of the same label (WA).
  public let accuracy: Difference
  /// The mean over labels of recall (UA).
  public let recall: Difference
  /// Cohen's κ.
  public let kappa: Difference
  /// How the intervals were made.
  public let resampling: Resampling
}

extension RatingTable {
  /// Compares a model with people.
  ///
  /// - Parameters:
  ///   - model: the rater that is the model.
  ///   - isPerson: whether another rater is one of the people.
  ///   - resampling: how intervals are made.
  ///   - most: the people to score at most.
  /// - Returns: the comparison; `nil` where nobody of that name has rated.
  public func compare(
    model: String, with isPerson: (String) -> Bool, _ resampling: Resampling = Resampling(),
    most: Int = 64
  ) -> ModelComparison? {
    guard let machine = raters.firstIndex(of: model) else { return nil }
    let isHuman = raters.indices.map { $0 != machine && isPerson(raters[$0]) }
    var ratings = [Int](repeating: 0, count: raters.count)
    for rater in ratingRaters { ratings[Int(rater)] += 1 }
    let all = raters.indices.filter { isHuman[$0] && ratings[$0] > 0 }
    let people = all.sorted { (ratings[$1], $0) < (ratings[$0], $1) }.prefix(most).sorted()
    let trials = ComparisonTrials(self, machine, isHuman, people, by: resampling.unit)
    let counts = trials.counts(of: Array(repeating: 1, count: trials.units))
    let estimates = trials.estimates(of: counts, resampling)
    return ModelComparison(
      people: people.enumerated().map { place, rater in
        let (own, machine) = trials.tables(counts, place)
        return .init(
          rater: raters[rater], items: Int(own.total), own: own.scores, model: machine.scores)
      }, leftOut: all.count - people.count, items: trials.items,
      accuracy: estimates[0], recall: estimates[1], kappa: estimates[2], resampling: resampling)
  }
}

/// Labels (rows) by answers (columns), counted with whole or, in a sample, repeated items.
private struct Confusion {
  let labels: Int
  let counts: ArraySlice<Double>

  var total: Double { counts.reduce(0, +) }

  var scores: ModelComparison.Scores {
    let total = total
    guard total > 0 else {
      let none = Statistic.undefined(.nothingShared)
      return .init(accuracy: none, recall: none, kappa: none)
    }
    var rows = [Double](repeating: 0, count: labels)
    var columns = rows
    var same = rows
    for row in 0..<labels {
      for column in 0..<labels {
        let count = counts[counts.startIndex + row * labels + column]
        rows[row] += count
        columns[column] += count
        if row == column { same[row] = count }
      }
    }
    let hits = same.reduce(0, +)
    let answers = (0..<labels).filter { columns[$0] > 0 }
    let recall = answers.reduce(0) { $0 + same[$1] / columns[$1] } / Double(answers.count)
    let expected = zip(rows, columns).reduce(0) { $0 + $1.0 * $1.1 } / (total * total)
    let kappa: Statistic =
      same.contains(total)
      ? .undefined(.noVariation) : .corrected(observed: hits / total, expected: expected)
    return .init(accuracy: .value(hits / total), recall: .value(recall), kappa: kappa)
  }
}

/// What was scored, by unit.
private struct ComparisonTrials: Sendable {
  /// Dialogues or items.
  let units: Int
  private(set) var items = 0
  private let labels: Int
  private let people: Int
  private var starts: [Int] = [0]
  /// Where a trial counts for the person and for the model; person x who x labels x labels.
  private var own: [Int32] = []
  private var machine: [Int32] = []

  init(
    _ table: RatingTable, _ model: Int, _ isHuman: [Bool], _ people: [Int],
    by unit: Resampling.Unit
  ) {
    labels = table.categories.count
    self.people = people.count
    units = unit == .items ? table.items.count : table.dialogueCount
    var placeOf = [Int](repeating: -1, count: table.raters.count)
    for (place, rater) in people.enumerated() { placeOf[rater] = place }
    var votes = [Int](repeating: 0, count: labels)
    var found: [(unit: Int, own: Int32, machine: Int32)] = []
    for item in table.items.indices {
      let range = table.starts[item]..<table.starts[item + 1]
      guard let place = range.first(where: { Int(table.ratingRaters[$0]) == model }) else {
        continue
      }
      let guess = Int(table.ratingCategories[place])
      let humans = range.filter { isHuman[Int(table.ratingRaters[$0])] }
      for place in humans { votes[Int(table.ratingCategories[place])] += 1 }
      defer { for place in humans { votes[Int(table.ratingCategories[place])] = 0 } }
      let before = found.count
      for place in humans where placeOf[Int(table.ratingRaters[place])] >= 0 {
        let label = Int(table.ratingCategories[place])
        votes[label] -= 1
        defer { votes[label] += 1 }
        guard let answer = Self.ahead(votes) else { continue }
        let area = placeOf[Int(table.ratingRaters[place])] * 2 * labels * labels
        found.append(
          (
            unit == .items ? item : Int(table.dialogueOf[item]),
            Int32(area + label * labels + answer),
            Int32(area + (labels + guess) * labels + answer)
          ))
      }
      items += found.count > before ? 1 : 0
    }
    // Stable, so that sums are added up in one order on every machine.
    found.sort { $0.unit < $1.unit }
    var next = 0
    for unit in 0..<units {
      while next < found.count, found[next].unit == unit {
        own.append(found[next].own)
        machine.append(found[next].machine)
        next += 1
      }
      starts.append(next)
    }
  }

  /// The one label with the most votes.
  private static func ahead(_ votes: [Int]) -> Int? {
    var (most, label): (Int, Int?) = (0, nil)
    for (place, count) in votes.enumerated() {
      if count > most {
        (most, label) = (count, place)
      } else if count == most {
        label = nil
      }
    }
    return label
  }

  /// The counts of a sample in which each unit was drawn that many times.
  func counts(of drawn: [Int32]) -> [Double] {
    var counts = [Double](repeating: 0, count: people * 2 * labels * labels)
    for (unit, times) in drawn.enumerated() where times > 0 {
      for trial in starts[unit]..<starts[unit + 1] {
        counts[Int(own[trial])] += Double(times)
        counts[Int(machine[trial])] += Double(times)
      }
    }
    return counts
  }

  /// A person's confusions and the model's beside them.
  func tables(_ counts: [Double], _ person: Int) -> (own: Confusion, model: Confusion) {
    let area = labels * labels
    let start = person * 2 * area
    return (
      Confusion(labels: labels, counts: counts[start..<(start + area)]),
      Confusion(labels: labels, counts: counts[(start + area)..<(start + 2 * area)])
    )
  }

  /// For each score the means over people of the model's and theirs, and the difference.
  func statistics(_ counts: [Double]) -> [Statistic] {
    let scores = (0..<people).map { person in
      let (own, model) = tables(counts, person)
      return (own.scores, model.scores)
    }
    let kinds: [(ModelComparison.Scores) -> Statistic] = [\.accuracy, \.recall, \.kappa]
    return kinds.flatMap { score -> [Statistic] in
      // Only where both are defined, or the difference would not be one of pairs.
      let pairs = scores.compactMap { own, model in
        score(own).value.flatMap { own in score(model).value.map { (own, $0) } }
      }
      guard !pairs.isEmpty else {
        let anything = scores.contains { $0.0.accuracy.value != nil }
        let none = Statistic.undefined(anything ? .noVariation : .nothingShared)
        return [none, none, none]
      }
      let people = pairs.reduce(0) { $0 + $1.0 } / Double(pairs.count)
      let model = pairs.reduce(0) { $0 + $1.1 } / Double(pairs.count)
      return [.value(model), .value(people), .value(model - people)]
    }
  }

  func estimates(of counts: [Double], _ plan: Resampling) -> [ModelComparison.Difference] {
    let values = statistics(counts)
    var estimates = values.map { Estimate($0) }
    if plan.replicates > 0 {
      let bootstrap = Bootstrap(
        groupOf: (0..<Int32(units)).map(\.self), multiplicity: Array(repeating: 1, count: units))
      let replicates = bootstrap.replicates(plan, width: values.count) { drawn in
        statistics(self.counts(of: drawn))
      }
      let jackknife = inParallel(units, threads: plan.threads) { unit -> [Statistic] in
        guard starts[unit] < starts[unit + 1] else { return values }
        var rest = counts
        for trial in starts[unit]..<starts[unit + 1] {
          rest[Int(own[trial])] -= 1
          rest[Int(machine[trial])] -= 1
        }
        return statistics(rest)
      }
      estimates = bootstrap.estimates(
        values, replicates: replicates, jackknife: jackknife, plan: plan)
    }
    return (0..<3).map {
      .init(
        model: estimates[3 * $0], people: estimates[3 * $0 + 1], difference: estimates[3 * $0 + 2])
    }
  }
}
