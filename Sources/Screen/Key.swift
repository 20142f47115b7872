/// One key press, as a terminal reports it.
///
/// A terminal cannot tell some keys apart: Ctrl-I is Tab, Ctrl-M and Ctrl-J are Enter, Ctrl-[ is
/// Escape, Ctrl-H is Backspace. Keys are therefore made by ``init(control:)``, which knows that.
public enum Key: Hashable, Sendable {
  /// A key that types something; the space bar is `.character(" ")`.
  case character(Character)
  /// Ctrl with a lower-case letter, or with one of `@ \ ] ^ _`.
  case control(Character)
  /// Alt (or Escape just before) with another key.
  indirect case alt(Key)
  /// Enter.
  case enter
  /// Tab.
  case tab
  /// Shift-Tab.
  case backTab
  /// Escape.
  case escape
  /// Backspace.
  case backspace
  /// Delete.
  case delete
  /// Insert.
  case insert
  /// Home.
  case home
  /// End.
  case end
  /// Page up.
  case pageUp
  /// Page down.
  case pageDown
  /// Cursor up.
  case up
  /// Cursor down.
  case down
  /// Cursor left.
  case left
  /// Cursor right.
  case right
  /// A function key, from 1.
  case function(Int)
  /// Text that was pasted, as one event, so that it can be typed into a line but never acts as
  /// keys.
  ///
  /// It cannot be bound to an action.
  case paste(String)

  /// The key that Ctrl with a letter (of either case) or one of `@ [ \ ] ^ _` gives; `nil` for
  /// other characters.
  public init?(control character: Character) {
    guard let byte = character.asciiValue else { return nil }
    switch byte | 0x20 {
    case UInt8(ascii: "h"): self = .backspace
    case UInt8(ascii: "i"): self = .tab
    case UInt8(ascii: "j"), UInt8(ascii: "m"): self = .enter
    case UInt8(ascii: "a")...UInt8(ascii: "z") where character.isLetter:
      self = .control(Character(Unicode.Scalar(byte | 0x20)))
    default:
      switch character {
      case "[": self = .escape
      case "@", "\\", "]", "^", "_": self = .control(character)
      default: return nil
      }
    }
  }
}
