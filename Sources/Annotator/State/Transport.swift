/// The sound: what is heard, where in it, and how the device is.
public struct Transport: Equatable, Sendable {
  /// What the sound is doing.
  public enum Activity: Equatable, Sendable {
    case idle
    /// Asked to play; the first sample has not been handed to the device.
    case starting
    case playing
    case paused
  }

  /// What is known of a turn's sound.
  public struct Sound: Equatable, Sendable {
    /// The turn's place in the dialogue.
    public var turn: Int
    /// Its length in seconds.
    public var duration: Double
    /// The largest magnitude, 0 to 1, in each of equally long stretches of the turn.
    public var peaks: [Float]

    /// Creates a description of a turn's sound.
    public init(turn: Int, duration: Double, peaks: [Float]) {
      self.turn = turn
      self.duration = duration
      self.peaks = peaks
    }
  }

  /// What the sound is doing.
  public var activity: Activity
  /// The turn being heard; `nil` when idle.
  public var turn: Int?
  /// Turns to be heard after this one without a key, as ``Command/hearContext`` asks.
  public var isSequence: Bool
  /// The heard position within the turn, in seconds.
  public var position: Double
  /// Where in the turn the sound began this time, in seconds.
  public var playedFrom: Double
  /// The current turn's sound, once it is decoded.
  public var sound: Sound?
  /// Why the current turn has no sound; `nil` if it has.
  public var silence: String?
  /// Speed; pitch stays as it is.
  public var speed: Double
  /// Whether the turn is repeated until stopped.
  public var isLooping: Bool
  /// The device's name, e.g. `default`.
  public var device: String
  /// Why the device cannot be used; `nil` while it can.
  public var deviceProblem: String?

  /// Creates a silent transport.
  public init(device: String = "default") {
    activity = .idle
    turn = nil
    isSequence = false
    position = 0
    playedFrom = 0
    sound = nil
    silence = nil
    speed = 1
    isLooping = false
    self.device = device
    deviceProblem = nil
  }

  /// The speeds ``Command/slower`` and ``Command/faster`` step through. Below half speed on
  /// purpose: a sigh or a swallowed word is heard there.
  public static let speeds: [Double] = [0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 1, 1.15, 1.3, 1.5, 1.75, 2]
}
