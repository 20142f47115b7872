/// How the labels of a model stand for the labels of a project: explicit, and printed before use.
public struct LabelMapping: Equatable, Sendable {
  /// The model's labels, in their order.
  public var source: [String]
  /// The project's labels, in their order.
  public var target: [String]
  /// For each of the model's labels, the place of the project's label that takes its probability;
  /// `nil` if none does.
  public var places: [Int?]

  /// Maps labels of the same name, ignoring case, and otherwise labels that mean the same in the
  /// schemes in common use (MELD, EmoryNLP, IEMOCAP, Ekman's six).
  public init(from source: [String], to target: [String]) {
    self.source = source
    self.target = target
    let names = target.map { $0.lowercased() }
    places = source.map { label in
      let label = label.lowercased()
      if let same = names.firstIndex(of: label) { return same }
      guard let meaning = Self.meaning(of: label) else { return nil }
      return names.firstIndex { Self.meaning(of: $0) == meaning }
    }
  }

  /// The same with labels mapped by hand: for some of the model's labels, in any case, the project's
  /// label to take.
  ///
  /// - Throws: ``LabelMappingError`` for a label that one of the two does not have.
  public func mapping(_ chosen: [String: String]) throws(LabelMappingError) -> LabelMapping {
    var mapping = self
    for (theirs, ours) in chosen.sorted(by: { $0.key < $1.key }) {
      mapping.places[try Self.place(of: theirs, in: source, "The model")] = try Self.place(
        of: ours, in: target, "The project")
    }
    return mapping
  }

  private static func place(
    of label: String, in labels: [String], _ owner: String
  ) throws(LabelMappingError) -> Int {
    if let place = labels.firstIndex(where: { $0.lowercased() == label.lowercased() }) {
      return place
    }
    throw LabelMappingError(
      description: "\(owner) has no label \(label.debugDescription); it has "
        + "\(labels.joined(separator: ", ")).")
  }

  /// Whether every label stands for the label of the same name.
  public var isIdentity: Bool {
    source.count == target.count
      && zip(source, places).allSatisfy { label, place in
        place.map { target[$0].lowercased() == label.lowercased() } ?? false
      }
  }

  /// The model's labels that nothing in the project stands for.
  public var unmapped: [String] { zip(source, places).filter { $1 == nil }.map(\.0) }

  /// The project's labels that the model can never suggest.
  public var unreachable: [String] {
    target.indices.filter { !places.contains($0) }.map { target[$0] }
  }

  /// A posterior over the project's labels.
  ///
  /// - Parameter posterior: probabilities of ``source``.
  /// - Returns: probabilities of ``target`` that sum to 1, after the mass of unmapped labels has
  ///   been shared out in proportion, and that mass. All are 0 and the mass is 1 if nothing is
  ///   mapped.
  public func apply(_ posterior: [Double]) -> (posterior: [Double], unmapped: Double) {
    var mapped = [Double](repeating: 0, count: target.count)
    for (probability, place) in zip(posterior, places) {
      if let place { mapped[place] += probability }
    }
    let total = mapped.reduce(0, +)
    guard total > 0 else { return (mapped, 1) }
    return (mapped.map { $0 / total }, max(0, 1 - total))
  }

  /// The mapping as lines for people, one a label, and a line for labels without a counterpart.
  public var table: String {
    let width = source.map(\.count).max() ?? 0
    var lines = zip(source, places).map { label, place in
      label + String(repeating: " ", count: width - label.count) + "  →  "
        + (place.map { target[$0] } ?? "(none: its probability is shared out)")
    }
    if !unreachable.isEmpty {
      lines.append("never suggested: \(unreachable.joined(separator: ", "))")
    }
    return lines.joined(separator: "\n")
  }

  /// A name for what a label means, the same for labels of the same meaning; the label itself, in
  /// lower case, where its meaning is unknown.
  static func canonical(_ label: String) -> String {
    let label = label.lowercased()
    return meaning(of: label) ?? label
  }

  /// A name for what a label in common use means; `nil` for a label of unknown meaning.
  private static func meaning(of label: String) -> String? {
    switch label {
    case "neutral", "neu": "neutral"
    case "joy", "joyful", "happiness", "happy", "hap": "joy"
    case "anger", "angry", "mad", "ang": "anger"
    case "sadness", "sad": "sadness"
    case "fear", "fearful", "scared", "fea": "fear"
    case "disgust", "disgusted", "dis": "disgust"
    case "surprise", "surprised", "sur": "surprise"
    case "excited", "excitement", "exc": "excitement"
    case "frustration", "frustrated", "fru": "frustration"
    default: nil
    }
  }
}

/// A label that cannot be mapped by hand.
public struct LabelMappingError: Error, Equatable, CustomStringConvertible {
  /// Which label, who does not have it, and what there is.
  public var description: String
}
