internal import NeuralNet

// What the files of all models have in common.

extension Safetensors {
  /// Reads a file of a model.
  ///
  /// - Parameter hint: a sentence for whoever gave a path that cannot be read.
  /// - Throws: ``CheckpointError`` if it cannot be read or is malformed.
  init(modelAt path: String, hint: String) throws(CheckpointError) {
    do {
      self = try Safetensors(readFile(path))
    } catch let error as FileError {
      throw CheckpointError("\(error) \(hint)")
    } catch {
      throw CheckpointError(
        "\(path) is not an intact safetensors file: \(error). Copy or download it again.")
    }
  }

  /// A matrix that is stored in bytes; `nil` if its scales are missing or of another shape.
  ///
  /// - Parameter bytes: its bytes, of two extents.
  func table(_ name: String, of bytes: Tensor) -> ByteTable? {
    let (rows, columns) = (bytes.shape[0], bytes.shape[1])
    guard let scales = tensors[Self.scaleName(name)], scales.shape == [rows, 1] else { return nil }
    return ByteTable(
      rows: rows, columns: columns, bytes: bytes.bytes.map(Int8.init(bitPattern:)),
      scales: scales.numbers())
  }

  /// What the scales of a matrix in bytes are called.
  static func scaleName(_ name: String) -> String { "\(name).row_scales" }
}
