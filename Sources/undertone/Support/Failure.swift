import ArgumentParser

/// A failure with a sentence for the person and the exit code 1.
struct Failure: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) {
    self.description = description
  }
}

/// Runs a command's work, so that every failure is one sentence on stderr and exit code 1, whichever
/// module it comes from. Usage errors keep exit code 2, see ``Undertone/main()``.
func explainingFailures(_ work: () throws -> Void) throws {
  do {
    try work()
  } catch let error as ExitCode {
    throw error
  } catch let error as ValidationError {
    throw error
  } catch {
    printError("undertone: \(sentence(error))")
    throw ExitCode(1)
  }
}
