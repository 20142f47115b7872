/// A tier of a TextGrid or an ELAN document.
struct Tier {
  /// Its name, and what that says.
  var name: String
  var meaning: TierName
  /// The speaker of a tier of turns; who gave the labels of a tier of labels, where the file says.
  var speaker: String
  var rater: String?
  /// Whether an annotation without a text is a turn all the same: one that is only heard.
  var keepsEmpty = false
  var entries: [Entry] = []

  /// A stretch of time with a text.
  struct Entry {
    /// The annotation's own id; empty where the format has none.
    var id = ""
    var start, end: Double
    var text: String
    /// The id of the annotation it is about; `nil` where only the time says that.
    var parent: String?
    /// Where it stands in the file.
    var row: Int
  }
}
