public import Agreement
public import ArgumentParser
public import Dialogues
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
