/// How a network is built: stored in its checkpoint, so that a checkpoint says itself what it is.
public struct Architecture: Equatable, Sendable, Codable {
  /// The network that turns a turn's text into a vector; `nil` where such vectors come from
  /// outside.
  public var textEncoder: TextEncoder?
  /// The width of a turn's text vector; 0 for a model without text.
  public var textWidth: Int
  /// The encoder outside the package that gives the vectors; `nil` where there is none.
  public var external: ExternalEncoder?
  /// How many networks judge side by side, each with its own columns of text vectors, slots and
  /// gates.
  ///
  /// The judgement is the mean of their logits. One head holds all their weights, so it stays
  /// linear over the slots.
  public var members = 1
  /// The width of a turn's audio vector; 0 for a model without audio.
  public var audioWidth: Int
  /// What the model looks at when it judges a turn.
  public var slots: [Slot]
  /// How the vector in a slot is prepared.
  public var slotEncoder: SlotEncoder
  /// What decides how far a slot is let through.
  public var gate: Gate
  /// Whether a gate is one number a slot, as published, or one for each column.
  public var gatesEachColumn: Bool
  /// Whether all slots go through the same weights of the head (their sum is judged) or each
  /// through its own (their concatenation is, as published).
  public var sharesHead: Bool
  /// The rate of dropout in training.
  public var dropout: Double

  /// The text encoder of words and n-grams: one or several networks over the same words and n-grams, their
  /// vectors side by side.
  public struct TextEncoder: Equatable, Sendable, Codable {
    /// Rows of the tables of hashed character n-grams.
    public var buckets: Int
    /// The networks.
    public var towers: [Tower]

    /// Creates an encoder.
    public init(buckets: Int = 24_576, towers: [Tower] = [Tower()]) {
      self.buckets = buckets
      self.towers = towers
    }
  }

  /// Sizes of one network of the text encoder of words and n-grams.
  public struct Tower: Equatable, Sendable, Codable {
    /// The width of what comes out.
    public var width = 192
    /// Columns of its tables of words and n-grams.
    public var embedding = 96
    /// Residual gated convolutions; none makes it a bag of words.
    public var convolutions = 2
    /// How many tokens to either side a convolution sees.
    public var reach = 1
    /// Heads of the attention that pools tokens.
    public var heads = 4

    /// Creates the sizes of a tower that stands alone.
    public init() {}

    /// Creates sizes.
    public init(width: Int, embedding: Int, convolutions: Int, reach: Int, heads: Int = 4) {
      self.width = width
      self.embedding = embedding
      self.convolutions = convolutions
      self.reach = reach
      self.heads = heads
    }
  }

  /// A place the model looks at.
  public struct Slot: Hashable, Sendable, Codable {
    /// How the turn is found.
    public var relation: Relation
    /// How far back, counted in turns of the relation.
    public var distance: Int
    /// Which of the turn's two vectors is looked at.
    public var modality: Modality

    /// Creates a slot.
    public init(_ relation: Relation, _ distance: Int, _ modality: Modality) {
      self.relation = relation
      self.distance = distance
      self.modality = modality
    }

    /// Whether it holds the judged turn itself.
    ///
    /// That slot is not gated.
    public var isCurrent: Bool { relation == .back && distance == 0 }
  }

  /// How a slot finds its turn, seen from the judged turn.
  public enum Relation: String, Sendable, Codable {
    /// So many turns earlier, whoever speaks; 0 is the judged turn.
    case back
    /// The speaker's own turn so many of them earlier.
    case own
    /// Other people's turn so many of them earlier.
    case other
    /// The latest turn by another speaker than the one so many turns back, before that turn: the
    /// second pair of streams of each hop in the paper.
    case answered
  }

  /// Which vector of a turn.
  public enum Modality: String, Sendable, Codable {
    /// What is said.
    case text
    /// How it sounds.
    case audio
  }

  /// How a slot's vector is prepared.
  public struct SlotEncoder: Equatable, Sendable, Codable {
    /// The width of what comes out.
    public var width: Int
    /// mLSTM blocks; 0 for a linear map and tanh.
    public var blocks: Int
    /// Heads of the mLSTM blocks.
    public var heads: Int
    /// How many steps the vector is cut into for the mLSTM blocks.
    public var steps: Int
    /// Whether the slots of one modality share an encoder.
    public var isShared: Bool
    /// Whether the judged turn's text goes into its slot as it is.
    ///
    /// Needs ``width`` to be the text's.
    public var passesCurrentText: Bool

    /// Creates a slot encoder.
    public init(
      width: Int, blocks: Int = 0, heads: Int = 4, steps: Int = 16, isShared: Bool = false,
      passesCurrentText: Bool = false
    ) {
      self.width = width
      self.blocks = blocks
      self.heads = heads
      self.steps = steps
      self.isShared = isShared
      self.passesCurrentText = passesCurrentText
    }
  }

  /// What a gate sees.
  public enum Gate: String, Sendable, Codable, CaseIterable {
    /// The judged turn's audio only, as published (its text, in a model without audio). It ranks
    /// positions, whatever was said there.
    case published
    /// The judged turn and the slot's own content.
    case contentAware

    /// What people call it.
    public var name: String {
      switch self {
      case .published: "published"
      case .contentAware: "content-aware"
      }
    }
  }
}

extension Architecture {
  /// What is trained from nothing on a project's own labels: a member for each tower, with the slots
  /// of context of the bundled checkpoint.
  public static func contextual(_ encoder: TextEncoder) -> Architecture {
    let width = encoder.towers.reduce(0) { $0 + $1.width }
    var architecture = Architecture(
      textEncoder: encoder, textWidth: width, audioWidth: 0, slots: contextSlots,
      slotEncoder: SlotEncoder(width: width, passesCurrentText: true), gate: .contentAware,
      gatesEachColumn: true, sharesHead: true, dropout: 0.3)
    architecture.members = encoder.towers.count
    return architecture
  }

  /// The same context over text vectors that another encoder gives.
  public static func contextual(overVectorsOf width: Int) -> Architecture {
    Architecture(
      textEncoder: nil, textWidth: width, audioWidth: 0, slots: contextSlots,
      slotEncoder: SlotEncoder(width: 192), gate: .contentAware, gatesEachColumn: true,
      sharesHead: true, dropout: 0.5)
  }

  /// The same context over all-MiniLM-L6-v2.
  ///
  /// - Parameters:
  ///   - model: the encoder.
  ///   - fineTuned: whether its weights are trained, too.
  static func contextual(over model: MiniLM, fineTuned: Bool) -> Architecture {
    var architecture = contextual(overVectorsOf: model.network.width)
    if fineTuned {
      architecture.slotEncoder = SlotEncoder(width: model.network.width, passesCurrentText: true)
      architecture.dropout = 0.2
    }
    architecture.external = ExternalEncoder(
      identity: model.identity, fineTuned: fineTuned ? model.network : nil)
    return architecture
  }

  private static let contextSlots = [
    Slot(.back, 0, .text), Slot(.back, 1, .text), Slot(.back, 2, .text), Slot(.own, 1, .text),
    Slot(.own, 2, .text), Slot(.other, 1, .text),
  ]

  /// The published model (arXiv:2503.20919): three hops of four streams, each slot with eight
  /// mLSTM blocks of its own over a 512-dimensional vector cut into 16 steps.
  ///
  /// Its code's faults are corrected: all parameters train, gates belong to their own turn and are
  /// not averaged over a batch, and an empty slot is a mask with a learned vector and not zeros.
  public static let paper = Architecture(
    textEncoder: nil, textWidth: 512, audioWidth: 512,
    slots: (0..<3).flatMap { hop in
      [
        Slot(.back, hop, .audio), Slot(.back, hop, .text), Slot(.answered, hop, .audio),
        Slot(.answered, hop, .text),
      ]
    },
    slotEncoder: SlotEncoder(width: 512, blocks: 8), gate: .published, gatesEachColumn: false,
    sharesHead: false, dropout: 0.3)

  /// What is wrong with it, as a clause; `nil` if it can be built.
  ///
  /// A checkpoint is a file from a stranger, so sizes are bounded too.
  var fault: String? {
    let sizes = [textWidth, audioWidth, slotEncoder.width, slotEncoder.blocks]
    guard sizes.allSatisfy({ (0...4096).contains($0) }), slotEncoder.width > 0 else {
      return "its sizes are out of range"
    }
    guard (1...64).contains(slots.count), Set(slots).count == slots.count,
      slots.allSatisfy({ (0...64).contains($0.distance) })
    else { return "its slots are not between 1 and 64 different ones" }
    for slot in slots {
      let width = self.width(of: slot.modality)
      guard width > 0 else { return "a slot looks at a modality the model does not have" }
      guard slot.relation == .back || slot.relation == .answered || slot.distance > 0 else {
        return "a slot looks at a speaker's turn without saying which"
      }
      guard
        slotEncoder.blocks == 0
          || (1...1024).contains(slotEncoder.steps) && width % slotEncoder.steps == 0
      else { return "its vectors do not divide into steps" }
    }
    guard (1...64).contains(slotEncoder.heads), 2 * slotEncoder.width % slotEncoder.heads == 0,
      slotEncoder.width % 2 == 0
    else { return "its width does not divide into heads" }
    guard !slotEncoder.passesCurrentText || slotEncoder.width == textWidth else {
      return "its slots have another width than its text"
    }
    guard (0..<1).contains(dropout) else { return "its rate of dropout is no rate" }
    guard (1...16).contains(members) else { return "its number of members is out of range" }
    if members > 1 {
      guard slotEncoder.width % members == 0, textWidth % members == 0, slotEncoder.blocks == 0,
        gatesEachColumn, sharesHead
      else { return "its parts cannot be shared out to its members" }
    }
    if let external, external.isFineTuned {
      guard textEncoder == nil, external.identity.kind == .minilm,
        external.fineTuned?.width == textWidth, external.fineTuned?.hasFault == false
      else { return "its text encoder does not fit the vectors of another one" }
    }
    return textEncoder.flatMap(fault)
  }

  private func fault(of text: TextEncoder) -> String? {
    guard (1...1 << 24).contains(text.buckets), (1...16).contains(text.towers.count),
      text.towers.allSatisfy({
        (1...4096).contains($0.width) && (1...1024).contains($0.embedding)
          && (0...16).contains($0.convolutions) && (0...8).contains($0.reach)
          && (1...64).contains($0.heads)
      })
    else { return "the sizes of its text encoder are out of range" }
    guard text.towers.reduce(0, { $0 + $1.width }) == textWidth,
      members == 1 || text.towers.allSatisfy({ $0.width * members == textWidth })
    else { return "its text encoder gives vectors of another width" }
    return nil
  }

  /// The width of a turn's vector.
  func width(of modality: Modality) -> Int { modality == .text ? textWidth : audioWidth }

  /// What a gate and the parts of the network are called in a checkpoint.
  func encoderName(of slot: Int) -> String {
    slotEncoder.isShared ? "slots.\(slots[slot].modality.rawValue)" : "slots.\(slot)"
  }

  /// Whether a slot's vector goes in as it is.
  func passesThrough(_ slot: Int) -> Bool {
    slotEncoder.passesCurrentText && slots[slot].isCurrent && slots[slot].modality == .text
  }
}
