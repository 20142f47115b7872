internal import CSndfile

/// A file opened by libsndfile, closed when its owner is gone.
///
/// Safe because the handle never leaves it and is closed only by `deinit`.
@safe struct SoundFile: ~Copyable {
  private let handle: OpaquePointer
  private let descriptor: Descriptor
  private let path: String
  private let info: SF_INFO

  /// Why libsndfile did not deliver.
  enum Failure: Error {
    /// It does not know the format; another decoder may.
    case unknownFormat
    /// The file is the problem.
    case decode(DecodeError)
  }

  init(_ descriptor: consuming Descriptor, path: String) throws(Failure) {
    var info = SF_INFO()
    // libsndfile copies what it needs of `info`; it leaves the descriptor to us.
    let handle = unsafe sf_open_fd(descriptor.number, Int32(SFM_READ), &info, 0)
    guard let handle = unsafe handle else {
      throw Self.failure(code: sf_error(nil), path: path)
    }
    unsafe self.handle = unsafe handle
    self.descriptor = descriptor
    self.path = path
    self.info = info
  }

  deinit { _ = unsafe sf_close(handle) }

  /// What the header says of the length, in seconds; `nil` where that cannot be.
  var length: Double? {
    let rate = Int(info.samplerate)
    guard Clip.believableRates.contains(rate), info.frames > 0, info.frames < 1 << 48 else {
      return nil
    }
    return Double(info.frames) / Double(rate)
  }

  /// Reads a span, in blocks.
  func read(
    _ span: ClipSpan, longest: Double, isCancelled: () -> Bool
  ) throws(Failure) -> RawSound {
    let rate = Int(info.samplerate)
    let channels = Int(info.channels)
    guard Clip.believableRates.contains(rate), (1...ClipDecoder.mostChannels).contains(channels)
    else { throw .decode(DecodeError(path: path, .absurd(sampleRate: rate, channels: channels))) }

    // A header may claim any number of frames; it is used to see what is missing, never to size
    // memory.
    let claimed = info.frames > 0 && info.frames < 1 << 48 ? Int(info.frames) : nil
    let start = Int((span.start * Double(rate)).rounded())
    if let claimed, start >= claimed {
      let duration = Double(claimed) / Double(rate)
      throw .decode(
        DecodeError(path: path, .beyondTheEnd(start: span.start, duration: duration)))
    }
    let most = min(Int(longest * Double(rate)), ClipDecoder.mostSamples / channels)
    let wanted = span.end.map { Int((min($0, 1e9) * Double(rate)).rounded()) - start }
    if let wanted, wanted > most { throw .decode(tooLong(most, rate)) }
    if wanted == nil, let claimed, claimed - start > most, info.seekable != 0 {
      throw .decode(tooLong(most, rate))
    }
    if start > 0, unsafe sf_seek(handle, sf_count_t(start), Int32(SEEK_SET)) != sf_count_t(start) {
      throw .decode(
        DecodeError(path: path, .broken(details: "its part from \(span.start) s is unreadable")))
    }

    let samples = try readFrames(
      wanted ?? most + 1, channels: channels, isCancelled: isCancelled)
    let frames = samples.count / channels
    guard frames > 0 else { throw .decode(DecodeError(path: path, .silent)) }
    if wanted == nil, frames > most { throw .decode(tooLong(most, rate)) }
    let expected = wanted ?? claimed.map { $0 - start }
    return RawSound(
      sampleRate: rate, channels: channels, samples: samples,
      expectedSeconds: expected.map { Double($0) / Double(rate) })
  }

  private func tooLong(_ mostFrames: Int, _ rate: Int) -> DecodeError {
    DecodeError(path: path, .tooLong(limit: Double(mostFrames) / Double(rate)))
  }

  private func readFrames(
    _ count: Int, channels: Int, isCancelled: () -> Bool
  ) throws(Failure) -> [Float] {
    let blockFrames = 16_384
    var block = [Float](repeating: 0, count: blockFrames * channels)
    var samples: [Float] = []
    var left = count
    while left > 0 {
      if isCancelled() { throw .decode(DecodeError(path: path, .cancelled)) }
      // The block holds `blockFrames` frames, and no more are asked for.
      let got = unsafe Int(sf_readf_float(handle, &block, sf_count_t(min(blockFrames, left))))
      guard got > 0 else { break }
      left -= got
      samples.append(contentsOf: block[..<(got * channels)])
    }
    return samples
  }

  /// The one place that tells libsndfile's error codes apart.
  ///
  /// Above the public codes (`SF_ERR_*`) lie private ones, each about a header that contradicts
  /// itself.
  private static func failure(code: Int32, path: String) -> Failure {
    switch Int(code) {
    case Int(SF_ERR_UNRECOGNISED_FORMAT), Int(SF_ERR_UNSUPPORTED_ENCODING): return .unknownFormat
    default:
      // The text is a constant of the library.
      let text = unsafe sf_error_number(code).map { unsafe String(cString: $0) } ?? ""
      return .decode(DecodeError(path: path, .broken(details: sentencePart(text))))
    }
  }

  /// libsndfile's `Error : unknown chunk.` as it reads within a sentence: `unknown chunk`.
  private static func sentencePart(_ text: String) -> String {
    var text = Substring(text)
    if text.hasPrefix("Error : ") { text = text.dropFirst(8) }
    while text.hasSuffix(".") || text.hasSuffix("\n") { text = text.dropLast() }
    return String(text)
  }
}
