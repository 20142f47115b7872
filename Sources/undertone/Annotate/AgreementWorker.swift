import Agreement
import Annotator
import Dialogues
import Dispatch
import LabelStore
import Synchronization

/// Computes how far people agree while somebody looks, again whenever ratings come.
///
/// On a queue of its own that nobody waits for: a key is never later for it. With the view closed it
/// does nothing at all.
final class AgreementWorker: Sendable {
  private let project: Project
  private let scheme: LabelScheme
  private let mailbox: Mailbox
  private let queue = DispatchQueue(label: "undertone.agreement", qos: .utility)
  /// The number of the latest request to watch or to stop: what an earlier one began, ends.
  private let latest = Atomic(0)

  /// How often the file is asked whether it has changed, in seconds.
  private static let period = 1.0
  /// Enough for an interval with two decimals, and made in milliseconds.
  private static let resampling = Resampling(replicates: 200)

  init(project: Project, scheme: LabelScheme, mailbox: Mailbox) {
    self.project = project
    self.scheme = scheme
    self.mailbox = mailbox
  }

  func watch(_ isOn: Bool) {
    let number = latest.add(1, ordering: .relaxed).newValue
    guard isOn else { return }
    queue.async { [self] in look(number, seen: nil) }
  }

  /// Ends the watching and waits for a computation that is under way to notice.
  func finish() {
    watch(false)
    queue.sync {}
  }

  private func isStale(_ number: Int) -> Bool { latest.load(ordering: .relaxed) != number }

  private func look(_ number: Int, seen: Int?) {
    guard !isStale(number) else { return }
    let began = monotonicSeconds()
    var count = seen
    do {
      count = try project.changeCount()
      if count != seen, let board = try board(number) {
        mailbox.post(.agreementReady(board))
      }
    } catch {
      mailbox.post(.agreementUnavailable(sentence(error)))
    }
    // A large project takes seconds; then it is looked at more rarely, so that it costs at most a
    // fifth of one processor.
    let pause = max(Self.period, 4 * (monotonicSeconds() - began))
    queue.asyncAfter(deadline: .now() + pause) { [self, count] in look(number, seen: count) }
  }

  /// - Returns: `nil` if nobody looks any more.
  private func board(_ number: Int) throws -> AgreementBoard? {
    struct Stop: Error {}
    var builder = RatingTable.Builder(categories: scheme.labels.map(\.name))
    do {
      try project.forEachRating(by: [.person]) { rating, _ in
        if isStale(number) { throw Stop() }
        guard rating.answer.labels.count == 1 else { return }
        try builder.add(
          item: rating.turn.description, dialogue: rating.turn.dialogue.description,
          rater: rating.rater.name, label: rating.answer.labels[0])
      }
    } catch is Stop {
      return nil
    }
    let table = try builder.table()
    var resampling = Self.resampling
    // One dialogue drawn again and again is the same dialogue.
    if table.dialogueCount < 2 { resampling.unit = .items }
    let summary = table.summary(resampling, mostRaters: 12)
    return isStale(number)
      ? nil : AgreementBoard(summary, turns: try project.information().turns)
  }
}

extension AgreementBoard {
  /// The numbers of a summary that the view has room for.
  init(_ summary: AgreementSummary, turns: Int) {
    self.init(
      alpha: Number(summary.alpha), raw: Number(summary.raw), ac1: Number(summary.ac1),
      sharedTurns: summary.counts.sharedItems, turns: turns,
      labels: summary.perLabel.map {
        LabelLine(label: $0.label, alpha: Number($0.alpha), ratings: $0.ratings)
      })
    let compared = summary.pairwise.raters
    let names = compared.map { summary.raters[$0] }
    let labels = summary.labels.count
    var mixed = [Int](repeating: 0, count: labels * labels)
    for one in names.indices {
      for other in names.indices where other > one {
        let table = summary.pairwise.table(one, other)
        pairs.append(
          PairLine(
            names: [names[one], names[other]], kappa: Number(Estimate(table.cohenKappa)),
            turns: table.shared))
        for row in 0..<labels {
          for column in 0..<labels where row != column {
            mixed[min(row, column) * labels + max(row, column)] +=
              table.counts[row * labels + column]
          }
        }
      }
    }
    let all = Double(max(mixed.reduce(0, +), 1))
    confusions = mixed.indices.filter { mixed[$0] > 0 }
      .sorted { (mixed[$1], $0) < (mixed[$0], $1) }.prefix(5)
      .map { place in
        ConfusionLine(
          labels: [summary.labels[place / labels], summary.labels[place % labels]],
          count: mixed[place], share: Double(mixed[place]) / all)
      }
    raters = summary.perRater.map { RaterLine(name: $0.rater, labelled: $0.ratings) }
  }
}

extension AgreementBoard.Number {
  fileprivate init(_ estimate: Estimate) {
    self.init(
      estimate.statistic.value,
      interval: estimate.percentile.map { $0.low...max($0.low, $0.high) },
      reason: estimate.statistic.reason.map { "\($0)" } ?? "")
  }
}
