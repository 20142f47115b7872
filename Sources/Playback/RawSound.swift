/// Sound as a decoder delivers it, before anything about it is believed.
struct RawSound {
  var sampleRate: Int
  var channels: Int
  /// Interleaved; may hold anything a float can hold.
  var samples: [Float]
  /// How long the sound should have been, in seconds; `nil` if nobody knows.
  var expectedSeconds: Double?

  var seconds: Double { Double(samples.count / channels) / Double(sampleRate) }

  /// The sound in at most two channels.
  ///
  /// Six channels are taken for 5.1 in the order of WAV and FLAC (left, right, centre, low, two
  /// surrounds) and folded as ITU-R BS.775-3 table 2 says, scaled so that it cannot clip. Any
  /// other number of channels is a row of microphones, of which the mean is as good as any; it
  /// goes to both sides.
  func mixedDown() -> [Float] {
    guard channels > 2 else { return samples }
    let frames = samples.count / channels
    var mixed: [Float] = []
    mixed.reserveCapacity(frames * 2)
    let half = Float(0.5).squareRoot()
    for frame in 0..<frames {
      let first = frame * channels
      if channels == 6 {
        let centre = half * samples[first + 2]
        for side in 0..<2 {
          let sum = samples[first + side] + centre + half * samples[first + 4 + side]
          mixed.append(sum / (1 + 2 * half))
        }
      } else {
        var sum: Float = 0
        for channel in 0..<channels { sum += samples[first + channel] }
        let mean = sum / Float(channels)
        mixed.append(mean)
        mixed.append(mean)
      }
    }
    return mixed
  }
}
