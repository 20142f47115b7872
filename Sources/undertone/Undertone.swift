import ArgumentParser

@main
struct Undertone: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "undertone")
}
