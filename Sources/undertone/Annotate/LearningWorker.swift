import Annotator
import Dispatch
import EmotionModel
import Glibc
import LabelStore

/// Learns from corrections while somebody labels, where the study's lead agreed to it.
///
/// On a thread of its own at the lowest priority, which sleeps until a rating is saved. Nobody waits
/// for it: quitting ends it wherever it is, and the next sitting goes on from the last epoch that was
/// finished, for what it writes is there as a whole or not at all.
final class LearningWorker: Sendable {
  private let project: Project
  private let learning: CorrectionLearning
  private let after: Int
  private let mailbox: Mailbox
  private let bell = DispatchSemaphore(value: 0)

  /// - Parameters:
  ///   - project: to count ratings in; what is learned from is read through another connection.
  ///   - after: after how many new ratings it learns.
  init(project: Project, learning: CorrectionLearning, after: Int, mailbox: Mailbox) {
    self.project = project
    self.learning = learning
    self.after = after
    self.mailbox = mailbox
  }

  /// Begins to watch; what is due from an earlier sitting is done first.
  func start() {
    bell.signal()
    var thread = pthread_t()
    let worker = Unmanaged.passRetained(self)
    let status = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<LearningWorker>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, worker.toOpaque())
    guard status == 0 else { return worker.release() }
    pthread_detach(thread)
  }

  /// A rating was saved.
  func rated() {
    bell.signal()
  }

  private func run() {
    // Everything else on the machine goes first; on Linux 0 is the thread that asks.
    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 19)
    // The count of ratings from which on it is due; what was cut short is due at once.
    var due =
      learning.models.attempt()?.ratings ?? after + (learning.models.all().last?.ratings ?? 0)
    while true {
      bell.wait()
      while bell.wait(timeout: .now()) == .success {}
      do {
        let count = try project.answerCount()
        guard count >= due else { continue }
        // Another program may have learned since.
        if learning.models.attempt() == nil {
          due = after + (learning.models.all().last?.ratings ?? 0)
        }
        guard count >= due else { continue }
        // What cannot be done yet, or failed, is not tried again with every key.
        due = after + (try learn()?.ratings ?? count)
      } catch {
        mailbox.post(
          .message(Message(.problem, "Nothing was learned from the ratings: \(sentence(error))")))
        due += after
      }
    }
  }

  /// - Returns: what was learned; `nil` if nothing could be, or somebody else is at it.
  private func learn() throws -> LearnedModel? {
    let outcome = try learning.learn(
      mayFinishEarlier: true,
      note: { [mailbox] in mailbox.post(.message(Message(.information, $0))) })
    guard case .learned(let model) = outcome else { return nil }
    try learning.file(model, in: project)
    mailbox.post(.learned(LearningNews(model)))
    return model
  }
}

extension LearningNews {
  init(_ model: LearnedModel) {
    self.init(
      source: model.source, isUsed: model.isUsed, turns: model.turns,
      accuracy: model.score.accuracy, accuracyBefore: model.scoreBefore.accuracy)
  }
}
