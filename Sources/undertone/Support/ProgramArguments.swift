import Glibc

/// The words the program was started with, after its name, as the kernel has them.
///
/// Not `CommandLine.arguments`: in a release build with the Swift runtime linked in it came out empty
/// (Swift 6.3.1, x86-64), and every command line opened the annotator.
func programArguments() -> [String] {
  guard let file = fopen("/proc/self/cmdline", "r") else {
    return Array(CommandLine.arguments.dropFirst())
  }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 4096)
  while true {
    let count = fread(&buffer, 1, buffer.count, file)
    if count == 0 { break }
    bytes += buffer[..<count]
  }
  // Every word ends in a zero byte; an empty word is a word, too.
  if bytes.last == 0 { bytes.removeLast() }
  return bytes.split(separator: 0, omittingEmptySubsequences: false).dropFirst()
    .map { String(decoding: $0, as: UTF8.self) }
}
