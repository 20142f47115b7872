internal import Acoustics
internal import NeuralNet

/// Two layers of an encoder that was trained to tell thousands of speakers apart, and so knows what
/// voices do: Resemblyzer's GE2E encoder (Wan and others 2018, arXiv:1710.10467;
/// github.com/resemble-ai/Resemblyzer, Apache-2.0), without its last layer, which knows who speaks and
/// no longer how.
///
/// A value that never changes: safe to use from several threads at once.
public struct SpeakerEncoder: Sendable {
  /// How many statistics it gives of a sound: mean and deviation of each state of the second layer.
  public static let count = 2 * width
  /// Tells its weights apart from others.
  let version: String
  private let spectrum = SpeakerSpectrum()
  private let layers: [LSTM]

  private static let width = 256
  /// The version of the layout of its files that this program reads.
  private static let formatVersion = "1"
  /// Frames that are computed together: bounds memory, and fills the products.
  private static let groupFrames = 8192

  /// Reads an encoder.
  ///
  /// - Throws: ``CheckpointError`` if the file cannot be read, is malformed, or is no such encoder.
  public init(contentsOf path: String) throws(CheckpointError) {
    let file = try Safetensors(
      modelAt: path, hint: "It ships with Undertone as models/speaker.safetensors.")
    guard file.metadata["undertone-speaker"] == Self.formatVersion else {
      throw CheckpointError(
        "\(path) is no encoder of speakers of version \(Self.formatVersion). One ships with "
          + "Undertone as models/speaker.safetensors.")
    }
    var hash = ContentHash()
    func matrix(
      _ name: String, _ rows: Int, _ columns: Int
    ) throws(CheckpointError) -> Matrix<Float> {
      func stored() -> Matrix<Float>? {
        guard let tensor = file.tensors[name], tensor.shape == [rows, columns] else { return nil }
        guard tensor.type != .byte else { return file.table(name, of: tensor)?.matrix }
        return Matrix(rows: rows, columns: columns, elements: tensor.numbers())
      }
      guard let matrix = stored() else {
        throw CheckpointError(
          "\(path) does not fit its own description: the weights \(name) are missing or have another "
            + "shape.")
      }
      guard matrix.elements.allSatisfy(\.isFinite) else {
        throw CheckpointError(
          "\(path) does not fit its own description: a weight of \(name) is not a number.")
      }
      hash.add(matrix.elements)
      return matrix
    }
    var layers: [LSTM] = []
    for (place, inputs) in [SpeakerSpectrum.bands, Self.width].enumerated() {
      layers.append(
        LSTM(
          input: try matrix("speaker.\(place).input", 4 * Self.width, inputs),
          recurrent: try matrix("speaker.\(place).recurrent", 4 * Self.width, Self.width),
          bias: try matrix("speaker.\(place).bias", 1, 4 * Self.width).elements))
    }
    self.layers = layers
    version = hash.digits
    setMatrixThreads(1)
  }

  /// The statistics of sounds, each of ``count`` numbers.
  func statistics(of sounds: [SpeechSound]) -> [[Float]] {
    var result: [[Float]] = []
    result.reserveCapacity(sounds.count)
    var group: [SpeechSound] = []
    var frames = 0
    func finish() {
      result += statistics(together: group)
      group = []
      frames = 0
    }
    for sound in sounds {
      let count = SpeakerSpectrum.frames(of: sound)
      if !group.isEmpty, frames + count > Self.groupFrames { finish() }
      group.append(sound)
      frames += count
    }
    finish()
    return result
  }

  private func statistics(together sounds: [SpeechSound]) -> [[Float]] {
    let spectra = StepwiseRows(sounds.map(spectrum.rows))
    let states = layers.reduce(spectra) { $1.states(of: $0) }
    return sounds.indices.map { sound in
      let (means, deviations) = states.summary(of: sound)
      return means + deviations
    }
  }
}
