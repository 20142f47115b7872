import Dialogues

/// How far the people of a project agree so far: what the live view shows.
///
/// Numbers alone. Which label somebody gave to a turn is not in it.
public struct AgreementBoard: Equatable, Sendable {
  /// A statistic, or why it has none.
  public struct Number: Equatable, Sendable {
    /// The value; `nil` where it is undefined.
    public var value: Double?
    /// The ends of its interval; `nil` where there is none.
    public var interval: ClosedRange<Double>?
    /// Why there is no value; empty where there is one.
    public var reason: String

    /// Creates a number.
    public init(_ value: Double?, interval: ClosedRange<Double>? = nil, reason: String = "") {
      self.value = value
      self.interval = interval
      self.reason = reason
    }
  }

  /// A label against the rest.
  public struct LabelLine: Equatable, Sendable {
    /// The label.
    public var label: String
    /// Krippendorff's α.
    public var alpha: Number
    /// Ratings with it on turns that two people rated.
    public var ratings: Int

    /// Creates a line.
    public init(label: String, alpha: Number, ratings: Int) {
      self.label = label
      self.alpha = alpha
      self.ratings = ratings
    }
  }

  /// Two people.
  public struct PairLine: Equatable, Sendable {
    /// Their names.
    public var names: [String]
    /// Cohen's κ.
    public var kappa: Number
    /// The turns both rated.
    public var turns: Int

    /// Creates a line.
    public init(names: [String], kappa: Number, turns: Int) {
      self.names = names
      self.kappa = kappa
      self.turns = turns
    }
  }

  /// Two labels that are taken for one another.
  public struct ConfusionLine: Equatable, Sendable {
    /// The labels.
    public var labels: [String]
    /// Pairs of ratings of the same turn with both.
    public var count: Int
    /// Their share of all pairs that differ.
    public var share: Double

    /// Creates a line.
    public init(labels: [String], count: Int, share: Double) {
      self.labels = labels
      self.count = count
      self.share = share
    }
  }

  /// How far one person is.
  public struct RaterLine: Equatable, Sendable {
    /// The name.
    public var name: String
    /// The turns they labelled.
    public var labelled: Int

    /// Creates a line.
    public init(name: String, labelled: Int) {
      self.name = name
      self.labelled = labelled
    }
  }

  /// Krippendorff's α.
  public var alpha: Number
  /// Raw agreement.
  public var raw: Number
  /// Gwet's AC1.
  public var ac1: Number
  /// Turns that at least two people rated.
  public var sharedTurns: Int
  /// All turns of the project.
  public var turns: Int
  /// Each label.
  public var labels: [LabelLine]
  /// Each pair of people.
  public var pairs: [PairLine]
  /// What is mixed up most, the most frequent first.
  public var confusions: [ConfusionLine]
  /// Each person.
  public var raters: [RaterLine]

  /// Creates a board.
  public init(
    alpha: Number, raw: Number, ac1: Number, sharedTurns: Int, turns: Int,
    labels: [LabelLine] = [], pairs: [PairLine] = [], confusions: [ConfusionLine] = [],
    raters: [RaterLine] = []
  ) {
    self.alpha = alpha
    self.raw = raw
    self.ac1 = ac1
    self.sharedTurns = sharedTurns
    self.turns = turns
    self.labels = labels
    self.pairs = pairs
    self.confusions = confusions
    self.raters = raters
  }
}

/// What of a project's agreement an annotator may see: the one place that decides it.
public enum AgreementDisclosure: Equatable, Sendable {
  /// All numbers that rest on enough turns.
  case numbers
  /// Nothing, and why.
  case hidden(String)

  /// Numbers on fewer shared turns would tell what another person said about one of them.
  public static let fewestTurns = 5

  /// The board without what may not be seen.
  func applied(to board: AgreementBoard) -> AgreementBoard {
    var board = board
    board.pairs = board.pairs.map { pair in
      guard pair.turns < Self.fewestTurns else { return pair }
      var pair = pair
      pair.kappa = AgreementBoard.Number(nil, reason: "fewer than \(Self.fewestTurns) turns")
      return pair
    }
    if board.sharedTurns < Self.fewestTurns {
      board.labels = []
      board.confusions = []
    }
    return board
  }
}

/// The live view: its board, once there is one, and how far it is scrolled.
public struct AgreementView: Equatable, Sendable {
  /// What is known; `nil` until it is computed.
  public var board: AgreementBoard?
  /// Why it could not be computed; `nil` if it could.
  public var problem: String?
  /// By how many lines the page is scrolled.
  public var scroll = 0
}

extension State {
  /// Whether agreement is shown in this project.
  ///
  /// Not to those who label blind: what changes in it after one's own label tells what somebody else
  /// said of that turn.
  var agreementDisclosure: AgreementDisclosure {
    guard project.annotationProtocol == .blind, review == nil else { return .numbers }
    return .hidden(
      "This project is labelled blind; “undertone agreement” says how far people agree.")
  }
}
