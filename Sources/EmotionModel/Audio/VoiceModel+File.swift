internal import NeuralNet

extension VoiceModel {
  /// The version of the layout of its files that this program writes and reads.
  static let formatVersion = 2

  /// Reads a model.
  ///
  /// - Parameter statistics: what it is to hear of a sound.
  /// - Throws: ``CheckpointError`` if the file cannot be read, is malformed, is no model of voices,
  ///   comes from a newer version, or does not fit this program's statistics.
  public init(
    contentsOf path: String, statistics: VoiceStatistics
  ) throws(CheckpointError) {
    let file = try Safetensors(
      modelAt: path, hint: "Give the path of a model of voices, e.g. models/audio.safetensors.")
    guard let text = file.metadata["undertone-voice"] else {
      throw CheckpointError(
        "\(path) is a safetensors file but no model of voices. Train one with: undertone train --clips"
      )
    }
    guard let version = Int(text), version == Self.formatVersion else {
      throw CheckpointError(
        "\(path) has the version \(text.debugDescription) of models of voices, this program reads "
          + "\(Self.formatVersion). Update Undertone or train it again.")
    }
    func damaged(_ what: String) -> CheckpointError {
      CheckpointError("\(path) does not fit its own description: \(what).")
    }
    let labels = (file.metadata["labels"] ?? "").split(separator: "\n").map(String.init)
    guard (2...100).contains(labels.count), Set(labels).count == labels.count else {
      throw damaged("its labels are missing or not different")
    }
    // Statistics are told apart by their place: another list would be read as nonsense.
    guard file.metadata["statistics"] == statistics.list else {
      throw CheckpointError(
        "\(path) was made for other statistics of sound than are asked for here. Use it with the other "
          + "--voices (fast or thorough), or train it again with: undertone train --clips")
    }
    func matrix(_ name: String, _ rows: Int, _ columns: Int) throws(CheckpointError) -> Matrix<
      Float
    > {
      guard let tensor = file.tensors[name], tensor.shape == [rows, columns] else {
        throw damaged("the weights \(name) are missing or have another shape")
      }
      let matrix: Matrix<Float> = Matrix(rows: rows, columns: columns, elements: tensor.numbers())
      guard !matrix.elements.contains(where: { !$0.isFinite }) else {
        throw damaged("a weight of \(name) is not a number")
      }
      return matrix
    }
    let width = statistics.count
    func discriminant(_ prefix: String) throws(CheckpointError) -> VoiceDiscriminant {
      let names = (file.metadata["\(prefix).means"] ?? "").split(separator: "\n").map(String.init)
      let kinds = names.compactMap { labels.firstIndex(of: $0) }
      guard kinds.count == names.count, Set(kinds).count == labels.count, kinds.count <= 1000 else {
        throw damaged("what its means are means of is missing or no label of its own")
      }
      let dimensions = file.tensors["audio.\(prefix).means"]?.shape.last ?? 0
      guard (1..<kinds.count).contains(dimensions) else {
        throw damaged("the weights audio.\(prefix).means are missing or have another shape")
      }
      return VoiceDiscriminant(
        projection: try matrix("audio.\(prefix).projection", width, dimensions),
        means: try matrix("audio.\(prefix).means", kinds.count, dimensions), labels: kinds)
    }
    name = file.metadata["name"] ?? ""
    details = file.metadata["details"] ?? ""
    guard ([name, details] + labels).allSatisfy(isPrintable) else {
      throw damaged("its name, details or labels hold control characters")
    }
    heard = statistics.list
    self.labels = labels
    training = VoiceNormaliser(
      means: try matrix("audio.means", 1, width).elements,
      deviations: try matrix("audio.deviations", 1, width).elements)
    speakerDeviations = try matrix("audio.speaker.deviations", 1, width).elements
    general = try discriminant("general")
    personal = try discriminant("personal")
  }

  /// Writes the model; the file is either whole or not there.
  ///
  /// - Throws: ``CheckpointError``.
  public func write(to path: String) throws(CheckpointError) {
    var file = Safetensors()
    file.metadata = [
      "undertone-voice": String(Self.formatVersion), "format": "pt", "name": name,
      "details": details, "labels": labels.joined(separator: "\n"),
      "statistics": heard,
    ]
    func row(_ name: String, _ values: [Float]) {
      file.tensors["audio.\(name)"] = .single(Matrix(row: values))
    }
    row("means", training.means)
    row("deviations", training.deviations)
    row("speaker.deviations", speakerDeviations)
    for (prefix, discriminant) in [("general", general), ("personal", personal)] {
      file.metadata["\(prefix).means"] = discriminant.labels.map { labels[$0] }
        .joined(separator: "\n")
      file.tensors["audio.\(prefix).projection"] = .single(discriminant.projection)
      file.tensors["audio.\(prefix).means"] = .single(discriminant.means)
    }
    do {
      try writeFileAtomically(path, file.encoded())
    } catch {
      throw CheckpointError("\(error)")
    }
  }
}
