internal import NeuralNet

extension TriggerModel {
  /// The version of the layout of trigger models that this program writes and reads.
  public static let formatVersion = 1

  /// Reads a trigger model.
  ///
  /// - Throws: ``CheckpointError`` if the file cannot be read, is malformed, comes from a newer
  ///   version, or its weights belong to other features.
  public init(contentsOf path: String) throws(CheckpointError) {
    let file: Safetensors
    do {
      file = try Safetensors(readFile(path, limit: 1 << 26))
    } catch let error as FileError {
      throw CheckpointError("\(error) It is made by: undertone train --trigger FILE --out \(path)")
    } catch {
      throw CheckpointError(
        "\(path) is not an intact safetensors file: \(error). Copy or train it again.")
    }
    guard let version = Int(file.metadata["undertone-trigger"] ?? ""), version > 0 else {
      throw CheckpointError("\(path) is a safetensors file but not a trigger model of Undertone.")
    }
    guard version <= Self.formatVersion else {
      throw CheckpointError(
        "\(path) was written by a newer version of Undertone (trigger model version \(version), "
          + "this program reads up to \(Self.formatVersion)). Update Undertone.")
    }
    guard file.metadata["features"] == TriggerFeatures.names.joined(separator: "\n"),
      let weights = file.tensors["weights"], weights.shape == [1, TriggerFeatures.names.count],
      let threshold = file.tensors["threshold"], threshold.shape == [1, 1],
      let trained = file.tensors["trained_on"], trained.type == .unsignedByte,
      trained.shape.count == 2, trained.shape[1] == 8
    else {
      throw CheckpointError(
        "\(path) does not fit this program: its weights belong to other features. Train it again.")
    }
    let numbers: [Double] = weights.numbers() + threshold.numbers()
    guard numbers.allSatisfy(\.isFinite), (0...1).contains(numbers[numbers.count - 1]) else {
      throw CheckpointError("\(path) is damaged: a weight is not a number. Train it again.")
    }
    var fingerprints: Set<UInt64> = []
    for start in stride(from: trained.bytes.startIndex, to: trained.bytes.endIndex, by: 8) {
      fingerprints.insert(
        trained.bytes[start..<start + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) })
    }
    self.init(
      weights: Array(numbers.dropLast()), threshold: numbers[numbers.count - 1],
      details: file.metadata["details"] ?? "", fingerprints: fingerprints)
  }

  /// Writes the model; the file is either whole or not there.
  ///
  /// - Throws: ``CheckpointError``.
  public func write(to path: String) throws(CheckpointError) {
    do {
      try writeFileAtomically(path, encoded.encoded())
    } catch {
      throw CheckpointError("\(error)")
    }
  }

  var encoded: Safetensors {
    var file = Safetensors()
    file.metadata = [
      "undertone-trigger": String(Self.formatVersion), "details": details,
      "features": TriggerFeatures.names.joined(separator: "\n"),
    ]
    file.tensors["weights"] = .single(Matrix(row: weights.map { Float($0) }))
    file.tensors["threshold"] = .single(Matrix(row: [Float(threshold)]))
    let bytes = fingerprints.sorted().flatMap { fingerprint in
      (0..<8).map { UInt8(truncatingIfNeeded: fingerprint >> (8 * $0)) }
    }
    file.tensors["trained_on"] = .init(
      type: .unsignedByte, shape: [fingerprints.count, 8], bytes: bytes)
    return file
  }
}
