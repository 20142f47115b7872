/// The name of one playing of a clip, chosen by whoever asks for it.
///
/// Nothing is read into it.
public typealias ClipToken = UInt64

/// What the player is doing, told when it changes and about thirty times a second while playing.
public struct PlayerStatus: Equatable, Sendable {
  /// What is happening to which clip.
  public var state: State
  /// The ALSA name of the device, such as `default`.
  public var device: String
  /// Whether the device is there.
  public var deviceState: DeviceState
  /// How much of a clip was heard; set in exactly one status for each playing of a clip that was
  /// heard at all, when it ends, is stopped or makes room for another.
  public var heard: Heard?

  /// Creates a status.
  public init(
    state: State, device: String, deviceState: DeviceState, heard: Heard? = nil
  ) {
    self.state = state
    self.device = device
    self.deviceState = deviceState
    self.heard = heard
  }

  /// What is happening to which clip.
  ///
  /// Seconds are the clip's own, whatever the speed.
  public enum State: Equatable, Sendable {
    /// Nothing: playing was stopped.
    case idle
    /// The clip is being heard at this position.
    case playing(ClipToken, seconds: Double)
    /// The clip was paused at this position.
    case paused(ClipToken, seconds: Double)
    /// The clip was heard to its end. In a sequence the next one follows by itself.
    case finished(ClipToken)
    /// The clip cannot be played, or not to its end; why, as one sentence for the status line.
    case failed(ClipToken, message: String)
  }

  /// Whether the device is there.
  public enum DeviceState: Equatable, Sendable {
    /// Not opened; other programs can use it.
    case closed
    /// Opened and working.
    case open
    /// It vanished while playing and is being tried again; why, as one sentence.
    case lost(message: String)
    /// It could not be opened; why, as one sentence.
    case unavailable(message: String)
  }

  /// How much of a clip was heard.
  public struct Heard: Equatable, Sendable {
    /// Which playing of a clip.
    public var token: ClipToken
    /// Milliseconds of the clip, at its own speed, in the longest stretch without a jump.
    ///
    /// A pause does not end a stretch; seeking and looping do.
    public var milliseconds: Int

    /// Creates a measurement.
    public init(token: ClipToken, milliseconds: Int) {
      self.token = token
      self.milliseconds = milliseconds
    }
  }
}

/// A clip to be played, and which part of it.
public struct QueuedClip: Sendable {
  /// The name of this playing.
  public var token: ClipToken
  /// The sound.
  public var clip: Clip
  /// Where to start, in seconds of the clip.
  public var from: Double
  /// Where to end, in seconds of the clip; `nil` for its end.
  public var until: Double?

  /// Creates an entry of a queue.
  public init(token: ClipToken, clip: Clip, from: Double = 0, until: Double? = nil) {
    self.token = token
    self.clip = clip
    self.from = from
    self.until = until
  }

  /// The frames to be played; empty if the part lies outside the clip.
  var frames: Range<Int> {
    let end = until.map { clip.frame(at: $0) } ?? clip.frameCount
    return min(clip.frame(at: from), end)..<end
  }
}

extension Clip {
  /// The frame at a time, within the clip whatever the time.
  func frame(at seconds: Double) -> Int {
    guard seconds > 0 else { return 0 }
    return Int(min((seconds * Double(sampleRate)).rounded(), Double(frameCount)))
  }

  func seconds(at frame: Int) -> Double { Double(frame) / Double(sampleRate) }
}
