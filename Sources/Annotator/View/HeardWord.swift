import Dialogues
import Screen

/// Which part of a turn's text is being said.
///
/// An alignment spells words its own way (`WHERE`, `dont`), leaves out what it did not hear, and knows
/// nothing of punctuation. So words are looked for in the text one after the other, by their letters
/// and digits alone; one that is not found soon is passed over, and nothing is marked for it.
struct HeardWord {
  /// A letter or digit of the text: what it is compared as, where it is, whether a word begins with it.
  private struct Letter {
    var folded: String
    var place: Int
    var isStart: Bool
  }

  /// How many words of the text an alignment may leave out in one place.
  private static let mostSkipped = 12

  /// A word stays marked for so long after it ended, so that the mark does not flicker in pauses.
  private static let afterglow = 0.4

  /// The characters of `text`, counted from its start, that are being said at a position; `nil` for
  /// none.
  ///
  /// - Parameters:
  ///   - words: the turn's words in the order they are said.
  ///   - position: seconds from the start of the turn's sound.
  static func characters(
    of text: String, words: [WordTime], at position: Double
  ) -> Range<Int>? {
    // Before the first word nothing is said; nothing overtakes, so the last that has begun is meant.
    guard let current = words.lastIndex(where: { $0.span.start <= position }),
      position < words[current].span.end + afterglow
    else { return nil }
    let letters = letters(of: text)
    var from = 0
    for (place, word) in words[...current].enumerated() {
      let wanted = self.letters(of: word.word).map(\.folded)
      guard !wanted.isEmpty, let found = find(wanted, in: letters, from: from) else { continue }
      from = found + wanted.count
      if place == current { return letters[found].place..<letters[from - 1].place + 1 }
    }
    return nil
  }

  private static func find(_ wanted: [String], in letters: [Letter], from: Int) -> Int? {
    var skipped = 0
    var place = from
    while place + wanted.count <= letters.count {
      if letters[place].isStart {
        let end = place + wanted.count
        if end == letters.count || letters[end].isStart,
          zip(letters[place..<end], wanted).allSatisfy({ $0.folded == $1 })
        {
          return place
        }
        skipped += 1
        if skipped > mostSkipped { return nil }
      }
      place += 1
    }
    return nil
  }

  private static func letters(of text: String) -> [Letter] {
    var letters: [Letter] = []
    var isInside = false
    for (place, character) in text.enumerated() {
      if character.isLetter || character.isNumber {
        // Chinese and Japanese do not part their words: any of their characters may begin one.
        let isWide = TextWidth.columns(of: character) > 1
        letters.append(
          Letter(folded: character.lowercased(), place: place, isStart: !isInside || isWide))
        isInside = !isWide
      } else if character != "'" && character != "’" {
        isInside = false
      }
    }
    return letters
  }

  /// Where characters of a text stand in its lines, as ``Swift/String/wrapped(to:)`` broke them.
  ///
  /// - Returns: for each line that holds any of them, its number and the characters of the line.
  static func places(
    of characters: Range<Int>, in text: String, lines: [String]
  ) -> [(line: Int, characters: Range<Int>)] {
    var found: [(line: Int, characters: Range<Int>)] = []
    var rest = text.enumerated().makeIterator()
    // What of the text's character under the hand is still to be met: one may be drawn as several.
    var pending = ""[...]
    var place = 0
    for (number, line) in lines.enumerated() {
      for (column, drawn) in line.enumerated() where !drawn.isWhitespace {
        while pending.isEmpty {
          guard let (next, character) = rest.next(), next < characters.upperBound else {
            return found
          }
          if character.isWhitespace { continue }
          place = next
          pending = String(character).visible[...]
        }
        // An ellipsis stands for what had no room.
        guard pending.removeFirst() == drawn else { return found }
        guard characters.contains(place) else { continue }
        if found.last?.line == number {
          found[found.count - 1].characters =
            found[found.count - 1].characters.lowerBound..<column + 1
        } else {
          found.append((number, column..<column + 1))
        }
      }
    }
    return found
  }
}
