internal import Glibc

/// The thread that steps a ``PlaybackEngine``, and the box through which it is told what to do.
///
/// Safe to share because every stored variable is touched only while `mutex` is held; the engine
/// exists only on the thread.
@safe final class AudioThread: @unchecked Sendable {
  /// Something to be done on the thread, at a time.
  typealias Command = @Sendable (PlaybackEngine, UInt64) -> Void

  // Allocated, because a mutex must not move; freed when nobody refers to them any more.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let makeEngine: @Sendable () -> PlaybackEngine
  private var commands: [Command] = []
  private var state = State.unborn

  private enum State { case unborn, running, ending, ended }

  init(makeEngine: @escaping @Sendable () -> PlaybackEngine) {
    self.makeEngine = makeEngine
    unsafe mutex.initialize(to: pthread_mutex_t())
    unsafe changed.initialize(to: pthread_cond_t())
    unsafe pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    // Not the wall clock, which jumps.
    unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    unsafe pthread_cond_init(changed, &attributes)
    unsafe pthread_condattr_destroy(&attributes)
  }

  deinit {
    unsafe pthread_cond_destroy(changed)
    unsafe pthread_mutex_destroy(mutex)
    unsafe changed.deallocate()
    unsafe mutex.deallocate()
  }

  /// Has something done on the thread, and starts the thread if nothing was asked of it before.
  ///
  /// - Parameter isFresh: whether what was asked before and not yet done is moot: a hundred quick
  ///   plays shall not be a hundred starts of the device.
  func post(isFresh: Bool = false, _ command: @escaping Command) {
    locked {
      guard state != .ending, state != .ended else { return }
      if isFresh { commands.removeAll() }
      commands.append(command)
      if state == .unborn { start() }
      unsafe pthread_cond_broadcast(changed)
    }
  }

  /// Ends the thread and waits until it has, but not longer than so many seconds: a driver that
  /// hangs must not keep the program from ending.
  func end(waitingAtMost seconds: Double) {
    let limit = monotonicNanoseconds() + UInt64(seconds * 1e9)
    locked {
      if state == .unborn { state = .ended }
      if state == .running { state = .ending }
      unsafe pthread_cond_broadcast(changed)
      while state == .ending, monotonicNanoseconds() < limit { wait(until: limit) }
    }
  }

  private func start() {
    state = .running
    var thread = pthread_t()
    // The thread holds on to the box until it ends.
    let box = unsafe Unmanaged.passRetained(self)
    let code = unsafe pthread_create(
      &thread, nil,
      { argument in
        if let argument = unsafe argument {
          let box = unsafe Unmanaged<AudioThread>.fromOpaque(argument).takeRetainedValue()
          box.run()
        }
        return nil
      }, box.toOpaque())
    guard code == 0 else {
      unsafe box.release()
      state = .unborn
      return
    }
    pthread_detach(thread)
  }

  private func run() {
    // Signals are for the main thread. Threads that sound servers' libraries start from this one
    // inherit that.
    var all = sigset_t()
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_BLOCK, &all, nil)
    let engine = makeEngine()
    var wakeUp = PlaybackEngine.WakeUp.onCommand
    while let commands = next(wakeUp) {
      for command in commands { command(engine, monotonicNanoseconds()) }
      wakeUp = engine.step(now: monotonicNanoseconds())
    }
    engine.close(now: monotonicNanoseconds())
    locked {
      state = .ended
      unsafe pthread_cond_broadcast(changed)
    }
  }

  /// Waits until there is something to do; `nil` when the thread shall end.
  private func next(_ wakeUp: PlaybackEngine.WakeUp) -> [Command]? {
    locked {
      waiting: while commands.isEmpty, state == .running {
        switch wakeUp {
        case .now: break waiting
        case .onCommand: unsafe pthread_cond_wait(changed, mutex)
        case .at(let time):
          guard monotonicNanoseconds() < time else { break waiting }
          wait(until: time)
        }
      }
      guard state == .running else { return nil }
      defer { commands.removeAll() }
      return commands
    }
  }

  /// Waits, with the lock held, for a change or a time.
  private func wait(until time: UInt64) {
    var limit = timespec(
      tv_sec: Int(time / 1_000_000_000), tv_nsec: Int(time % 1_000_000_000))
    unsafe pthread_cond_timedwait(changed, mutex, &limit)
  }

  private func locked<R>(_ body: () -> R) -> R {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return body()
  }
}
