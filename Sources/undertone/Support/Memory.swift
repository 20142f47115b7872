import Glibc

/// Makes the allocator give back what the program no longer needs.
///
/// Left alone, glibc gives threads heaps of their own, in each of which the holes that decoded sound
/// and loaded weights leave are kept for that thread; and after the first large block is freed it
/// takes later ones from a heap, too. So memory grew with every dialogue opened. One heap is enough
/// for threads that mostly wait, and blocks from 1 MiB are the system's again once freed.
///
/// Called at the start, before much is allocated. Does nothing with another allocator.
func keepMemorySmall() {
  typealias Option = @convention(c) (_ parameter: Int32, _ value: Int32) -> Int32
  // Swift's Glibc module does not have <malloc.h>.
  guard let symbol = dlsym(nil, "mallopt") else { return }
  let mallopt = unsafeBitCast(symbol, to: Option.self)
  let (mmapThreshold, mostArenas): (Int32, Int32) = (-3, -8)  // as <malloc.h> has them
  _ = mallopt(mostArenas, 1)
  _ = mallopt(mmapThreshold, 1 << 20)
}
