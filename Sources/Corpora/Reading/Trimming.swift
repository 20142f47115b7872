/// Text without the spaces, tabs and line ends around it.
func trimmed(_ text: String) -> String {
  let bytes = text.utf8
  guard let first = bytes.first, let last = bytes.last else { return text }
  return isSpace(first) || isSpace(last) ? trimmed(Substring(text)) : text
}

/// Text without the spaces, tabs and line ends around it.
func trimmed(_ text: Substring) -> String {
  var rest = text.utf8.drop(while: isSpace)
  while let last = rest.last, isSpace(last) { rest.removeLast() }
  return String(Substring(rest))
}

/// Whether a byte is a space, a tab or a line end.
func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
