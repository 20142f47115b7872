/// Why a terminal cannot be drawn on.
public enum TerminalError: Error, Equatable {
  /// The input or the output is a file or a pipe.
  case notATerminal
  /// `TERM` is not set.
  case kindUnset
  /// The system does not know the kind of terminal that `TERM` names.
  case kindUnknown(String)
  /// The kind of terminal that `TERM` names cannot move its cursor.
  case tooSimple(String)
  /// A session is open already; a program has one terminal.
  case alreadyOpen
  /// A system call failed; its `errno` in words.
  case system(String)
}

extension TerminalError: CustomStringConvertible {
  /// What is wrong and what to do, in one or two sentences.
  public var description: String {
    switch self {
    case .notATerminal:
      "undertone needs a terminal, but its input or output is a file or a pipe. "
        + "Run it in a terminal window, without <, > or |."
    case .kindUnset:
      "undertone needs a terminal, but TERM is not set. "
        + "Set it to the kind of terminal you use, such as TERM=xterm-256color."
    case .kindUnknown(let kind):
      "undertone needs a terminal that terminfo knows, and it does not know TERM=\(kind). "
        + "Install ncurses-term, or set TERM to a kind that is known, such as xterm-256color."
    case .tooSimple(let kind):
      "undertone needs a terminal whose cursor can be moved, and TERM=\(kind) says that this one "
        + "cannot. Set TERM to the kind of terminal you use, such as xterm-256color."
    case .alreadyOpen:
      "undertone draws on this terminal already."
    case .system(let reason):
      "undertone could not take over the terminal: \(reason)."
    }
  }
}
