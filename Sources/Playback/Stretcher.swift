internal import CSonic

/// Changes the speed of speech and keeps its pitch, by libsonic.
///
/// Used by one thread at a time: the stream has no lock. Safe because the stream never leaves it.
@safe final class Stretcher {
  private let stream: sonicStream
  private let channels: Int

  /// The speeds that are still speech.
  static let speeds = 0.25...4.0

  /// Creates a stretcher; `nil` if memory is short.
  init?(format: PCMFormat, speed: Double) {
    guard
      let stream = unsafe sonicCreateStream(Int32(format.sampleRate), Int32(format.channelCount))
    else { return nil }
    unsafe self.stream = unsafe stream
    channels = format.channelCount
    unsafe sonicSetSpeed(stream, Float(speed))
  }

  deinit { unsafe sonicDestroyStream(stream) }

  /// Hands over interleaved samples from −1 to 1.
  func write(_ samples: ArraySlice<Float>) {
    var samples = Array(samples)
    let frames = Int32(samples.count / channels)
    // libsonic copies the samples during the call. When it cannot get memory it takes none, and
    // those frames are skipped.
    _ = unsafe sonicWriteFloatToStream(stream, &samples, frames)
  }

  /// Tells it that nothing follows: what it still holds becomes readable.
  func finish() { _ = unsafe sonicFlushStream(stream) }

  /// How many frames can be read.
  var available: Int { unsafe Int(sonicSamplesAvailable(stream)) }

  /// Appends up to so many frames to a buffer, and returns how many.
  func read(into buffer: inout [Float], atMost frames: Int) -> Int {
    let start = buffer.count
    buffer.append(contentsOf: repeatElement(0, count: frames * channels))
    let got = unsafe buffer.withUnsafeMutableBufferPointer { buffer in
      // There is room for `frames` frames from `start` on.
      guard let base = buffer.baseAddress else { return 0 }
      return unsafe Int(sonicReadFloatFromStream(stream, base + start, Int32(frames)))
    }
    buffer.removeLast((frames - got) * channels)
    return got
  }
}
