internal import Glibc

/// What a child process wrote before it ended.
struct ChildOutput {
  /// Its standard output.
  var output: [UInt8]
  /// The first 4 KiB of its standard error.
  var messages: String
}

/// Runs a program without a shell and collects what it writes.
enum ChildProcess {
  enum Failure: Error {
    case cannotStart(code: Int32)
    case tooSlow
    case tooMuch
    case cancelled
  }

  /// How often a running child is checked on for the caller having lost interest.
  private static let patienceMilliseconds: Int32 = 50

  /// Runs a program to its end.
  ///
  /// However this ends, the child is gone afterwards and waited for.
  static func run(
    program: String, arguments: [String], deadline: Double, mostBytes: Int,
    isCancelled: () -> Bool
  ) throws(Failure) -> ChildOutput {
    let output = try pipe()
    let messages = try pipe()
    let child = try spawn(
      [program] + arguments, output: output.write.number, messages: messages.write.number)
    let end = monotonicNanoseconds() + UInt64(deadline * 1e9)
    // Our copies of the ends the child writes to must go, or the end of its output never comes.
    let reader = Reader(output: output.closingWrite(), messages: messages.closingWrite())
    let result = Result { () throws(Failure) in
      try reader.readAll(until: end, mostBytes: mostBytes, isCancelled: isCancelled)
    }
    if case .failure = result { _ = kill(child, SIGKILL) }
    reap(child, until: end)
    return try result.get()
  }

  /// Waits for the child; one that closed its output but does not end is killed at the deadline.
  private static func reap(_ child: pid_t, until end: UInt64) {
    var status: Int32 = 0
    while true {
      // `status` lives for this call.
      let done = unsafe waitpid(child, &status, WNOHANG)
      if done == child || (done < 0 && errno != EINTR) { return }
      if monotonicNanoseconds() > end { _ = kill(child, SIGKILL) }
      _ = usleep(1000)
    }
  }

  private struct Pipe: ~Copyable {
    var read: Descriptor
    var write: Descriptor

    consuming func closingWrite() -> Descriptor { read }
  }

  private static func pipe() throws(Failure) -> Pipe {
    // Not `pipe`, whose ends another thread's child could inherit before they are marked, and not
    // `pipe2`, which Glibc hides from Swift: a pair of sockets is born close-on-exec.
    var ends: [Int32] = [0, 0]
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    // The array has the two places that are filled.
    guard unsafe socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw .cannotStart(code: errno) }
    return Pipe(read: Descriptor(ends[0]), write: Descriptor(ends[1]))
  }

  private static func spawn(
    _ words: [String], output: Int32, messages: Int32
  ) throws(Failure) -> pid_t {
    // Both are initialised here and destroyed on every way out.
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
    unsafe posix_spawn_file_actions_adddup2(&actions, messages, 2)
    // The program blocks signals before it starts threads; a child that inherited that could not
    // be told that nobody reads its output any more.
    var none = sigset_t()
    var all = sigset_t()
    unsafe sigemptyset(&none)
    unsafe sigfillset(&all)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setsigdefault(&attributes, &all)
    unsafe posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    var child: pid_t = 0
    let code = unsafe withCStrings(words) { arguments in
      // `arguments` ends in nil; `environ` is read while no one writes it, as in every exec.
      unsafe posix_spawn(&child, words[0], &actions, &attributes, arguments, environ)
    }
    guard code == 0 else { throw .cannotStart(code: code) }
    return child
  }

  /// Calls with the words as C wants them: an array of C strings that ends in nil.
  private static func withCStrings<R>(
    _ words: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> R
  ) -> R {
    // The copies are freed after the call that reads them.
    var copies = unsafe words.map { unsafe strdup($0) } + [nil]
    defer { unsafe copies.forEach { unsafe free($0) } }
    return unsafe copies.withUnsafeMutableBufferPointer { buffer in
      // The array is never empty: it ends in nil.
      unsafe body(buffer.baseAddress.unsafelyUnwrapped)
    }
  }

  /// Reads two pipes at once, so that neither fills up and stops the child.
  private struct Reader: ~Copyable {
    var output: Descriptor
    var messages: Descriptor

    borrowing func readAll(
      until end: UInt64, mostBytes: Int, isCancelled: () -> Bool
    ) throws(Failure) -> ChildOutput {
      var collected: [UInt8] = []
      var complaints: [UInt8] = []
      var block = [UInt8](repeating: 0, count: 65536)
      var polled = [
        pollfd(fd: output.number, events: Int16(POLLIN), revents: 0),
        pollfd(fd: messages.number, events: Int16(POLLIN), revents: 0),
      ]
      while polled.contains(where: { $0.fd >= 0 }) {
        if isCancelled() { throw .cancelled }
        if monotonicNanoseconds() > end { throw .tooSlow }
        // The array has the two entries it is said to have.
        _ = unsafe poll(&polled, 2, ChildProcess.patienceMilliseconds)
        for place in polled.indices where polled[place].fd >= 0 && polled[place].revents != 0 {
          // No more is read than the block holds.
          let count = unsafe Glibc.read(polled[place].fd, &block, block.count)
          if count < 0, errno == EINTR || errno == EAGAIN { continue }
          guard count > 0 else {
            polled[place].fd = -1
            continue
          }
          if place == 0 {
            collected.append(contentsOf: block[..<count])
            if collected.count > mostBytes { throw .tooMuch }
          } else if complaints.count < 4096 {
            complaints.append(contentsOf: block[..<min(count, 4096 - complaints.count)])
          }
        }
      }
      return ChildOutput(
        output: collected, messages: String(decoding: complaints, as: UTF8.self))
    }
  }
}
