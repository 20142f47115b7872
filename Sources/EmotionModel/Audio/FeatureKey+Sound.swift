public import NeuralNet

extension FeatureKey {
  /// The key of a file's bytes.
  ///
  /// - Throws: ``FileError`` if it cannot be read.
  public init(contentsOf path: String) throws(FileError) {
    var failure: FileError?
    self.init { hash in
      do throws(FileError) {
        try hash.add(fileAt: path)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  /// The key of a part of what another key stands for, such as a turn of a recording.
  ///
  /// - Parameters:
  ///   - start: where the part begins, in seconds.
  ///   - end: where it ends; `nil` for the end of the whole.
  public init(from start: Double, to end: Double?, of whole: FeatureKey) {
    self.init {
      $0.add([whole.words.0, whole.words.1])
      $0.add([start, end ?? .infinity])
    }
  }
}
