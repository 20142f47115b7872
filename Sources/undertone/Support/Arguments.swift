public import Agreement
public import ArgumentParser
public import Dialogues
public import EmotionModel
public import Report
internal import Review

// The words of other modules that are also words of the command line.

extension AgreementReport.Level: ExpressibleByArgument {}
extension AnnotationProtocol: ExpressibleByArgument {}
extension Rater.Kind: ExpressibleByArgument {}
extension Resampling.Unit: ExpressibleByArgument {}

extension ReviewReason: ExpressibleByArgument {
  /// Reads what is written on the command line, with dashes for underscores.
  public init?(argument: String) { self.init(rawValue: argument.replacing("-", with: "_")) }
  /// How the values are written on the command line.
  public static var allValueStrings: [String] {
    allCases.map { $0.rawValue.replacing("_", with: "-") }
  }
}

extension LabelQuality: ExpressibleByArgument {
  /// Reads what is written on the command line, with dashes for underscores.
  public init?(argument: String) { self.init(rawValue: argument.replacing("-", with: "_")) }
  /// How the values are written on the command line.
  public static var allValueStrings: [String] {
    allCases.map { $0.rawValue.replacing("_", with: "-") }
  }
}

extension Architecture.Gate: ExpressibleByArgument {
  /// Reads a gate's name.
  public init?(argument: String) {
    guard let gate = Self.allCases.first(where: { $0.name == argument }) else { return nil }
    self = gate
  }
  /// The names.
  public static var allValueStrings: [String] { allCases.map(\.name) }
}

/// What the values of an option like `--map-label theirs=ours` say: ours for each of theirs.
///
/// - Throws: a sentence about the first that is not of this form, or that maps what another has mapped
///   already to something else.
func pairs(_ texts: [String], _ option: String) throws -> [String: String] {
  var pairs: [String: String] = [:]
  for text in texts {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
      throw ValidationError("\(option) expects theirs=ours, not “\(text.visibleName)”.")
    }
    let (theirs, ours) = (String(parts[0]), String(parts[1]))
    if let before = pairs[theirs], before != ours {
      throw ValidationError(
        "\(option) maps “\(theirs.visibleName)” to both “\(before.visibleName)” and “\(ours.visibleName)”."
      )
    }
    pairs[theirs] = ours
  }
  return pairs
}
