internal import Glibc

/// The results of `count` independent pieces of work, in their order, on several threads.
///
/// What a piece computes must not depend on which thread runs it, or when.
///
/// - Parameter threads: how many at most; `nil` for as many as the machine has processors.
func inParallel<Result: Sendable>(
  _ count: Int, threads: Int? = nil, _ work: @Sendable (Int) -> Result
) -> [Result] {
  let most = threads ?? sysconf(Int32(_SC_NPROCESSORS_ONLN))
  let workers = min(max(most, 1), count)
  guard workers > 1 else { return (0..<max(count, 0)).map(work) }
  let results = UnsafeMutablePointer<Result?>.allocate(capacity: count)
  results.initialize(repeating: nil, count: count)
  defer {
    results.deinitialize(count: count)
    results.deallocate()
  }
  withoutActuallyEscaping(work) { work in
    // Safe: a piece is run once, by one thread, and writes to its own place; all threads have ended
    // before the results are read.
    nonisolated(unsafe) let places = results
    let share = Share(worker: 0, of: workers, count: count) { places[$0] = work($0) }
    var others: [pthread_t] = []
    for worker in 1..<workers {
      let own = Share(worker: worker, of: workers, count: count, run: share.run)
      if let thread = own.start() {
        others.append(thread)
      } else {
        // The system gives no more threads: this one does that share as well.
        own.finish()
      }
    }
    share.finish()
    for thread in others { pthread_join(thread, nil) }
  }
  return (0..<count).compactMap { results[$0] }
}

/// What one thread does: every so-manieth piece.
private final class Share: Sendable {
  let run: @Sendable (Int) -> Void
  private let pieces: StrideTo<Int>

  init(worker: Int, of workers: Int, count: Int, run: @escaping @Sendable (Int) -> Void) {
    self.run = run
    pieces = stride(from: worker, to: count, by: workers)
  }

  func finish() {
    for piece in pieces { run(piece) }
  }

  /// Finishes in a thread of its own; `nil` if there is none to be had.
  func start() -> pthread_t? {
    var thread = pthread_t()
    let argument = Unmanaged.passRetained(self)
    let status = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Share>.fromOpaque(argument).takeRetainedValue().finish()
        return nil
      }, argument.toOpaque())
    guard status == 0 else {
      argument.release()
      return nil
    }
    return thread
  }
}
