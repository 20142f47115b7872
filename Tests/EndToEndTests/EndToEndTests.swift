import TestSupport
import Testing

/// The program itself, as it is shipped: in a real terminal, on a real file, through a real sound
/// server with nothing but the loudspeaker missing.
///
/// One test at a time: each has a terminal, a sound server and a home folder of its own, and they
/// would only take the processor from each other.
@Suite(
  "The whole program", .serialized,
  .enabled(if: Tmux.isAvailable, "tmux is not installed: apt-get install tmux"))
struct EndToEndTests {}
