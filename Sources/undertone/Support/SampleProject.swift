import Corpora
import Dialogues
import Glibc
import LabelStore

/// The project of sample dialogues that opens when no project is named.
///
/// The samples ship with the program, the project made from them is the user's: it lies in their data
/// folder, so that what they label is still there after an update.
struct SampleProject {
  let locations: Locations

  /// The path of the project, which is made if it is not there.
  func path() throws -> String {
    let path = "\(locations.data)/samples.undertone"
    guard let samples = locations.shared("sample-dialogs") else {
      throw Failure(
        "The sample dialogues that ship with Undertone cannot be found. Name a project: "
          + "undertone PROJECT; or the folder that holds them in UNDERTONE_SHARE.")
    }
    if access(path, F_OK) == 0 {
      try follow(samples, in: path)
    } else {
      try create(path, from: samples)
    }
    return path
  }

  private func create(_ path: String, from samples: String) throws {
    guard createFolder(locations.data) else {
      throw Failure(
        "\(locations.data): this folder for the sample project cannot be made; name a project of "
          + "your own instead.")
    }
    var scheme = LabelScheme.meld
    scheme.guidelines = readText("\(samples)/guidelines.md") ?? ""
    guard let importer = CorpusFormats.named("manifest") else {
      preconditionFailure("the manifest format is not registered")
    }
    let manifest = "\(samples)/manifest.csv"
    let options = ImportOptions(corpus: Self.corpus, root: samples, scheme: scheme)
    let project = try Project.create(
      at: path, name: "sample dialogues", scheme: scheme, program: programVersion
    ) { project in
      try project.importCorpus(name: Self.corpus, root: samples) { writer in
        _ = try importer.read(
          manifest, options: options,
          consume: { try writer.add($0.dialogue, ratings: $0.ratings) })
      }
      let finder = try TurnFinder(project)
      var ratings: [Rating] = []
      _ = try RatingsReader.read(
        "\(samples)/ratings.csv", options: options,
        consume: { rating in
          let keys = try finder.turns(
            corpus: Self.corpus, split: rating.turn.split, dialogue: rating.turn.dialogue,
            turn: rating.turn.turn)
          guard let key = keys.first else { return }
          ratings.append(
            Rating(
              turn: key, rater: Rater(name: rating.rater.name, kind: .demonstration),
              answer: rating.answer))
        })
      try project.importRatings { writer in
        for rating in ratings { try writer.add(rating) }
      }
    }
    try project.close()
  }

  /// The samples may lie elsewhere than when the project was made, e.g. after an installation.
  private func follow(_ samples: String, in path: String) throws {
    let project = try Project.open(at: path, program: programVersion)
    let corpora = try project.information().corpora
    if let corpus = corpora.first(where: { $0.name == Self.corpus }), corpus.root != samples,
      project.readOnlyReason == nil
    {
      try project.moveCorpus(Self.corpus, to: samples)
    }
    try project.close()
  }

  private static let corpus = "samples"
}
