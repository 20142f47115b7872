internal import Dialogues

/// A TextGrid for each dialogue, `CORPUS/SPLIT/DIALOGUE.TextGrid`, with the interval tiers that
/// ``Tiers`` describes.
///
/// Praat's long text format, in UTF-8, as its manual ("TextGrid file formats") has it: the intervals
/// of a tier fill the whole time, quotes are doubled.
struct TextGridFormat: TierFormat {
  let name = "textgrid"
  let summary = "a TextGrid for each dialogue, for Praat"
  let fileExtension = "TextGrid"
  // Praat keeps times as doubles; nanoseconds take the noise of sums away, nothing else.
  let unitsPerSecond = 1e9

  func file(
    _ dialogue: ExportedDialogue, _ tiers: Tiers, _ options: ExportOptions, losses: inout LossCount
  ) -> [UInt8] {
    if !dialogue.title.isEmpty { losses.add(.titles) }
    let end = Decimal.text(max(tiers.times.end, 1e-3))
    var bytes = Array(
      """
      File type = "ooTextFile"
      Object class = "TextGrid"

      xmin = 0
      xmax = \(end)
      tiers? <exists>
      size = \(tiers.lanes.reduce(0) { $0 + 1 + $1.children.count })
      item []:

      """.utf8)
    var number = 0
    for lane in tiers.lanes {
      let spans = lane.turns.map { tiers.times.spans[$0] }
      let texts = lane.turns.map { dialogue.turns[$0].turn.text }
      let rows =
        [(lane.name, texts)]
        + lane.children.map { child in (child.name, lane.turns.map { child.texts[$0] ?? "" }) }
      for (name, texts) in rows {
        number += 1
        Self.write(name, zip(spans, texts).map { ($0, $1) }, number: number, end: end, to: &bytes)
      }
    }
    return bytes
  }

  private static func write(
    _ name: String, _ texts: [(span: TimeSpan, text: String)], number: Int, end: String,
    to bytes: inout [UInt8]
  ) {
    var intervals: [(start: String, end: String, text: String)] = []
    var last = "0"
    for (span, text) in texts {
      let start = Decimal.text(span.start)
      if start != last { intervals.append((last, start, "")) }
      last = Decimal.text(span.end)
      intervals.append((start, last, text))
    }
    if last != end { intervals.append((last, end, "")) }
    bytes +=
      """
          item [\(number)]:
              class = "IntervalTier"
              name = "\(quoted(name))"
              xmin = 0
              xmax = \(end)
              intervals: size = \(intervals.count)

      """.utf8
    for (place, interval) in intervals.enumerated() {
      bytes +=
        """
                intervals [\(place + 1)]:
                    xmin = \(interval.start)
                    xmax = \(interval.end)
                    text = "\(quoted(interval.text))"

        """.utf8
    }
  }

  private static func quoted(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "\"")) else { return text }
    return text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
  }
}
