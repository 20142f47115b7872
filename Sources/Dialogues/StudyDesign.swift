/// How the work of several raters is arranged so that it measures something: who rates what, in
/// which order, what they see, and what is there to check them by.
///
/// A setting of the project. Everything random follows from ``seed`` and the identities of dialogues
/// and raters, so every copy of a project arrives at the same arms and the same order.
public struct StudyDesign: Equatable, Sendable, Codable {
  /// When suggestions are seen.
  public var annotationProtocol: AnnotationProtocol
  /// The share of dialogues, 0 to 1, that never show a suggestion.
  ///
  /// Chosen by hash, the same for all raters.
  public var controlShare: Double
  /// Whether, under ``AnnotationProtocol/commitThenReveal``, others' labels of a turn are seen with
  /// its suggestion. Under every other protocol they are hidden.
  public var revealsOthers: Bool
  /// The raters among whom dialogues are shared out; empty if everybody rates everything.
  public var raters: [String]
  /// How many of ``raters`` rate each dialogue.
  public var overlap: Int
  /// How many dialogues are given to a rater a second time, as a share of their dialogues, 0 to 1.
  public var retestShare: Double
  /// How many of the dialogues that have a gold label on every turn are given to every rater,
  /// unmarked, as a share of all dialogues, 0 to 1.
  public var goldShare: Double
  /// After how many new ratings an adapted checkpoint is trained in the background; 0 for never.
  public var learnsAfter: Int
  /// Decides everything random.
  public var seed: UInt64

  /// Creates a design; without arguments, that of a new project.
  public init(
    annotationProtocol: AnnotationProtocol = .assisted, controlShare: Double = 0,
    revealsOthers: Bool = false, raters: [String] = [], overlap: Int = 0, retestShare: Double = 0,
    goldShare: Double = 0, learnsAfter: Int = 0, seed: UInt64 = 1
  ) {
    self.annotationProtocol = annotationProtocol
    self.controlShare = controlShare
    self.revealsOthers = revealsOthers
    self.raters = raters
    self.overlap = overlap
    self.retestShare = retestShare
    self.goldShare = goldShare
    self.learnsAfter = learnsAfter
    self.seed = seed
  }

  /// Which arm a dialogue is in. Under ``AnnotationProtocol/blind`` all are in the control arm.
  public func arm(of dialogue: DialogueKey) -> StudyArm {
    if annotationProtocol == .blind { return .control }
    return share("arm", dialogue) < controlShare ? .control : .suggested
  }

  /// What is wrong with it, as a sentence; `nil` if it can be used.
  public var fault: String? {
    for (name, share) in [
      ("control", controlShare), ("retest", retestShare), ("gold", goldShare),
    ] where !(0...1).contains(share) {
      return "The \(name) share must lie between 0 and 1, not at \(share)."
    }
    if Set(raters).count < raters.count { return "A rater is named twice." }
    if raters.contains(where: { $0.isEmpty || $0.utf8.contains(0) }) {
      return "A rater has no name."
    }
    if overlap < 0 || overlap > raters.count {
      return "\(overlap) raters a dialogue cannot be had of \(raters.count) raters."
    }
    if !raters.isEmpty, overlap == 0 { return "Say how many of the raters rate each dialogue." }
    return learnsAfter < 0 ? "The number of ratings to learn after cannot be negative." : nil
  }

  /// A number that looks random, the same on every machine: FNV-1a (64 bit) over the seed, a purpose
  /// and names, mixed by the finaliser of SplitMix64 because FNV's high bits lag behind.
  func hash(_ purpose: String, _ names: String...) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    for shift in stride(from: 56, through: 0, by: -8) {
      add(UInt8(truncatingIfNeeded: seed >> UInt64(shift)))
    }
    for text in [purpose] + names {
      for byte in text.utf8 { add(byte) }
      add(0)
    }
    hash = (hash ^ hash >> 30) &* 0xBF58_476D_1CE4_E5B9
    hash = (hash ^ hash >> 27) &* 0x94D0_49BB_1331_11EB
    return hash ^ hash >> 31
  }

  /// A number in 0..<1 for a dialogue and a purpose.
  func share(_ purpose: String, _ dialogue: DialogueKey) -> Double {
    Double(hash(purpose, dialogue.corpus, dialogue.split, dialogue.dialogue) >> 11) * 0x1p-53
  }
}

extension StudyDesign {
  /// Reads a design; what a file does not say is as in a new project, so that files of earlier
  /// versions can be read.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init()
    func read<T: Decodable>(_ key: CodingKeys, into path: WritableKeyPath<StudyDesign, T>) throws {
      if let value = try values.decodeIfPresent(T.self, forKey: key) { self[keyPath: path] = value }
    }
    try read(.annotationProtocol, into: \.annotationProtocol)
    try read(.controlShare, into: \.controlShare)
    try read(.revealsOthers, into: \.revealsOthers)
    try read(.raters, into: \.raters)
    try read(.overlap, into: \.overlap)
    try read(.retestShare, into: \.retestShare)
    try read(.goldShare, into: \.goldShare)
    try read(.learnsAfter, into: \.learnsAfter)
    try read(.seed, into: \.seed)
  }
}

/// The label a study takes as the right one for a turn.
public struct Adjudication: Hashable, Sendable, Codable {
  /// The gold labels: usually one; none if the adjudicator decided that there is no right answer.
  public var labels: [String]
  /// Why, in the adjudicator's words; may be empty.
  public var reason: String

  /// Creates an adjudication.
  public init(labels: [String], reason: String = "") {
    self.labels = labels
    self.reason = reason
  }
}
