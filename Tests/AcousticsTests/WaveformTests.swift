import Acoustics
import Testing

@Suite struct WaveformTests {
  @Test func `each column shows the lowest and highest sample and the loudness of its frames`() {
    let waveform = Waveform(samples: [0.5, -0.25, 1, 0, -1, -0.5], columns: 3)
    #expect(waveform.low == [-0.25, 0, -1])
    #expect(waveform.high == [0.5, 1, -0.5])
    // By hand: √((0.25 + 0.0625) / 2), √(1 / 2), √((1 + 0.25) / 2).
    let expected: [Float] = [0.3952847, 0.7071068, 0.7905694]
    for (column, value) in expected.enumerated() {
      #expect(abs(waveform.rms[column] - value) < 1e-6)
    }
  }

  @Test func `all channels are drawn into one outline`() {
    let waveform = Waveform(samples: [0.1, -0.9, 0.2, 0.8], channels: 2, columns: 2)
    #expect(waveform.low == [-0.9, 0.2])
    #expect(waveform.high == [0.1, 0.8])
  }

  @Test(arguments: [1, 2, 3, 7, 79, 100, 101, 1000, 5000])
  func `no sample is left out at any width`(columns: Int) {
    // One loud sample at a time: some column must show it.
    for place in stride(from: 0, to: 1000, by: 37) {
      var samples = [Float](repeating: 0, count: 1000)
      samples[place] = 0.7
      let waveform = Waveform(samples: samples, columns: columns)
      #expect(waveform.columns == columns)
      #expect(waveform.high.max() == 0.7)
      #expect(waveform.low.allSatisfy { $0 <= 0.7 })
    }
  }

  @Test func `nothing to draw and nowhere to draw are both fine`() {
    #expect(Waveform(samples: [], columns: 4).high == [0, 0, 0, 0])
    #expect(Waveform(samples: [1], columns: 0).columns == 0)
    #expect(Waveform(samples: [1], columns: -3).columns == 0)
    #expect(Waveform(samples: [0.5], columns: 3).high == [0.5, 0.5, 0.5])
    #expect(Waveform(samples: [.nan, -.nan], columns: 1).rms == [0])
  }
}
