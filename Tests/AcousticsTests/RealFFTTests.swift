import Foundation
import Testing

@testable import Acoustics

@Suite struct RealFFTTests {
  /// The definition, in double precision.
  private func naivePower(_ x: [Float]) -> [Double] {
    (0...x.count / 2).map { k in
      var re = 0.0
      var im = 0.0
      for (n, value) in x.enumerated() {
        let angle = -2 * Double.pi * Double(k * n % x.count) / Double(x.count)
        re += Double(value) * cos(angle)
        im += Double(value) * sin(angle)
      }
      return re * re + im * im
    }
  }

  @Test(arguments: [8, 16, 32, 64, 512, 1024])
  func `each of eight frames has the power spectrum of the definition`(size: Int) {
    let transform = RealFFT(size: size)
    var random = SystemRandomNumberGenerator()
    let frames = (0..<8).map { _ in
      (0..<size).map { _ in Float.random(in: -1...1, using: &random) }
    }
    var samples = (0..<size).map { place in
      RealFFT.Lanes(frames.map { $0[place] })
    }
    var power = [RealFFT.Lanes](repeating: .zero, count: transform.bins)
    var scratch = [RealFFT.Lanes](repeating: .zero, count: size)
    samples.withUnsafeMutableBufferPointer { samples in
      power.withUnsafeMutableBufferPointer { power in
        scratch.withUnsafeMutableBufferPointer { scratch in
          transform.powerSpectra(of: samples, into: power, scratch: scratch)
        }
      }
    }
    for lane in 0..<8 {
      let expected = naivePower(frames[lane])
      for bin in 0..<transform.bins {
        #expect(
          abs(Double(power[bin][lane]) - expected[bin]) < 1e-5 * Double(size) + 1e-5 * expected[bin]
        )
      }
    }
  }
}
