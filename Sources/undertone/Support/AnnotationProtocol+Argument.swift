public import ArgumentParser
public import Dialogues

extension AnnotationProtocol: ExpressibleByArgument {}
