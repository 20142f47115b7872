internal import NeuralNet

/// Where a person keeps what the optional encoders need.
public struct EncoderFolders: Sendable {
  /// The folder of each encoder.
  public var folders: [EncoderKind: String]
  /// ONNX Runtime's library or its folder; `nil` to ask the system's loader.
  public var onnxRuntime: String?

  /// Creates places.
  public init(folders: [EncoderKind: String] = [:], onnxRuntime: String? = nil) {
    self.folders = folders
    self.onnxRuntime = onnxRuntime
  }
}

/// The vectors a checkpoint takes from an encoder outside the package, computed once and then
/// remembered.
///
/// Safe to use from several threads at once.
public struct ExternalVectors: Sendable {
  /// The encoder in use.
  public let identity: EncoderIdentity
  private let encoder: Encoder
  private let text: FeatureCache?
  private let audio: FeatureCache?

  private enum Encoder: Sendable {
    case minilm(MiniLMReader)
    case clap(Clap)
  }

  /// Uses all-MiniLM-L6-v2.
  ///
  /// - Parameter cache: the folder to remember vectors in; `nil` to remember none.
  public init(_ model: MiniLMReader, cache: String?) {
    identity = model.identity
    encoder = .minilm(model)
    text = cache.map {
      FeatureCache(folder: $0, encoder: "\(model.identity.cacheName)-text", width: model.width)
    }
    audio = nil
  }

  /// Uses CLAP.
  public init(_ model: Clap, cache: String?) {
    identity = model.identity
    encoder = .clap(model)
    func open(_ what: String) -> FeatureCache? {
      cache.map {
        FeatureCache(
          folder: $0, encoder: "\(model.identity.cacheName)-\(what)", width: Clap.width)
      }
    }
    text = open("text")
    audio = open("audio")
  }

  /// Loads an encoder.
  ///
  /// - Throws: ``EncoderError``: not given, not there, or not what it should be.
  public init(
    _ kind: EncoderKind, in places: EncoderFolders, cache: String?
  ) throws(EncoderError) {
    guard let folder = places.folders[kind] else {
      throw EncoderError("The encoder \(kind.rawValue) is not at hand: \(kind.howToGet).")
    }
    switch kind {
    case .minilm: self.init(MiniLMReader(try MiniLM(folder: folder)), cache: cache)
    case .clap:
      self.init(
        try Clap(folder: folder, runtime: .find(at: places.onnxRuntime)), cache: cache)
    }
  }

  /// Loads the encoder a checkpoint needs, with the checkpoint's own weights where it was
  /// fine-tuned, or the one that travels within it; `nil` for a checkpoint that needs none.
  ///
  /// - Throws: ``EncoderError``, also if the encoder has other weights than the checkpoint was
  ///   trained with.
  public static func load(
    for classifier: EmotionClassifier, in places: EncoderFolders, cache: String?
  ) throws(EncoderError) -> ExternalVectors? {
    let model = classifier.model
    guard let external = model.architecture.external else { return nil }
    if let within = classifier.encoder { return ExternalVectors(within, cache: cache) }
    func check(_ identity: EncoderIdentity) throws(EncoderError) {
      guard identity != external.identity else { return }
      throw EncoderError(
        "The model \(model.name) was trained with \(external.identity.version), but "
          + "\(places.folders[external.identity.kind] ?? "") holds \(identity.version). Give "
          + "the folder it was trained with, or train it again.")
    }
    func naming<Loaded>(_ load: () throws(EncoderError) -> Loaded) throws(EncoderError) -> Loaded {
      do {
        return try load()
      } catch {
        throw EncoderError("The model \(model.name) cannot be used. \(error)")
      }
    }
    if external.isFineTuned, let folder = places.folders[.minilm] {
      let published = try naming { () throws(EncoderError) in try MiniLM(folder: folder) }
      try check(published.identity)
      let tuned = published.fineTuned(by: classifier.tuning)
      return ExternalVectors(MiniLMReader(tuned), cache: cache)
    }
    let loaded = try naming { () throws(EncoderError) in
      try ExternalVectors(external.identity.kind, in: places, cache: cache)
    }
    try check(loaded.identity)
    return loaded
  }

  /// The vectors of texts, each of length 1, in order; `nil` for a text that says nothing.
  ///
  /// - Throws: ``EncoderError``.
  public func vectors(of texts: [String]) throws -> [[Float]?] {
    let keys = texts.map(FeatureKey.init(text:))
    func compute(_ places: [Int]) throws -> [[Float]?] {
      let wanted = places.map { texts[$0] }
      switch encoder {
      case .minilm(let model): return model.vectorsOfTexts(wanted)
      case .clap(let model): return try wanted.map { try model.textVector(of: $0) }
      }
    }
    guard let text else { return try compute(Array(texts.indices)) }
    return try text.vectors(of: keys, computing: compute)
  }

  /// The width of its vectors.
  public var width: Int {
    switch encoder {
    case .minilm(let model): model.width
    case .clap: Clap.width
    }
  }

  /// Whether it hears, too.
  public var hears: Bool { identity.kind == .clap }

  /// Samples a second of the sounds it takes.
  public static var soundRate: Int { ClapFrontEnd.sampleRate }

  /// The vector of a sound, of length 1; `nil` for one without a sample, and for an encoder that
  /// does not hear.
  ///
  /// - Parameter samples: one channel at 48 kHz, ±1; the first ten seconds are heard.
  /// - Throws: ``EncoderError``.
  public func vector(ofSound samples: [Float]) throws -> [Float]? {
    guard case .clap(let model) = encoder else { return nil }
    let heard = Array(samples.prefix(ClapFrontEnd.length))
    guard let audio else { return try model.audioVector(of: heard) }
    let key = FeatureKey(samples: heard, rate: ClapFrontEnd.sampleRate)
    return try audio.vectors(of: [key]) { _ in [try model.audioVector(of: heard)] }[0]
  }
}

extension TrainingPlan {
  /// Training from nothing over the vectors of an encoder from outside: the published architecture
  /// over CLAP's, and the bundled one's context over those of text alone.
  public static func standard(over vectors: ExternalVectors, seed: UInt64 = 1) -> TrainingPlan {
    var architecture =
      vectors.hears ? Architecture.paper : .contextual(overVectorsOf: vectors.width)
    architecture.external = ExternalEncoder(identity: vectors.identity)
    var phase = Phase(
      name: "dialogues", unit: .dialogues, epochs: 8, batch: 12, rate: 1e-3, encoderRate: 0)
    phase.average = 0.98
    return TrainingPlan(architecture: architecture, phases: [phase], seed: seed)
  }
}

extension EncoderIdentity {
  /// What vectors of this encoder are filed under.
  fileprivate var cacheName: String { "\(kind.rawValue)-\(version)" }
}
