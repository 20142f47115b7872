import ArgumentParser
import Dialogues
import Glibc
import Terminal

/// Who is rating: `--rater`, else the login name.
struct RaterOption: ParsableArguments {
  @Option(name: .long, help: "Who is rating. The login name unless said otherwise.")
  var rater: String?

  /// The rater, a person.
  func person() throws -> Rater {
    let name = (rater ?? Self.loginName).trimmingSpaces
    guard !name.isEmpty else {
      throw Failure("Nobody is named as the rater; say --rater NAME.")
    }
    try Self.check(name)
    return Rater(name: name, kind: .person)
  }

  /// Refuses what cannot be a person's name here.
  static func check(_ name: String) throws {
    // A slash marks the raters that come with a corpus, such as IEMOCAP/E1.
    guard !name.isEmpty, !name.contains("/"), name == name.visibleName else {
      throw Failure("“\(name.visibleName)” cannot be a rater's name: use letters and digits.")
    }
  }

  private static var loginName: String {
    if let entry = getpwuid(getuid()) { return String(cString: entry.pointee.pw_name) }
    return environmentVariable("USER") ?? environmentVariable("LOGNAME") ?? ""
  }
}

extension String {
  var trimmingSpaces: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }

  /// The text without control characters, for messages.
  var visibleName: String {
    String(
      String.UnicodeScalarView(
        unicodeScalars.map { (0x20..<0x7F).contains($0.value) || $0.value > 0x9F ? $0 : "?" }))
  }
}
