/// A recording of an actor, described by its file's name as RAVDESS does it: modality, channel,
/// emotion, intensity, statement, repetition and actor as numbers with hyphens between them
/// (Livingstone and Russo 2018, doi 10.1371/journal.pone.0196391).
public struct ActedClip: Sendable, Hashable {
  /// The emotions in the order of their numbers.
  public static let labels = [
    "neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised",
  ]

  /// The file's name.
  public var file: String
  /// The place of the emotion in ``labels``.
  public var label: Int
  /// Whether it is acted with strong intensity.
  public var isStrong: Bool
  /// The actor's number.
  public var actor: Int

  /// Reads a name; `nil` if it is not of that form.
  ///
  /// - Parameter file: the name without folders, such as `03-01-05-01-02-02-11.flac`.
  public init?(file: String) {
    guard let stem = file.split(separator: ".", maxSplits: 1).first else { return nil }
    let parts = stem.split(separator: "-", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { $0.count == 2 ? Int($0) : nil }
    guard parts.count == 7, numbers.count == 7, (1...8).contains(numbers[2]), numbers[6] > 0 else {
      return nil
    }
    self.file = file
    label = numbers[2] - 1
    isStrong = numbers[3] == 2
    actor = numbers[6]
  }
}
