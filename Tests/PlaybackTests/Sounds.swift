import Glibc
import Synchronization
import TestSupport

@testable import Playback

/// A sweep from 150 Hz to 3 kHz with silence before and after: no two places in it are alike, so
/// it can be aligned with a recording of itself.
func chirp(seconds: Double, rate: Int, channels: Int = 1) -> Clip {
  var samples: [Float] = []
  let frames = Int(seconds * Double(rate))
  for frame in 0..<frames {
    let time = Double(frame) / Double(rate)
    let phase = 2 * Double.pi * (150 * time + (3000 - 150) / (2 * seconds) * time * time)
    for channel in 0..<channels {
      samples.append(Float(0.5 * sin(phase + Double(channel))))
    }
  }
  return Clip(samples: samples, sampleRate: rate, channelCount: channels)!
}

/// A clip whose sample at frame n is n / 2²⁰: every frame can be told from every other.
func ramp(frames: Int, rate: Int = 48_000) -> Clip {
  Clip(samples: (0..<frames).map { Float($0) / 1_048_576 }, sampleRate: rate, channelCount: 1)!
}

/// Pearson's correlation of two sounds, at the shift that fits a stretch from the middle best, among
/// those near where each sound first becomes audible.
func alignedCorrelation(_ heard: [Float], _ original: [Float], reach: Int = 600) -> Double {
  func onset(_ sound: [Float]) -> Int { sound.firstIndex { abs($0) > 0.02 } ?? 0 }
  let guess = onset(heard) - onset(original)
  let middle = original.count / 2
  let window = middle..<min(middle + 600, original.count)
  let best = (guess - reach...guess + reach).max {
    correlation(heard, original, shift: $0, in: window)
      < correlation(heard, original, shift: $1, in: window)
  }
  return correlation(heard, original, shift: best ?? guess, in: original.indices)
}

private func correlation(
  _ heard: [Float], _ original: [Float], shift: Int, in range: Range<Int>
) -> Double {
  heard.withUnsafeBufferPointer { heard in
    original.withUnsafeBufferPointer { original in
      var (xy, xx, yy) = (0.0, 0.0, 0.0)
      for place in range {
        let x = Double(original[place])
        let y = heard.indices.contains(place + shift) ? Double(heard[place + shift]) : 0
        xy += x * y
        xx += x * x
        yy += y * y
      }
      return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : 0
    }
  }
}

/// What a player told, in order.
final class StatusLog: Sendable {
  private let entries = Mutex<[PlayerStatus]>([])

  var all: [PlayerStatus] { entries.withLock { $0 } }
  func append(_ status: PlayerStatus) { entries.withLock { $0.append(status) } }

  /// Waits until a state was told.
  func waitFor(seconds: Double = 20, _ condition: (PlayerStatus.State) -> Bool) -> Bool {
    waitUntil(seconds: seconds) { all.contains { condition($0.state) } }
  }
}

/// Runs a program to its end, with nothing on its standard input.
@discardableResult
func runTool(_ name: String, _ arguments: [String]) throws -> String {
  let path = ClipDecoder.findProgram(name, searchPath: "/usr/bin:/bin:/usr/local/bin")!
  return try ChildProcess.run(
    program: path, arguments: arguments, deadline: 60, mostBytes: 1 << 24, isCancelled: { false }
  ).messages
}
