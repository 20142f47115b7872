/// What the answers of a study say of its raters and of its suggestions.
public struct StudySummary: Equatable, Sendable {
  /// Everybody's answers.
  public let all: StudyRates
  /// Each rater's who answered, by name.
  public let raters: [Rater]
  /// Drift: the first, second ... part of every rater's answers in the order they were given, all
  /// raters together. Answers without a time are in none.
  public let windows: [StudyRates]
  /// How the intervals were made.
  public let resampling: Resampling

  /// One rater.
  public struct Rater: Equatable, Sendable {
    /// The name.
    public let rater: String
    /// Their answers.
    public let rates: StudyRates
  }

  /// Summarises answers, at most one for each rater and turn.
  ///
  /// - Parameters:
  ///   - answers: the answers.
  ///   - raters: the names of the raters.
  ///   - labels: how many labels there are.
  ///   - windows: how many windows of time.
  ///   - resampling: how intervals are made; dialogues are drawn, whatever it says, because dialogues
  ///     were assigned.
  public init(
    _ answers: [StudyAnswer], raters: [String], labels: Int, windows: Int = 5,
    _ resampling: Resampling = Resampling()
  ) {
    var resampling = resampling
    resampling.unit = .dialogues
    self.resampling = resampling
    all = StudyRates(answers[...], labels: labels, resampling)
    var own = [[StudyAnswer]](repeating: [], count: raters.count)
    for answer in answers { own[answer.rater].append(answer) }
    self.raters = zip(raters, own).filter { !$1.isEmpty }.sorted { $0.0 < $1.0 }.map {
      Rater(rater: $0, rates: StudyRates($1[...], labels: labels, resampling))
    }
    var parts = [[StudyAnswer]](repeating: [], count: max(windows, 1))
    for answers in own {
      let timed = answers.enumerated().filter { $0.element.time != nil }.sorted {
        ($0.element.time ?? 0, $0.offset) < ($1.element.time ?? 0, $1.offset)
      }
      for (place, answer) in timed.enumerated() {
        parts[place * parts.count / timed.count].append(answer.element)
      }
    }
    self.windows = parts.filter { !$0.isEmpty }.map {
      StudyRates($0[...], labels: labels, resampling)
    }
  }
}

/// Where the sums of a dialogue lie.
private enum Sum: Int, CaseIterable {
  case shown, accepted
  case assisted, assistedAgreeing, control, controlAgreeing
  case reveals, changed, towards, away
  case timed, faster, audible, unheard
  case judged, hasty
}

/// The sums of a study: the rates, then those of agreement between people in each arm.
private struct StudySums {
  let labels: Int

  var width: Int { Sum.allCases.count + 2 * armWidth }
  /// The terms of all labels, rated and shared items.
  private var armWidth: Int { labels * LabelSums.width + 2 }

  private func start(ofArm arm: Int) -> Int { Sum.allCases.count + arm * armWidth }

  /// The sums of one dialogue that are not 0.
  func sums(of answers: ArraySlice<StudyAnswer>) -> [(place: Int, amount: Double)] {
    var sums: [Int: Double] = [:]
    func count(_ sum: Sum, _ isCounted: Bool = true) {
      if isCounted { sums[sum.rawValue, default: 0] += 1 }
    }
    for answer in answers {
      if let shown = answer.shown {
        count(.shown)
        count(.accepted, answer.label == shown)
        if answer.label == shown, let isHasty = answer.isHasty {
          count(.judged)
          count(.hasty, isHasty)
        }
        if let committed = answer.committed {
          count(.reveals)
          count(.changed, answer.label != committed)
          count(.towards, answer.label == shown && committed != shown)
          count(.away, answer.label != shown && committed == shown)
        }
      }
      if let suggestion = answer.suggestion, let isAssisted = answer.isAssisted {
        count(isAssisted ? .assisted : .control)
        count(isAssisted ? .assistedAgreeing : .controlAgreeing, answer.label == suggestion)
      }
      if let isFaster = answer.isFaster {
        count(.timed)
        count(.faster, isFaster)
      }
      if let isUnheard = answer.isUnheard {
        count(.audible)
        count(.unheard, isUnheard)
      }
    }
    for (arm, isAssisted) in [true, false].enumerated() {
      add(answers.filter { $0.isAssisted == isAssisted }, arm: arm, to: &sums)
    }
    return sums.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// What people say to the same turns of a dialogue in one arm.
  private func add(_ answers: [StudyAnswer], arm: Int, to sums: inout [Int: Double]) {
    let start = start(ofArm: arm)
    // In order, not as a dictionary has them: sums of fractions depend on it in their last digit.
    let sorted = answers.sorted { ($0.item, $0.label) < ($1.item, $1.label) }
    for votes in sorted[...].chunked(by: \.item) {
      sums[start + labels * LabelSums.width, default: 0] += 1
      sums[start + labels * LabelSums.width + 1, default: 0] += votes.count > 1 ? 1 : 0
      for own in votes.chunked(by: \.label) {
        let label = own[own.startIndex].label
        let terms = LabelSums.terms(count: own.count, size: votes.count)
        for term in 0..<LabelSums.width {
          sums[start + label * LabelSums.width + term, default: 0] += terms[term]
        }
      }
    }
  }

  /// Fleiss's κ between people in an arm.
  private func kappa(_ sums: [Double], arm: Int) -> Statistic {
    let start = start(ofArm: arm)
    var own = LabelSums(labels: labels)
    own.terms = Array(sums[start..<(start + labels * LabelSums.width)])
    own.rated = sums[start + labels * LabelSums.width]
    own.shared = sums[start + labels * LabelSums.width + 1]
    return own.shared > 0 ? LabelStatistics(own).fleiss : .undefined(.nothingShared)
  }

  /// All statistics, in the order in which ``StudyRates`` takes them.
  func statistics(_ sums: [Double]) -> [Statistic] {
    func share(_ part: Sum, _ whole: Sum, else reason: Statistic.Reason) -> Statistic {
      .quotient(sums[part.rawValue], sums[whole.rawValue], else: reason)
    }
    func difference(
      _ one: Statistic, _ other: Statistic, _ value: (Double, Double) -> Statistic
    ) -> Statistic {
      guard let first = one.value else { return one }
      guard let second = other.value else { return other }
      return value(first, second)
    }
    let assisted = share(.assistedAgreeing, .assisted, else: .nothingAssisted)
    let control = share(.controlAgreeing, .control, else: .noControl)
    let kappas = (kappa(sums, arm: 0), kappa(sums, arm: 1))
    return [
      share(.accepted, .shown, else: .nothingShown),
      assisted, control,
      difference(assisted, control) { .value($0 - $1) },
      difference(assisted, control) { .quotient($0 - $1, 1 - $1, else: .chanceIsComplete) },
      kappas.0, kappas.1, difference(kappas.0, kappas.1) { .value($0 - $1) },
      share(.changed, .reveals, else: .nothingRevealed),
      share(.towards, .reveals, else: .nothingRevealed),
      share(.away, .reveals, else: .nothingRevealed),
      share(.faster, .timed, else: .notTimed), share(.unheard, .audible, else: .notAudible),
      share(.hasty, .judged, else: .nothingShown),
    ]
  }
}

extension StudyRates {
  fileprivate init(_ answers: ArraySlice<StudyAnswer>, labels: Int, _ resampling: Resampling) {
    let study = StudySums(labels: labels)
    var bootstrap = ClusterBootstrap(width: study.width)
    var (assistedDialogues, controlDialogues) = (0, 0)
    let sorted = answers.enumerated().sorted {
      ($0.element.dialogue, $0.offset) < ($1.element.dialogue, $1.offset)
    }.map(\.element)
    for own in sorted[...].chunked(by: \.dialogue) {
      let isAssisted = own.contains { $0.isAssisted == true }
      let isControl = own.contains { $0.isAssisted == false }
      assistedDialogues += isAssisted ? 1 : 0
      controlDialogues += isControl ? 1 : 0
      // A dialogue that changed its arm on the way is in a stratum of its own.
      bootstrap.add(study.sums(of: own), stratum: (isAssisted ? 1 : 0) + (isControl ? 2 : 0))
    }
    let sums = bootstrap.total
    func count(_ sum: Sum) -> Int { Int(sums[sum.rawValue]) }
    let found = bootstrap.estimates(resampling) { study.statistics($0) }
    let seconds = answers.compactMap(\.seconds).sorted()
    self.init(
      answers: answers.count, assistedDialogues: assistedDialogues,
      controlDialogues: controlDialogues, shown: count(.shown), acceptance: found[0],
      assistedAnswers: count(.assisted), controlAnswers: count(.control),
      assistedAgreement: found[1], controlAgreement: found[2], pull: found[3],
      yielding: found[4], assistedKappa: found[5], controlKappa: found[6],
      kappaDifference: found[7], reveals: count(.reveals), changed: found[8], towards: found[9],
      away: found[10], timed: count(.timed), faster: found[11], audible: count(.audible),
      unheard: found[12], medianSeconds: seconds.isEmpty ? nil : quantile(seconds, 0.5),
      hastyAcceptance: found[13].statistic)
  }
}

extension ArraySlice {
  /// Stretches of elements that have something in common.
  fileprivate func chunked<Key: Equatable>(by key: (Element) -> Key) -> [ArraySlice<Element>] {
    var chunks: [ArraySlice<Element>] = []
    var start = startIndex
    for place in indices where place > start && key(self[place]) != key(self[start]) {
      chunks.append(self[start..<place])
      start = place
    }
    return isEmpty ? [] : chunks + [self[start...]]
  }
}
