internal import FoundationEssentials
internal import NeuralNet

/// A trained model as it is stored: what it is, the labels it knows, its vocabulary and weights.
public struct Checkpoint: Sendable, Equatable {
  /// What it is called, such as `bundled-1`.
  public var name: String
  /// The labels its posteriors speak of, in their order.
  public var labels: [String]
  /// How the network is built.
  public var architecture: Architecture
  /// What it was trained on and with, in words; shown with its suggestions and by `doctor`.
  public var details: String
  /// How often a speaker's emotion changes from one of their turns to the next, counted in the
  /// training dialogues: the prior with which the ``DialogicalEmotionDecoder`` refines what this
  /// model says. `nil` where training had no pair of such turns.
  public var shiftProbability: Double?
  /// The words with vectors of their own.
  var vocabulary: Vocabulary
  /// The word pieces, one a line, of an encoder that travels within the checkpoint; `nil` where it
  /// has none of word pieces, or one that people have as a folder.
  var wordPieces: [UInt8]?
  /// The weights.
  var weights: Weights<Float>

  /// The same without the weights.
  public var description: ModelDescription {
    ModelDescription(
      name: name, labels: labels, architecture: architecture, details: details,
      shiftProbability: shiftProbability)
  }

  /// The version of the layout of checkpoints that this program writes and reads.
  public static let formatVersion = 2

  /// How weights are stored.
  public enum Precision: Sendable {
    /// Large matrices in one byte each, scaled by row; the rest in two: changes posteriors by less
    /// than a hundredth.
    case byte
    /// In two bytes each: changes posteriors by less than a thousandth.
    case half
    /// In four bytes each: exact.
    case single
  }
}

/// Why a checkpoint cannot be used.
public struct CheckpointError: Error, Equatable, CustomStringConvertible {
  /// Which file, what is wrong, what to do.
  public var description: String
  init(_ description: String) { self.description = description }
}

extension Checkpoint {
  /// Reads a checkpoint.
  ///
  /// - Throws: ``CheckpointError`` if the file cannot be read, is cut off or otherwise malformed,
  ///   is no checkpoint of Undertone, comes from a newer version, or does not fit its own
  ///   description.
  public init(contentsOf path: String) throws(CheckpointError) {
    let file = try Safetensors(
      modelAt: path, hint: "Give the path of a checkpoint, e.g. models/bundled.safetensors.")
    try self.init(file, path: path)
  }

  init(_ file: Safetensors, path: String) throws(CheckpointError) {
    guard let text = file.metadata["undertone"] else {
      throw CheckpointError(
        "\(path) is a safetensors file but not a checkpoint of Undertone. "
          + "Train one with: undertone train")
    }
    guard let version = Int(text), version > 0 else {
      throw CheckpointError("\(path) is damaged: its version is \(text.debugDescription).")
    }
    guard version <= Self.formatVersion else {
      throw CheckpointError(
        "\(path) was written by a newer version of Undertone (checkpoint version \(version), this "
          + "program reads \(Self.formatVersion)). Update Undertone.")
    }
    guard version == Self.formatVersion else {
      throw CheckpointError(
        "\(path) was written by an older version of Undertone (checkpoint version \(version), this "
          + "program reads \(Self.formatVersion)). Train it again with: undertone train")
    }
    func damaged(_ what: String) -> CheckpointError {
      CheckpointError("\(path) does not fit its own description: \(what).")
    }
    guard
      let description = try? JSONDecoder().decode(
        ModelDescription.self, from: Data((file.metadata["description"] ?? "").utf8))
    else { throw damaged("it cannot be read") }
    if let fault = description.architecture.fault { throw damaged(fault) }
    guard !description.labels.isEmpty, description.labels.count <= 1000,
      Set(description.labels).count == description.labels.count
    else { throw damaged("its labels are missing or not different") }
    // They are printed, and a file from a stranger must not write to the terminal.
    guard ([description.name, description.details] + description.labels).allSatisfy(isPrintable)
    else { throw damaged("its name, details or labels hold control characters") }
    guard let bytes = file.tensors["vocabulary"], bytes.type == .unsignedByte,
      let words = String(validating: bytes.bytes, as: UTF8.self),
      let vocabulary = Vocabulary(
        words.isEmpty ? [] : words.split(separator: "\n").map(String.init))
    else { throw damaged("its vocabulary is missing or damaged") }
    name = description.name
    labels = description.labels
    architecture = description.architecture
    details = description.details
    if let prior = description.shiftProbability {
      guard prior > 0, prior < 1 else { throw damaged("its shift probability is \(prior)") }
      shiftProbability = prior
    }
    self.vocabulary = vocabulary
    if let tensor = file.tensors["word_pieces"] {
      guard tensor.type == .unsignedByte,
        let tokenizer = try? WordPieceTokenizer(vocabulary: Array(tensor.bytes)),
        tokenizer.count == architecture.external?.fineTuned?.pieces
      else { throw damaged("its word pieces are damaged or belong to another encoder") }
      wordPieces = Array(tensor.bytes)
    }
    weights = Weights()
    for shape in parameterShapes {
      guard let tensor = file.tensors[shape.name], tensor.shape == [shape.rows, shape.columns]
      else { throw damaged("the weights \(shape.name) are missing or have another shape") }
      guard tensor.type == .byte else {
        weights[shape.name] = Matrix(
          rows: shape.rows, columns: shape.columns, elements: tensor.numbers())
        continue
      }
      guard let table = file.table(shape.name, of: tensor) else {
        throw damaged("the scales of the weights \(shape.name) are missing")
      }
      if shape.name == MiniLMNetwork.table {
        weights.tables[shape.name] = table
      } else {
        weights[shape.name] = table.matrix
      }
    }
    guard weights.areFinite else { throw damaged("a weight is not a number") }
  }

  /// Writes the checkpoint; the file is either whole or not there.
  ///
  /// - Throws: ``CheckpointError``.
  public func write(
    to path: String, precision: Precision = .half
  ) throws(CheckpointError) {
    do {
      try writeFileAtomically(path, encoded(precision: precision).encoded())
    } catch {
      throw CheckpointError("\(error)")
    }
  }

  func encoded(precision: Precision) throws -> Safetensors {
    var file = Safetensors()
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    file.metadata = [
      "undertone": String(Self.formatVersion), "format": "pt",
      "description": String(decoding: try encoder.encode(description), as: UTF8.self),
    ]
    let words = Array(vocabulary.words.joined(separator: "\n").utf8)
    file.tensors["vocabulary"] = .init(type: .unsignedByte, shape: [words.count], bytes: words)
    if let wordPieces {
      file.tensors["word_pieces"] = .init(
        type: .unsignedByte, shape: [wordPieces.count], bytes: wordPieces)
    }
    for shape in parameterShapes {
      guard let matrix = weights[shape.name] else { continue }
      if precision == .byte, matrix.elements.count >= Self.smallestInBytes,
        let (bytes, scales) = Safetensors.Tensor.bytes(matrix)
      {
        file.tensors[shape.name] = bytes
        file.tensors[Safetensors.scaleName(shape.name)] = scales
        continue
      }
      let half: Safetensors.Tensor? = precision == .single ? nil : .half(matrix)
      file.tensors[shape.name] = half ?? .single(matrix)
    }
    return file
  }

  /// Matrices of fewer elements are not worth bytes: their scales would weigh as much.
  private static let smallestInBytes = 8192

  /// The parameters a checkpoint holds: the network's and one head's.
  var parameterShapes: [ParameterShape] {
    let network = DialogueNetwork(architecture: architecture)
    return network.parameters(words: vocabulary.words.count).filter {
      $0.name != MiniLMNetwork.table || wordPieces != nil
    }
      + network.gated.headParameters("head", labels: labels.count)
  }
}

/// Whether a text has no character that a terminal would obey.
func isPrintable(_ text: String) -> Bool {
  text.unicodeScalars.allSatisfy { (0x20..<0x7F).contains($0.value) || $0.value > 0x9F }
}
