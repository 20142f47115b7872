internal import Glibc

/// A child process that cannot outlive the test process.
///
/// A shell waits for the end of a pipe only the test process holds open, and then kills the child:
/// that end comes however the test process ends. Safe to share because `end` is guarded by a lock.
final class RigProcess: @unchecked Sendable {
  private let shell: pid_t
  private let leash: Int32
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private var hasEnded = false

  private static let script = """
    exec > /dev/null 2>&1
    "$@" < /dev/null &
    child=$!
    while read -r line; do :; done
    kill -KILL $child
    wait $child
    """

  init(_ words: [String], environment: [String]) throws {
    var ends: [Int32] = [0, 0]
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, type, 0, &ends) == 0 else {
      throw SoundRig.Failure(description: "No pipe could be made (errno \(errno)).")
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
    defer { posix_spawn_file_actions_destroy(&actions) }
    var arguments = (["sh", "-c", Self.script, "sh"] + words).map { strdup($0) } + [nil]
    var variables = environment.map { strdup($0) } + [nil]
    defer { (arguments + variables).forEach { free($0) } }
    // Tests run on threads that block signals; a shell that inherits that waits for ever.
    var attributes = posix_spawnattr_t()
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_init(&attributes)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    defer { posix_spawnattr_destroy(&attributes) }
    var child: pid_t = 0
    let code = posix_spawn(&child, "/bin/sh", &actions, &attributes, &arguments, &variables)
    close(ends[0])
    guard code == 0 else {
      close(ends[1])
      throw SoundRig.Failure(description: "\(words[0]) could not be started (errno \(code)).")
    }
    shell = child
    leash = ends[1]
    lock.initialize(to: pthread_mutex_t())
    pthread_mutex_init(lock, nil)
  }

  deinit {
    end()
    pthread_mutex_destroy(lock)
    lock.deallocate()
  }

  /// Kills the child and waits until it is gone.
  func end() {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    guard !hasEnded else { return }
    hasEnded = true
    close(leash)
    var status: Int32 = 0
    while waitpid(shell, &status, 0) < 0, errno == EINTR {}
  }

  /// Where a program is, if it is installed.
  static func find(_ name: String) -> String? {
    ["/usr/bin", "/bin", "/usr/local/bin"].map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }
}

/// Makes a folder only the user can look into, with a short path: a socket's may have 107 bytes.
public func makeTemporaryFolder(_ name: String) throws -> String {
  var template = Array("/tmp/\(name)-XXXXXX".utf8CString)
  guard mkdtemp(&template) != nil else {
    throw SoundRig.Failure(description: "No folder could be made in /tmp (errno \(errno)).")
  }
  return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// Removes a folder and all that is in it.
public func removeFolder(_ path: String) {
  let command: [String] = ["rm", "-rf", "--", path]
  var words = command.map { strdup($0) } + [nil]
  defer { words.forEach { free($0) } }
  var child: pid_t = 0
  var status: Int32 = 0
  guard posix_spawn(&child, "/bin/rm", nil, nil, &words, nil) == 0 else { return }
  while waitpid(child, &status, 0) < 0, errno == EINTR {}
}

func write(_ text: String, to path: String) throws {
  guard let file = fopen(path, "w") else {
    throw SoundRig.Failure(description: "\(path) cannot be written (errno \(errno)).")
  }
  fputs(text, file)
  fclose(file)
}

func fileSize(_ path: String) -> Int {
  var status = stat()
  return stat(path, &status) == 0 ? Int(status.st_size) : 0
}

/// The 32-bit floats in a file; an incomplete last one is left out.
public func readFloats(_ path: String) -> [Float] {
  let count = fileSize(path) / 4
  guard count > 0, let file = fopen(path, "r") else { return [] }
  defer { fclose(file) }
  return [Float](unsafeUninitializedCapacity: count) { buffer, filled in
    filled = fread(buffer.baseAddress, 4, count, file)
  }
}

/// Waits until something is true, looking every few milliseconds.
///
/// - Returns: whether it came true in time.
public func waitUntil(seconds: Double, _ condition: () -> Bool) -> Bool {
  let end = monotonicSeconds() + seconds
  while !condition() {
    if monotonicSeconds() > end { return false }
    usleep(5000)
  }
  return true
}

func monotonicSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
