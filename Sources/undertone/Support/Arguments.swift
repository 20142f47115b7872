public import Agreement
public import ArgumentParser
public import Dialogues

// The words of other modules that are also words of the command line.

extension AnnotationProtocol: ExpressibleByArgument {}
extension Rater.Kind: ExpressibleByArgument {}
extension Resampling.Unit: ExpressibleByArgument {}
