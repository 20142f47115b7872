/// What was written to the device since it was last silenced, and which part of which clip each
/// frame of it came from.
///
/// The device knows only how many frames it still has to play. The difference to what was written
/// is the frame being heard; this looks up where that is in a clip, across loops, the seams of a
/// sequence and changes of speed.
struct Timeline {
  /// A run of device frames that came from one cursor.
  struct Segment {
    /// The place of the clip in the queue.
    var item: Int
    /// The first device frame.
    var start: Int
    /// The device frame after the last one; `nil` while it is being written.
    var end: Int?
    /// The frames of the clip, the first being that at `start`.
    var frames: Range<Int>
    var speed: Double

    /// The clip's frame that is heard at a device frame.
    ///
    /// Exact at the clip's own speed. At another, libsonic skips or repeats whole pitch periods,
    /// so it is exact on average and off by at most two periods, 30 ms.
    func frame(at heard: Int) -> Int {
      if let end, heard >= end { return frames.upperBound }
      let passed = Int(Double(max(0, heard - start)) * speed)
      return min(frames.lowerBound + passed, frames.upperBound)
    }
  }

  /// Device frames composed so far.
  private(set) var composed = 0
  /// Device frames the device took.
  private(set) var written = 0
  /// Device frames heard; never goes back, though a sound server's estimate of its delay may.
  private(set) var heard = 0
  private(set) var segments: [Segment] = []

  /// Begins a new segment where composition stands, and ends the one before it.
  mutating func begin(item: Int, frames: Range<Int>, speed: Double) {
    end()
    segments.append(Segment(item: item, start: composed, frames: frames, speed: speed))
  }

  /// Ends the open segment, if any: what is composed from now on is silence.
  mutating func end() {
    if let last = segments.indices.last, segments[last].end == nil {
      segments[last].end = composed
    }
  }

  mutating func compose(_ frames: Int) { composed += frames }

  mutating func write(_ frames: Int) { written += frames }

  /// Takes note of the delay the device reports.
  mutating func hear(delay: Int) { heard = max(heard, min(written, written - delay)) }

  /// Removes and returns the first segment if it was heard to its end.
  mutating func popHeard() -> Segment? {
    guard let first = segments.first, let end = first.end, heard >= end else { return nil }
    return segments.removeFirst()
  }
}
