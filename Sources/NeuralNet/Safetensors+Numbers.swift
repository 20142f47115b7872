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

  /// A matrix in signed bytes, each row scaled by its largest element: `element ≈ byte · scale`.
  ///
  /// - Returns: the bytes, and rows × 1 scales in single precision; `nil` if an element is not
  ///   finite.
  public static func bytes(_ matrix: Matrix<Float>) -> (bytes: Self, scales: Self)? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(matrix.elements.count)
    var scales = Matrix<Float>(rows: matrix.rows, columns: 1)
    for row in 0..<matrix.rows {
      let range = row * matrix.columns..<(row + 1) * matrix.columns
      let largest = matrix.elements[range].reduce(0) { max($0, $1.magnitude) }
      guard matrix.elements[range].allSatisfy(\.isFinite) else { return nil }
      let scale = largest / 127
      scales[row, 0] = scale
      for place in range {
        let byte = scale > 0 ? Int8((matrix.elements[place] / scale).rounded()) : 0
        bytes.append(UInt8(bitPattern: byte))
      }
    }
    return (
      Self(type: .byte, shape: [matrix.rows, matrix.columns], bytes: bytes), .single(scales)
    )
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
