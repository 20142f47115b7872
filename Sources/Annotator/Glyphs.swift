/// The signs the screen is drawn with.
public struct Glyphs: Equatable, Sendable {
  /// Whether signs beyond ASCII may be used, waveform and bars included.
  public var isUnicode: Bool
  var current: String
  var playing: String
  var paused: String
  var starting: String
  var changed: String
  var trigger: String
  var flag: String
  var note: String
  var skipped: String
  var unsaved: String
  var ellipsis: String
  var unlabelled: String
  var sound: String
  var decided: String
  var agreed: String
  var differs: String

  /// For terminals that show Unicode.
  public static let unicode = Glyphs(
    isUnicode: true, current: "▶", playing: "▶", paused: "‖", starting: "…", changed: "↯",
    trigger: "◆", flag: "⚑", note: "✎", skipped: "»", unsaved: "!", ellipsis: "…",
    unlabelled: "·", sound: "♪", decided: "✓", agreed: "=", differs: "≠")

  /// For everything else: signs every terminal and every screen reader knows.
  public static let ascii = Glyphs(
    isUnicode: false, current: ">", playing: ">", paused: "=", starting: "~", changed: "*",
    trigger: "@", flag: "f", note: "n", skipped: "s", unsaved: "!", ellipsis: "~",
    unlabelled: ".", sound: "snd", decided: "+", agreed: "=", differs: "/")
}
