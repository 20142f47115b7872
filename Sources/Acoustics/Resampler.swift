internal import CSpeexDSP

/// Converts sound from one sample rate to another, by the polyphase filter of speexdsp.
///
/// The result is aligned with the input: the filter's delay is removed at the front and what it
/// still holds is fetched at the end, so that frame times computed from either rate agree.
public struct Resampler: Sendable {
  /// Frames per second of the input.
  public let inputRate: Int
  /// Frames per second of the output.
  public let outputRate: Int
  /// speexdsp's quality, 0 to 10.
  public let quality: Int

  /// Why there is no resampler for these rates or this sound.
  public enum Failure: Error, Equatable, CustomStringConvertible {
    /// A rate or the quality is outside what the filter is made for.
    case unsupported(inputRate: Int, outputRate: Int, quality: Int)
    /// The samples are not whole frames of that many channels.
    case incompleteFrame(samples: Int, channels: Int)
    /// There is no memory for the filter.
    case outOfMemory

    /// The failure as one sentence.
    public var description: String {
      switch self {
      case .unsupported(let inputRate, let outputRate, let quality):
        "Sound cannot be converted from \(inputRate) Hz to \(outputRate) Hz at quality \(quality); "
          + "rates from 1,000 to 384,000 and qualities from 0 to 10 can."
      case .incompleteFrame(let samples, let channels):
        "\(samples) samples are not whole frames of \(channels) channels."
      case .outOfMemory: "There is not enough memory to convert the sound's sample rate."
      }
    }
  }

  /// Creates a resampler.
  ///
  /// - Parameter quality: 0 to 10. From 8 on the stop band lies deeper than 16-bit sound.
  public init(from inputRate: Int, to outputRate: Int, quality: Int = 8) throws(Failure) {
    let rates = 1_000...384_000
    guard rates.contains(inputRate), rates.contains(outputRate), (0...10).contains(quality) else {
      throw .unsupported(inputRate: inputRate, outputRate: outputRate, quality: quality)
    }
    self.inputRate = inputRate
    self.outputRate = outputRate
    self.quality = quality
  }

  /// Converts interleaved sound.
  ///
  /// - Returns: ⌈frames × output rate ÷ input rate⌉ interleaved frames; the input itself where the
  ///   rates are equal.
  public func resample(_ samples: [Float], channels: Int = 1) throws(Failure) -> [Float] {
    guard channels > 0, channels <= 64, samples.count % channels == 0 else {
      throw .incompleteFrame(samples: samples.count, channels: channels)
    }
    guard inputRate != outputRate, !samples.isEmpty else { return samples }
    var code: Int32 = 0
    let filter = speex_resampler_init(
      UInt32(channels), UInt32(inputRate), UInt32(outputRate), Int32(quality), &code)
    guard let filter, code == 0 else { throw .outOfMemory }
    defer { speex_resampler_destroy(filter) }
    speex_resampler_skip_zeros(filter)

    let frames = samples.count / channels
    let wanted = (frames * outputRate + inputRate - 1) / inputRate
    var output = [Float](repeating: 0, count: wanted * channels)
    // Silence behind the sound pushes the last of it out of the filter.
    let tail = [Float](
      repeating: 0, count: (Int(speex_resampler_get_input_latency(filter)) + 1) * channels)
    var written = 0
    for input in [samples, tail] {
      let inputFrames = input.count / channels
      var read = 0
      while read < inputFrames, written < wanted {
        var taken = UInt32(min(inputFrames - read, 1 << 20))
        var made = UInt32(min(wanted - written, 1 << 24))
        input.withUnsafeBufferPointer { input in
          output.withUnsafeMutableBufferPointer { output in
            // Neither array is empty; the counts passed are what is left of each.
            guard let source = input.baseAddress, let target = output.baseAddress else { return }
            _ = speex_resampler_process_interleaved_float(
              filter, source + read * channels, &taken, target + written * channels, &made)
          }
        }
        if taken == 0, made == 0 { break }
        read += Int(taken)
        written += Int(made)
      }
    }
    return output
  }
}
