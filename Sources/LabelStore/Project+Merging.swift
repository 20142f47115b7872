internal import Dialogues
internal import GRDB

extension Project {
  /// Adds everything another project has that this one has not: the union of both.
  ///
  /// Events and ratings have an identity of their own, so projects can be merged in any order and
  /// any number of times, and the present state comes out the same. Where both have a suggestion of
  /// one source for one turn, the greater posterior, compared as bytes, wins in every order; of two
  /// shares of work of one rater likewise the greater, of two titles of a dialogue, and of two times,
  /// words and further columns of a turn. This project keeps its name, its guidelines and where the
  /// sound lies. New dialogues come after its own, so their order here is that of merging; exports are
  /// in the order of ``DialogueKey``.
  ///
  /// - Parameters:
  ///   - other: the other project, which is only read.
  ///   - dryRun: whether only to report what would come.
  /// - Returns: what came.
  /// - Throws: ``ProjectError`` if the label schemes or the studies differ, a dialogue both have is
  ///   not the same, or a rater's imported ratings contradict each other; then nothing is changed.
  @discardableResult
  public func merge(_ other: Project, dryRun: Bool = false) throws -> MergeReport {
    try merge([other], dryRun: dryRun)[0]
  }

  /// Merges several projects, one after the other, all of them or none.
  ///
  /// - Returns: what came of each that was not here or in one before it.
  /// - Throws: as ``merge(_:dryRun:)``.
  public func merge(_ others: [Project], dryRun: Bool = false) throws -> [MergeReport] {
    for other in others {
      try requireSameScheme(as: other)
      try requireSameStudy(as: other)
    }
    try requireWritable()
    return try ProjectError.explaining(path) {
      try connections.main.writeWithoutTransaction { db in
        var reports: [MergeReport] = []
        try db.inTransaction(.immediate) {
          for other in others {
            reports.append(
              try other.read(.scan) { from in
                var merge = Merge(into: self, db, from: other, from)
                return try merge.run()
              })
          }
          return dryRun ? .rollback : .commit
        }
        return reports
      }
    }
  }

  private func requireSameScheme(as other: Project) throws {
    let mine = try information().scheme
    let theirs = try other.information().scheme
    let differences = Set(mine.labels.map(\.name)).symmetricDifference(theirs.labels.map(\.name))
    if let difference = differences.min() {
      throw ProjectError(
        .refused,
        "\(other.path): its label scheme is not that of \(path): only one of them has the label "
          + "“\(difference)”; projects of different schemes cannot be merged.")
    }
    if mine.labels.map(\.name) != theirs.labels.map(\.name) {
      throw ProjectError(
        .refused,
        "\(other.path): its labels are in another order than those of \(path): "
          + "\(theirs.labels.map(\.name).joined(separator: ", ")); such projects cannot be merged.")
    }
    let mapped = Set(mine.mapping.keys).union(theirs.mapping.keys).filter {
      mine.mapping[$0] != theirs.mapping[$0]
    }
    if let label = mapped.min() {
      func taken(_ mapping: [String: String]) -> String {
        mapping[label].map { "taken for “\($0)”" } ?? "kept"
      }
      throw ProjectError(
        .refused,
        "\(other.path): at its import “\(label)” was \(taken(theirs.mapping)), in \(path) it was "
          + "\(taken(mine.mapping)); such projects cannot be merged.")
    }
    guard mine.dimensions == theirs.dimensions else {
      throw ProjectError(
        .refused,
        "\(other.path): it rates other dimensions, or on other scales, than \(path); such "
          + "projects cannot be merged.")
    }
  }

  /// What raters could see must be the same: ratings of two studies are two measurements. Who was to
  /// rate what may differ.
  private func requireSameStudy(as other: Project) throws {
    let mine = try information().study
    let theirs = try other.information().study
    guard let difference = theirs.differenceInWhatIsSeen(from: mine) else { return }
    throw ProjectError(
      .refused,
      "\(other.path): its study is not that of \(path): \(difference). If that is meant, make them "
        + "the same with “undertone study” first; every rating keeps the protocol it was given under."
    )
  }
}

extension StudyDesign {
  /// What annotators see otherwise than in another study, in words; `nil` if nothing.
  func differenceInWhatIsSeen(from other: StudyDesign) -> String? {
    if annotationProtocol != other.annotationProtocol {
      return "the protocol is \(annotationProtocol.rawValue), not "
        + other.annotationProtocol.rawValue
    }
    if controlShare != other.controlShare {
      return "the control arm is \(controlShare) of the dialogues, not \(other.controlShare)"
    }
    if controlShare > 0, seed != other.seed {
      return "the seed that chooses the control arm is \(seed), not \(other.seed)"
    }
    if annotationProtocol == .commitThenReveal, revealsOthers != other.revealsOthers {
      return revealsOthers ? "it shows what others answered" : "it hides what others answered"
    }
    return nil
  }
}
