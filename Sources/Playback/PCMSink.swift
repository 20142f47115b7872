/// Where frames go: a sound device, or a test that plays one.
///
/// All calls come from one thread, and none of them may wait for the device.
public protocol PCMSink: AnyObject {
  /// How many frames the device takes at a time, its period.
  var periodFrames: Int { get }
  /// The number of frames that can be written now without waiting.
  func writable() throws(SinkError) -> Int
  /// Writes interleaved frames; the device starts by itself once it has a period.
  ///
  /// - Returns: how many frames were taken, from the front.
  func write(_ samples: Span<Float>) throws(SinkError) -> Int
  /// How many frames lie between the last one written and the one being heard.
  func delay() throws(SinkError) -> Int
  /// Makes the device ready for frames, after an underrun or a ``drop()``.
  func prepare() throws(SinkError)
  /// Wakes the device after the machine slept; fails with `EAGAIN` while it is still waking.
  func resume() throws(SinkError)
  /// Silences the device at once; what was written and not heard is forgotten.
  func drop() throws(SinkError)
  /// Gives the device back. Nothing is called afterwards.
  func close()
}

/// What a sink is opened for.
public struct PCMFormat: Hashable, Sendable {
  /// Frames per second.
  public var sampleRate: Int
  /// Samples per frame.
  public var channelCount: Int

  /// Creates a format.
  public init(sampleRate: Int, channelCount: Int) {
    self.sampleRate = sampleRate
    self.channelCount = channelCount
  }
}

extension Clip {
  var format: PCMFormat { PCMFormat(sampleRate: sampleRate, channelCount: channelCount) }
}

/// What a sink failed to do, and the errno it failed with.
public struct SinkError: Error, Equatable, Sendable {
  /// What was being done.
  public var operation: Operation
  /// A positive errno.
  public var code: Int32

  /// Creates an error.
  public init(_ operation: Operation, code: Int32) {
    self.operation = operation
    self.code = code
  }

  /// What a sink is asked to do.
  public enum Operation: String, Sendable {
    /// Opening the device.
    case open
    /// Agreeing on rate, channels and sizes with it.
    case configure
    /// Asking how much fits.
    case writable
    /// Handing over frames.
    case write
    /// Asking how far it is.
    case delay
    /// Making it ready.
    case prepare
    /// Waking it after sleep.
    case resume
    /// Silencing it.
    case drop
    /// Playing what it was given: it took frames, and then time stood still.
    case play
  }
}
