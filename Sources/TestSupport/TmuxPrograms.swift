internal import Foundation
internal import Glibc

/// The path of a program that was built with the tests, to be run in a ``Tmux``.
///
/// - Parameter name: the program's name, e.g. `undertone`.
/// - Returns: its path, beside the test program; `nil` if it was not built.
public func builtProgram(_ name: String) -> String? {
  let tests = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
  let path = tests.deletingLastPathComponent().appendingPathComponent(name).path
  return FileManager.default.isExecutableFile(atPath: path) ? path : nil
}

/// Makes a program look after those of its children that have ended.
func remindOfEnds(_ process: pid_t) { kill(process, SIGCHLD) }

/// Runs a program to its end, its output in files.
///
/// Foundation's `Process` cannot start tmux: it notices the end of a program by a descriptor that the
/// program inherits, and the server that tmux leaves behind keeps that open for ever.
///
/// - Returns: the exit status, or 128 and the number of the signal that ended it.
public func runProgram(
  _ path: String, _ arguments: [String], environment: [String], output: String, errors: String
) throws -> Int32 {
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  let flags = O_WRONLY | O_CREAT | O_TRUNC
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, flags, 0o600)
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, flags, 0o600)
  // The threads of a test block signals, and tmux would inherit that and never hear of its
  // programs' ends.
  var attributes = posix_spawnattr_t()
  posix_spawnattr_init(&attributes)
  defer { posix_spawnattr_destroy(&attributes) }
  var none = sigset_t()
  sigemptyset(&none)
  posix_spawnattr_setsigmask(&attributes, &none)
  posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
  var argv = ([path] + arguments).map { strdup($0) } + [nil]
  var envp = environment.map { strdup($0) } + [nil]
  defer { for text in argv + envp { free(text) } }
  var pid: pid_t = 0
  let problem = posix_spawn(&pid, path, &actions, &attributes, &argv, &envp)
  guard problem == 0 else {
    throw Tmux.Failure(description: "\(path): \(String(cString: strerror(problem)))")
  }
  var status: Int32 = 0
  while waitpid(pid, &status, 0) < 0, errno == EINTR {}
  return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
}
