/// One record of a CSV file while it is read, across the pieces the file comes in.
struct CSVRecord {
  /// What came of a piece.
  enum Outcome {
    /// The record goes on in the next.
    case more
    /// The record ended at this byte, a line feed or a carriage return.
    case ended(UInt8)
    /// The record cannot be trusted to end where it seems to; the sentence says why.
    case runaway(String)
  }

  private enum State {
    case start, plain, quoted, quote
  }

  private static let mostColumns = 4096

  /// The cells' bytes one after the other, without quotes and separators.
  private(set) var bytes: [UInt8] = []
  /// Where in ``bytes`` each cell ends.
  private(set) var ends: [Int] = []
  /// What breaks the rules in it, as a sentence.
  private(set) var flaw: String?

  private var separator = UInt8(ascii: ",")
  private var state = State.start
  private var cellStart = 0

  /// Begins a new record, in the memory of the one before.
  mutating func begin(separator: UInt8) {
    self.separator = separator
    bytes.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    flaw = nil
    state = .start
    cellStart = 0
  }

  /// Whether a quote is open.
  var isQuoted: Bool { state == .quoted }

  /// Ends a cell, as a separator does, or the end of the file.
  mutating func endCell() {
    ends.append(bytes.count)
    cellStart = bytes.count
    state = .start
  }

  /// Reads on in a piece of the file.
  ///
  /// - Returns: the place after what was read, and what came of it.
  mutating func read(
    _ piece: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> (place: Int, outcome: Outcome) {
    var place = start
    while place < piece.count {
      if bytes.count - cellStart > CSVReader.longestField {
        return (
          place,
          .runaway(
            "a cell is longer than \(CSVReader.longestField >> 20) MiB; is a quote never closed?")
        )
      }
      let byte = piece[place]
      switch state {
      case .quoted:
        readQuoted(piece, &place)
        continue
      case .start where byte == UInt8(ascii: "\""):
        state = .quoted
        place += 1
        continue
      case .quote where byte == UInt8(ascii: "\""):
        bytes.append(byte)
        state = .quoted
        place += 1
        continue
      default: break
      }
      switch byte {
      case separator:
        endCell()
        if ends.count > Self.mostColumns {
          return (place, .runaway("it has more than \(Self.mostColumns) columns."))
        }
        place += 1
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        endCell()
        return (place + 1, .ended(byte))
      case 0:
        flaw = "it holds a zero byte."
        place += 1
      default:
        if state == .quote {
          flaw = "text follows a closing quote; a quote inside a quoted cell must be doubled."
        }
        state = .plain
        readPlain(piece, &place)
      }
    }
    return (place, .more)
  }

  /// Takes over what is quoted, up to the next quote or zero byte.
  private mutating func readQuoted(_ piece: UnsafeBufferPointer<UInt8>, _ place: inout Int) {
    let limit = min(piece.count, place + CSVReader.longestField + 1)
    var end = place
    while end < limit, piece[end] != UInt8(ascii: "\""), piece[end] != 0 { end += 1 }
    bytes.append(contentsOf: UnsafeBufferPointer(rebasing: piece[place..<end]))
    place = end
    guard end < limit else { return }
    if piece[end] == 0 { flaw = "it holds a zero byte." } else { state = .quote }
    place += 1
  }

  /// Takes over what is not quoted, up to the next byte that means something.
  private mutating func readPlain(_ piece: UnsafeBufferPointer<UInt8>, _ place: inout Int) {
    let limit = min(piece.count, place + CSVReader.longestField + 1)
    var end = place
    while end < limit, piece[end] != separator, piece[end] != UInt8(ascii: "\n"),
      piece[end] != UInt8(ascii: "\r"), piece[end] != 0
    { end += 1 }
    bytes.append(contentsOf: UnsafeBufferPointer(rebasing: piece[place..<end]))
    place = end
  }
}
