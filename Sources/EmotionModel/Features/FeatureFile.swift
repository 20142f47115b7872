internal import Glibc
internal import NeuralNet

/// The layout of a file of cached vectors, and what is done to one.
struct FeatureFile: Sendable {
  private let header: [UInt8]
  private let width: Int

  init(encoder: String, width: Int) {
    self.width = width
    var hash = ContentHash()
    hash.add(encoder)
    hash.add([Int64(width)])
    header = Array("undertone features 1 \(hash.digits)\n".utf8)
  }

  var headerLength: Int { header.count }
  /// Key, vector, hash.
  private var recordLength: Int { 16 + 4 * width + 8 }

  func hasHeader(_ file: Int32) -> Bool {
    read(file, at: 0, count: header.count) == header
  }

  /// Makes a file of no records if there is none, whole from its first moment on.
  ///
  /// Never in the place of another: between looking and making, another program may have made the
  /// file and written to it.
  ///
  /// - Returns: whether there is a file now.
  func create(_ path: String) -> Bool {
    let draft = "\(path).\(getpid())-\(UInt64.random(in: 0...UInt64.max)).new"
    guard (try? writeFileAtomically(draft, header)) != nil else { return false }
    defer { unlink(draft) }
    return link(draft, path) == 0 || errno == EEXIST
  }

  /// A record's bytes.
  func encoded(_ key: FeatureKey, _ vector: [Float]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(recordLength)
    func append(_ word: UInt64) {
      withUnsafeBytes(of: word.littleEndian) { bytes += $0 }
    }
    append(key.words.0)
    append(key.words.1)
    vector.map(\.bitPattern.littleEndian).withUnsafeBytes { bytes += $0 }
    append(bytes.withUnsafeBytes(hash))
    return bytes
  }

  private func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var hash = ContentHash()
    hash.add(bytes)
    return hash.value
  }

  /// The vector of a record; `nil` if it is not intact or another key's.
  func record(at place: Int, in file: Int32, key: FeatureKey) -> [Float]? {
    guard let bytes = read(file, at: place, count: recordLength) else { return nil }
    let isIntact =
      word(bytes, 0) == key.words.0 && word(bytes, 8) == key.words.1
      && word(bytes, bytes.count - 8)
        == bytes.withUnsafeBytes { hash(UnsafeRawBufferPointer(rebasing: $0.dropLast(8))) }
    return isIntact ? Self.numbers(bytes, from: 16, count: width) : nil
  }

  /// Numbers as they lie in a record; `nil` if one of them is none.
  private static func numbers(_ bytes: [UInt8], from start: Int, count: Int) -> [Float]? {
    // Compared as bits, which for magnitudes are in the order of the numbers, so that the loop has no
    // way out and takes several numbers at a time.
    var greatest: UInt32 = 0
    let numbers = [Float](unsafeUninitializedCapacity: count) { numbers, filled in
      bytes.withUnsafeBytes { bytes in
        for place in 0..<count {
          let bits = UInt32(
            littleEndian: bytes.loadUnaligned(
              fromByteOffset: start + 4 * place, as: UInt32.self))
          greatest = max(greatest, bits & 0x7FFF_FFFF)
          numbers.initializeElement(at: place, to: Float(bitPattern: bits))
        }
      }
      filled = count
    }
    return greatest < Float.infinity.bitPattern ? numbers : nil
  }

  /// Tells the key and place of each whole record from a place on, and moves the place behind them.
  func forEachKey(in file: Int32, from end: inout Int, _ tell: (FeatureKey, Int) -> Void) {
    let most = max(1, (1 << 20) / recordLength)
    while true {
      let whole = (Self.size(file) - end) / recordLength
      guard whole > 0,
        let bytes = read(file, at: end, count: min(whole, most) * recordLength)
      else { return }
      for start in stride(from: 0, to: bytes.count, by: recordLength) {
        tell(FeatureKey(words: (word(bytes, start), word(bytes, start + 8))), end + start)
      }
      end += bytes.count
    }
  }

  /// Cuts off what a writer that was killed left behind the last whole record.
  func dropTornRecord(_ file: Int32) {
    let size = Self.size(file)
    let torn = (size - header.count) % recordLength
    if size > header.count, torn > 0 { ftruncate(file, off_t(size - torn)) }
  }

  /// Puts a file with the newer half of the records in the place of a file that is full.
  func replaceByNewerHalf(_ path: String, _ file: Int32, limit: Int) {
    let records = (Self.size(file) - header.count) / recordLength
    let kept = min(records / 2, limit / 2 / recordLength)
    guard
      let bytes = read(
        file, at: header.count + (records - kept) * recordLength, count: kept * recordLength)
    else { return }
    try? writeFileAtomically(path, header + bytes)
  }

  private func read(_ file: Int32, at place: Int, count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let got = bytes.withUnsafeMutableBytes {
        pread(file, $0.baseAddress?.advanced(by: done), count - done, off_t(place + done))
      }
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { return nil }
      done += got
    }
    return bytes
  }

  private func word(_ bytes: [UInt8], _ place: Int) -> UInt64 {
    bytes.withUnsafeBytes {
      UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: UInt64.self))
    }
  }
}

extension FeatureFile {
  static func size(_ file: Int32) -> Int {
    var status = stat()
    return fstat(file, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Whether an open file is the one under a name.
  static func isSame(_ file: Int32, _ path: String) -> Bool {
    var (open, named) = (stat(), stat())
    return fstat(file, &open) == 0 && stat(path, &named) == 0 && open.st_dev == named.st_dev
      && open.st_ino == named.st_ino
  }

  /// Appends in one go; what did not fit on the disk is cut off again.
  static func append(_ bytes: [UInt8], to file: Int32) {
    let size = size(file)
    var done = 0
    while done < bytes.count {
      let wrote = bytes.withUnsafeBytes {
        pwrite(file, $0.baseAddress?.advanced(by: done), bytes.count - done, off_t(size + done))
      }
      if wrote < 0, errno == EINTR { continue }
      guard wrote > 0 else {
        ftruncate(file, off_t(size))
        return
      }
      done += wrote
    }
  }

  /// The files of a folder with their sizes and when they were last written.
  static func list(_ folder: String) -> [(path: String, bytes: Int, used: Int)] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var files: [(path: String, bytes: Int, used: Int)] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      var status = stat()
      let path = "\(folder)/\(name)"
      guard name.hasSuffix(".features"), stat(path, &status) == 0 else { continue }
      files.append((path, Int(status.st_size), Int(status.st_mtim.tv_sec)))
    }
    return files
  }
}
