/// A place in a clip that moves forward as device frames are composed from it.
struct ClipCursor {
  private let clip: Clip
  private let end: Int
  private var next: Int
  /// `nil` at the clip's own speed, where the samples go out as they are.
  private let stretcher: Stretcher?
  private var isFlushed = false

  /// How many frames libsonic is given at a time.
  private static let blockFrames = 1024

  init(_ clip: Clip, frames: Range<Int>, speed: Double) {
    self.clip = clip
    next = frames.lowerBound
    end = frames.upperBound
    stretcher = speed == 1 ? nil : Stretcher(format: clip.format, speed: speed)
  }

  /// Appends up to so many device frames to a buffer.
  ///
  /// - Returns: how many; fewer than asked for only at the end of the part.
  mutating func compose(into buffer: inout [Float], frames: Int) -> Int {
    guard let stretcher else {
      let count = min(frames, end - next)
      buffer.append(contentsOf: samples(count))
      return count
    }
    while stretcher.available < frames, !isFlushed {
      if next < end {
        stretcher.write(samples(min(Self.blockFrames, end - next)))
      } else {
        stretcher.finish()
        isFlushed = true
      }
    }
    return stretcher.read(into: &buffer, atMost: frames)
  }

  private mutating func samples(_ frames: Int) -> ArraySlice<Float> {
    let first = next * clip.channelCount
    next += frames
    return clip.samples[first..<first + frames * clip.channelCount]
  }
}
