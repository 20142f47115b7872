internal import Dialogues

/// A format with a file of tiers for each dialogue.
protocol TierFormat: ExportFormat {
  /// The extension of its files, without the dot.
  var fileExtension: String { get }
  /// The precision of its times: how many units a second has.
  var unitsPerSecond: Double { get }
  /// The file of a dialogue.
  ///
  /// - Parameter losses: counts what only this format cannot hold; ``Tiers/count(_:_:_:in:)`` has
  ///   counted the rest.
  func file(
    _ dialogue: ExportedDialogue, _ tiers: Tiers, _ options: ExportOptions, losses: inout LossCount
  ) -> [UInt8]
}

extension TierFormat {
  func begin(
    _ path: String, _ options: ExportOptions
  ) throws(CorpusError) -> any CorpusExporter {
    try TieredExporter(self, path: path, options)
  }
}

/// Writes `CORPUS/SPLIT/DIALOGUE.EXTENSION` for each dialogue, with the tiers that ``Tiers``
/// describes.
final class TieredExporter: CorpusExporter {
  private let format: any TierFormat
  private let options: ExportOptions
  private let folder: OutputFolder
  private(set) var losses: LossCount

  init(_ format: any TierFormat, path: String, _ options: ExportOptions) throws(CorpusError) {
    self.format = format
    self.options = options
    losses = LossCount(format.name)
    folder = try OutputFolder(path, overwrites: options.overwrites) {
      $0.describe(format.name, options)
    }
  }

  func write(_ dialogue: ExportedDialogue) throws(CorpusError) {
    let tiers = Tiers(dialogue, options, unitsPerSecond: format.unitsPerSecond)
    Tiers.count(dialogue, tiers.times, options, in: &losses)
    let bytes = format.file(dialogue, tiers, options, losses: &losses)
    let key = dialogue.key
    let name = [key.corpus, key.split, key.dialogue].map(FileName.escaped).joined(separator: "/")
    let file = try folder.file("\(name).\(format.fileExtension)")
    try file.append { $0 += bytes }
    try file.finish()
  }

  func finish() throws(CorpusError) { try folder.finish() }
}
