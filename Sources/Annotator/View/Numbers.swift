import Dialogues

// Numbers as the screen shows them, without a formatting library: the annotator starts in
// milliseconds and formats a few numbers a frame.

/// A probability in two digits without the zero, `.58`; `1.0` for what rounds to one.
func probabilityText(_ value: Double) -> String {
  guard value.isFinite else { return " ?" }
  let hundredths = Int((max(0, min(1, value)) * 100).rounded())
  if hundredths == 100 { return "1.0" }
  return hundredths < 10 ? ".0\(hundredths)" : ".\(hundredths)"
}

/// A signed influence in logits, `+0.31`, `−1.20`.
func influenceText(_ value: Double, minus: String) -> String {
  guard value.isFinite else { return "?" }
  let hundredths = Int((min(99, abs(value)) * 100).rounded())
  let sign = value < 0 ? minus : "+"
  let rest = hundredths % 100
  return "\(sign)\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
}

/// Seconds with one digit after the point, minutes where there are any: `1.9`, `2:03.4`.
func secondsText(_ seconds: Double) -> String {
  guard seconds.isFinite, seconds < 1e6 else { return "?" }
  let tenths = Int((max(0, seconds) * 10).rounded())
  let minutes = tenths / 600
  let rest = tenths % 600
  guard minutes > 0 else { return "\(rest / 10).\(rest % 10)" }
  return "\(minutes):\(rest < 100 ? "0" : "")\(rest / 10).\(rest % 10)"
}

/// A speed: `1x`, `0.75x`.
func speedText(_ speed: Double) -> String {
  let hundredths = Int((speed * 100).rounded())
  let rest = hundredths % 100
  guard rest != 0 else { return "\(hundredths / 100)x" }
  let digits = rest % 10 == 0 ? "\(rest / 10)" : rest < 10 ? "0\(rest)" : "\(rest)"
  return "\(hundredths / 100).\(digits)x"
}

/// A share in whole per cent, never 100 before everything is done nor 0 once something is.
func percentText(_ progress: Progress) -> String {
  guard progress.total > 0, progress.labelled < progress.total else { return "100%" }
  let percent = progress.labelled * 100 / progress.total
  return progress.labelled > 0 && percent == 0 ? "<1%" : "\(percent)%"
}

/// `09:05`.
func timeText(_ time: TimeOfDay) -> String {
  let pad = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
  return "\(pad(time.hour)):\(pad(time.minute))"
}

/// A share from 0 to 1 as a bar of at most so many columns, to an eighth of one.
func barText(_ share: Double, columns: Int, isUnicode: Bool) -> String {
  let length = (share.isFinite ? max(0, min(1, share)) : 0) * Double(max(0, columns))
  guard isUnicode else { return String(repeating: "#", count: Int(length.rounded())) }
  let eighths = Int((length * 8).rounded())
  let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
  return String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
}
