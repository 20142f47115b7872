public import Agreement
public import ArgumentParser
public import Dialogues
public import Report

// The words of other modules that are also words of the command line.

extension AgreementReport.Level: ExpressibleByArgument {}
extension AnnotationProtocol: ExpressibleByArgument {}
extension Rater.Kind: ExpressibleByArgument {}
extension Resampling.Unit: ExpressibleByArgument {}
