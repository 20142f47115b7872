/// The outline of a sound in a fixed number of columns, for drawing it at any width.
public struct Waveform: Equatable, Sendable {
  /// The lowest sample of each column.
  public let low: [Float]
  /// The highest sample of each column.
  public let high: [Float]
  /// The root mean square of each column: how loud it is, where `low` and `high` say how far the
  /// loudest instant goes.
  public let rms: [Float]

  /// Computes the outline in one pass.
  ///
  /// Column *i* of *n* holds the frames from ⌊i·frames/n⌋ up to ⌊(i+1)·frames/n⌋, so columns differ
  /// by at most one frame and every frame is in exactly one. With fewer frames than columns, a
  /// column without a frame of its own shows the frame it begins in.
  ///
  /// - Parameters:
  ///   - samples: interleaved samples; what is not a number counts as silence.
  ///   - channels: samples per frame; all channels are drawn into one outline.
  ///   - columns: how many columns; none gives an empty waveform.
  public init(samples: [Float], channels: Int = 1, columns: Int) {
    let channels = max(1, channels)
    let columns = max(0, columns)
    let frames = samples.count / channels
    guard frames > 0 else {
      low = Array(repeating: 0, count: columns)
      high = low
      rms = low
      return
    }
    var low: [Float] = []
    var high: [Float] = []
    var rms: [Float] = []
    for column in 0..<columns {
      let start = place(column, of: columns, in: frames)
      let end = max(start + 1, place(column + 1, of: columns, in: frames))
      var lowest = Float.infinity
      var highest = -Float.infinity
      var energy = 0.0
      for sample in samples[start * channels..<end * channels] {
        let value = sample.isNaN ? 0 : sample
        lowest = min(lowest, value)
        highest = max(highest, value)
        energy += Double(value) * Double(value)
      }
      low.append(lowest)
      high.append(highest)
      rms.append(Float((energy / Double((end - start) * channels)).squareRoot()))
    }
    self.low = low
    self.high = high
    self.rms = rms
  }

  /// How many columns there are.
  public var columns: Int { low.count }
}

/// The frame a column begins at.
private func place(_ column: Int, of columns: Int, in frames: Int) -> Int {
  // In 128 bits: a hostile number of columns must not overflow.
  Int(Int128(column) * Int128(frames) / Int128(columns))
}
