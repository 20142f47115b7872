extension Safetensors.Tensor {
  /// How many numbers it holds.
  public var count: Int { bytes.count / type.size }

  /// Its numbers, converted.
  @specialized(where T == Float)
  @specialized(where T == Double)
  public func numbers<T: NeuralScalar>(as _: T.Type = T.self) -> [T] {
    bytes.withUnsafeBytes { raw in
      switch type {
      case .half: raw.values(UInt16.self) { T(Float(Float16(bitPattern: $0))) }
      case .single: raw.values(UInt32.self) { T(Float(bitPattern: $0)) }
      case .double: raw.values(UInt64.self) { T(Double(bitPattern: $0)) }
      case .byte: raw.values(Int8.self) { T($0) }
      case .unsignedByte: raw.values(UInt8.self) { T($0) }
      case .long: raw.values(Int64.self) { T($0) }
      }
    }
  }

  /// A tensor of half-precision numbers, rounded to nearest.
  ///
  /// - Returns: `nil` if a number is too large for half precision.
  public static func half(_ matrix: Matrix<Float>) -> Self? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(2 * matrix.elements.count)
    for number in matrix.elements {
      let half = Float16(number)
      guard half.isFinite else { return nil }
      bytes.append(UInt8(truncatingIfNeeded: half.bitPattern))
      bytes.append(UInt8(truncatingIfNeeded: half.bitPattern >> 8))
    }
    return Self(type: .half, shape: [matrix.rows, matrix.columns], bytes: bytes)
  }

  /// A tensor of single-precision numbers, exact.
  public static func single(_ matrix: Matrix<Float>) -> Self {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * matrix.elements.count)
    for number in matrix.elements {
      withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }
    return Self(type: .single, shape: [matrix.rows, matrix.columns], bytes: bytes)
  }
}

extension UnsafeRawBufferPointer {
  /// Every stored number, converted; they need not be aligned.
  @inline(__always)
  fileprivate func values<Stored: FixedWidthInteger & BitwiseCopyable, T>(
    _: Stored.Type, _ convert: (Stored) -> T
  ) -> [T] {
    let size = MemoryLayout<Stored>.size
    return (0..<count / size).map {
      convert(Stored(littleEndian: loadUnaligned(fromByteOffset: $0 * size, as: Stored.self)))
    }
  }
}
