/// The identity of an event, the same in every copy of a project: a UUID of version 7 (RFC 9562),
/// whose first 48 bits are the milliseconds of the event's clock.
struct EventID: Hashable, Sendable, Comparable {
  var high: UInt64
  var low: UInt64

  init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// A new identity for an event at a clock reading, in microseconds.
  init(clock: Int64, using generator: inout some RandomNumberGenerator) {
    let milliseconds = UInt64(clock / 1000) & 0xFFFF_FFFF_FFFF
    let random: UInt64 = generator.next()
    high = milliseconds << 16 | 0x7000 | random & 0x0FFF
    low = 0x8000_0000_0000_0000 | (generator.next() as UInt64) >> 2
  }

  /// Reads sixteen bytes; `nil` for another number of them.
  init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 16 else { return nil }
    func number(_ bytes: some Sequence<UInt8>) -> UInt64 {
      bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
    self.init(high: number(bytes.prefix(8)), low: number(bytes.dropFirst(8)))
  }

  /// The sixteen bytes, the most significant first.
  var bytes: [UInt8] {
    [high, low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) } }
  }

  static func < (one: EventID, other: EventID) -> Bool {
    (one.high, one.low) < (other.high, other.low)
  }
}

/// Where an event stands in its rater's log, whatever order copies of it arrived in.
///
/// `clock` is the microseconds since 1970 when the event was recorded, but always more than that of
/// every earlier event of this rater in the file it was recorded in (a hybrid logical clock:
/// Kulkarni et al. 2014, "Logical Physical Clocks"). So what a person did later in one copy stays
/// later, also where the machine's clock was set back in between, and an undo always comes after
/// what it undoes. Between two copies the wall clock decides, as the person would expect; the
/// identity settles a tie.
struct EventOrder: Hashable, Sendable, Comparable {
  var clock: Int64
  var id: EventID

  static func < (one: EventOrder, other: EventOrder) -> Bool {
    (one.clock, one.id) < (other.clock, other.id)
  }
}
