public import Dialogues

/// What an attempt to learn from corrections learns from: written down before it begins, so that one
/// that was cut short can be gone on with although people have answered more since.
public struct LearningAttempt: Equatable, Sendable, Codable {
  /// How many ratings people had given in the project.
  public var ratings: Int
  /// What people had answered, in the order of the project.
  public var answers: [Vote]

  /// One person's labels of a turn.
  public struct Vote: Equatable, Sendable, Codable {
    /// The turn, as text.
    var turn: String
    /// Who.
    var rater: String
    /// The labels.
    var labels: [String]
  }

  /// - Parameters:
  ///   - ratings: how many ratings people have given in the project.
  ///   - answers: what people answered.
  public init(ratings: Int, answers: [Rating]) {
    self.ratings = ratings
    self.answers = answers.map {
      Vote(turn: "\($0.turn)", rater: $0.rater.name, labels: $0.answer.labels)
    }
  }

  /// The answers as ratings; one whose turn cannot be read is left out.
  public var votes: [Rating] {
    answers.compactMap { vote in
      TurnKey(vote.turn).map {
        Rating(
          turn: $0, rater: Rater(name: vote.rater, kind: .person),
          answer: Answer(labels: vote.labels))
      }
    }
  }
}
