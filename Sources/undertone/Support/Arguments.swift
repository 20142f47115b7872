public import Agreement
public import ArgumentParser
public import Dialogues
public import Review

// The words of other modules that are also words of the command line.

extension AnnotationProtocol: ExpressibleByArgument {}
extension Rater.Kind: ExpressibleByArgument {}
extension Resampling.Unit: ExpressibleByArgument {}

extension ReviewReason: ExpressibleByArgument {
  public init?(argument: String) { self.init(rawValue: argument.replacing("-", with: "_")) }
  public static var allValueStrings: [String] {
    allCases.map { $0.rawValue.replacing("_", with: "-") }
  }
}

extension LabelQuality: ExpressibleByArgument {
  public init?(argument: String) { self.init(rawValue: argument.replacing("-", with: "_")) }
  public static var allValueStrings: [String] {
    allCases.map { $0.rawValue.replacing("_", with: "-") }
  }
}
