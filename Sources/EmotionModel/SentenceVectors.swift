internal import NeuralNet

/// Vectors of a fixed list of texts, computed bit by bit and kept in a file, so that work that was
/// stopped or killed goes on where it was.
public struct SentenceVectors {
  private let path: String
  private let texts: [String]
  private let fingerprint: String
  private var found: [[Float]] = []

  /// Texts between two writes of the file.
  private static let interval = 8192

  /// Begins, or goes on from a file.
  ///
  /// - Parameters:
  ///   - texts: the texts.
  ///   - encoder: which encoder with which weights; vectors of another one are not taken.
  ///   - path: the file; one that is not intact or belongs to other texts is written anew.
  public init(of texts: [String], by encoder: String, keptIn path: String) {
    self.path = path
    self.texts = texts
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for text in [encoder] + texts {
      for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
      hash = (hash ^ 0xFF) &* 0x100_0000_01B3
    }
    fingerprint = String(hash, radix: 16)
    guard let bytes = try? readFile(path), let file = try? Safetensors(bytes),
      file.metadata["fingerprint"] == fingerprint, let tensor = file.tensors["vectors"],
      tensor.type == .single, tensor.shape.count == 2, tensor.shape[0] <= texts.count
    else { return }
    let numbers: [Float] = tensor.numbers()
    let width = tensor.shape[1]
    found = (0..<tensor.shape[0]).map { Array(numbers[$0 * width..<($0 + 1) * width]) }
  }

  /// The share of texts that have their vector.
  public var share: Double {
    texts.isEmpty ? 1 : Double(found.count) / Double(texts.count)
  }

  /// The vectors, once all are there.
  public var all: [[Float]]? { found.count == texts.count ? found : nil }

  /// Computes the vectors of the next few texts.
  ///
  /// - Throws: ``TrainingError`` if the file cannot be written.
  public mutating func goOn(_ vectors: ([String]) -> [[Float]]) throws(TrainingError) {
    let end = min(found.count + 256, texts.count)
    found += vectors(Array(texts[found.count..<end]))
    if found.count % Self.interval == 0 || found.count == texts.count { try write() }
  }

  /// Writes what there is.
  ///
  /// - Throws: ``TrainingError`` if the file cannot be written.
  public func write() throws(TrainingError) {
    let width = found.first?.count ?? 0
    var file = Safetensors()
    file.metadata["fingerprint"] = fingerprint
    file.tensors["vectors"] = .single(
      Matrix(rows: found.count, columns: width, elements: found.flatMap { $0 }))
    do {
      try writeFileAtomically(path, file.encoded())
    } catch {
      throw TrainingError("The vectors computed so far cannot be kept. \(error)")
    }
  }
}
