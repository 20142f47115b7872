import Dialogues
import EmotionModel
import LabelStore

/// Which of a project's sources of suggestions is meant where none is named.
enum UsualSource {
  /// What decoding whole dialogues made of the built-in model's suggestions; see `undertone refine`.
  static let refined = "\(builtInSource)+ded"

  /// The first source, by name, that another model's suggestions came under; `nil` if there is none.
  static func imported(into project: Project) throws -> String? {
    try project.sources().map(\.name).first {
      $0 != builtInSource && $0 != refined && !LearnedModel.isSource($0)
    }
  }

  /// The source for a project as a whole: an imported one, else the built-in model, decoded if that was
  /// asked for.
  static func of(_ project: Project) throws -> String {
    if let imported = try imported(into: project) { return imported }
    return try project.suggestionCount(of: refined) > 0 ? refined : builtInSource
  }
}
