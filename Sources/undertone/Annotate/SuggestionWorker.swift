import Annotator
import Dialogues
import Dispatch
import LabelStore
import Playback

/// Has suggestions for the dialogue in front of the annotator: those stored, else computed, in the
/// background, one dialogue at a time.
final class SuggestionWorker: Sendable {
  private let project: Project
  private let wanted: String?
  private let mailbox: Mailbox
  private let queue = DispatchQueue(label: "undertone.suggestions", qos: .utility)

  /// - Parameters:
  ///   - wanted: the source to show; `nil` for the project's own imported one, else the model's.
  init(
    project: Project, wanted: String?, locations: Locations, folders: [String: String],
    decoder: ClipDecoder, mailbox: Mailbox
  ) {
    self.project = project
    self.wanted = wanted
    self.mailbox = mailbox
  }

  func suggest(_ dialogue: OpenDialogue) {
    queue.async { [self] in
      do {
        let scheme = try project.information().scheme
        let name = try wanted ?? project.sources().first?.name ?? "gatedxlstm"
        let stored = try project.suggestions(for: dialogue.dialogue.key, from: name)
        let shown = SuggestionDisplay(scheme: scheme, source: name).views(of: stored, in: dialogue)
        mailbox.post(.suggestionsReady(shown, dialogue: dialogue.place))
      } catch {
        mailbox.post(.suggestionsUnavailable(sentence(error), dialogue: dialogue.place))
      }
    }
  }
}
