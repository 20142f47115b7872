internal import FoundationEssentials
internal import Glibc
internal import NeuralNet

/// What a project learned from corrections: a folder beside the project file, with the weights of
/// each model in use and a record of every attempt.
///
/// A model is there once its record is: the weights are written first, and each file appears whole or
/// not at all, so that whoever is killed leaves at most a file nobody asks for, which the next
/// attempt removes. Any thread and any number of programs may read; one at a time may learn.
public struct LearnedModels: Sendable {
  /// The folder.
  public let folder: String

  /// How many models in use keep their weights; of older ones only the record stays.
  public static let mostKept = 4

  /// - Parameter project: the path of the project file.
  public init(besides project: String) {
    folder = "\(project).learned"
  }

  // MARK: Looking

  /// Every attempt there was, the first one first; a record that cannot be read is left out.
  public func all() -> [LearnedModel] {
    files().compactMap { name -> LearnedModel? in
      guard let bytes = try? readFile("\(folder)/\(name)", limit: 1 << 26),
        let model = try? JSONDecoder().decode(LearnedModel.self, from: Data(bytes)),
        name == Self.recordName(model.version), model.isNamedByRule
      else { return nil }
      return model
    }.sorted { $0.version < $1.version }
  }

  /// Those in use whose weights are there, the latest first.
  public func used() -> [LearnedModel] {
    all().reversed().filter { $0.isUsed && isFile(weightsPath(of: $0)) }
  }

  /// Where a model's checkpoint is.
  public func weightsPath(of model: LearnedModel) -> String {
    "\(folder)/\(model.source).safetensors"
  }

  // MARK: Choosing

  /// What a rater's suggestions come from.
  public struct Choice: Equatable, Sendable, Codable {
    /// The latest version they may come from; 0 for none.
    public var version: Int
    /// The latest version there was when it was chosen.
    ///
    /// A later one is used without being asked for.
    public var until: Int

    /// Creates a choice.
    public init(version: Int, until: Int) {
      self.version = version
      self.until = until
    }
  }

  /// The latest version that a rater's suggestions may come from; 0 for none.
  public func latestVersion(for rater: String) -> Int {
    let latest = used().first?.version ?? 0
    guard let choice = choices()[rater], latest <= choice.until else { return latest }
    return choice.version
  }

  /// Goes back to the version in use before the present one, down to none; from there to the latest
  /// again.
  ///
  /// - Returns: the model that is used from now on, `nil` for none of them.
  /// - Throws: ``CheckpointError`` if it cannot be written down.
  public func goBack(for rater: String) throws(CheckpointError) -> LearnedModel? {
    let used = used()
    let present = latestVersion(for: rater)
    let next = present == 0 ? used.first : used.first { $0.version < present }
    var choices = choices()
    choices[rater] = Choice(version: next?.version ?? 0, until: used.first?.version ?? 0)
    try write(choices, as: Self.choicesName)
    return next
  }

  private func choices() -> [String: Choice] {
    guard let bytes = try? readFile("\(folder)/\(Self.choicesName)", limit: 1 << 20) else {
      return [:]
    }
    return (try? JSONDecoder().decode([String: Choice].self, from: Data(bytes))) ?? [:]
  }

  // MARK: An attempt that was cut short

  /// Where an attempt keeps how far it is; see ``Trainer/run(name:details:statePath:progress:)``.
  public var statePath: String { "\(folder)/attempt.state" }

  /// What the attempt under way learns from, if one was cut short; `nil` if there is none that can be
  /// read.
  public func attempt() -> LearningAttempt? {
    guard let bytes = try? readFile("\(folder)/\(Self.attemptName)", limit: 1 << 28) else {
      return nil
    }
    return try? JSONDecoder().decode(LearningAttempt.self, from: Data(bytes))
  }

  /// Writes down what an attempt learns from, before it begins.
  ///
  /// To be called ``alone(_:)``.
  ///
  /// - Throws: ``CheckpointError`` if it cannot be written.
  public func begin(_ attempt: LearningAttempt) throws(CheckpointError) {
    endAttempt()
    try write(attempt, as: Self.attemptName)
  }

  /// Forgets the attempt under way.
  ///
  /// To be called ``alone(_:)``.
  public func endAttempt() {
    unlink(statePath)
    unlink("\(folder)/\(Self.attemptName)")
  }

  // MARK: Learning

  /// Does something that only one program at a time may do.
  ///
  /// What programs that were killed left half-done is removed first.
  ///
  /// - Returns: `nil` if another program is at it.
  /// - Throws: ``CheckpointError`` if the folder cannot be made or written to.
  public func alone<Result>(
    _ work: () throws -> Result
  ) throws -> Result? {
    guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw failure(folder) }
    let lock = open("\(folder)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard lock >= 0 else { throw failure("\(folder)/lock") }
    defer { close(lock) }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else { return nil }
    removeRemains()
    return try work()
  }

  /// Takes a model and its weights in; without being better the weights are not kept.
  ///
  /// To be called ``alone(_:)``.
  ///
  /// - Throws: ``CheckpointError`` if they cannot be written; then nothing has changed.
  public func add(_ model: LearnedModel, _ checkpoint: Checkpoint) throws(CheckpointError) {
    if model.isUsed { try checkpoint.write(to: weightsPath(of: model)) }
    try write(model, as: Self.recordName(model.version))
    for old in used().dropFirst(Self.mostKept) { unlink(weightsPath(of: old)) }
  }

  private func removeRemains() {
    let known = Set(all().filter(\.isUsed).map { "\($0.source).safetensors" })
    for name in entries()
    where name.hasSuffix(".partial") || name.hasSuffix(".safetensors") && !known.contains(name) {
      unlink("\(folder)/\(name)")
    }
  }

  // MARK: Files

  private static let choicesName = "choices.json"

  private static let attemptName = "attempt.json"

  private static func recordName(_ version: Int) -> String { "adapted-\(version).json" }

  private func files() -> [String] {
    entries().filter { $0.hasPrefix("adapted-") && $0.hasSuffix(".json") }
  }

  private func entries() -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      names.append(
        withUnsafeBytes(of: entry.pointee.d_name) {
          String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        })
    }
    return names
  }

  private func write(_ value: some Encodable, as name: String) throws(CheckpointError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .useDefaultKeys
    do {
      try writeFileAtomically("\(folder)/\(name)", [UInt8](encoder.encode(value)))
    } catch {
      throw CheckpointError("\(error)")
    }
  }

  private func failure(_ path: String) -> CheckpointError {
    CheckpointError("Cannot create \(path): \(String(cString: strerror(errno))).")
  }
}

extension Checkpoint {
  /// A hash of labels and weights in eight digits.
  var weightsHash: String {
    var hash = ContentHash()
    for label in labels { hash.add(label) }
    for name in weights.names {
      hash.add(name)
      if let table = weights.tables[name] {
        hash.add(table)
      } else if let matrix = weights[name] {
        hash.add(matrix.elements)
      }
    }
    let text = String(hash.value >> 32, radix: 16)
    return String(repeating: "0", count: 8 - text.count) + text
  }

  /// What would be read back after the checkpoint was written.
  func asStored(_ precision: Precision = .half) throws(CheckpointError) -> Checkpoint {
    do {
      return try Checkpoint(encoded(precision: precision), path: name)
    } catch let error as CheckpointError {
      throw error
    } catch {
      throw CheckpointError("\(error)")
    }
  }
}
