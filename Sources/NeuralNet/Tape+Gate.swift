extension Tape {
  /// Mixes what fills a slot with what stands for an empty slot.
  ///
  /// `mixed = null + present · gate ∘ (content − null)`. A closed gate and an absent content give
  /// the same thing, so a linear function of the result says exactly what leaving the content out
  /// would change: `W · gate ∘ (content − null)`.
  ///
  /// - Parameters:
  ///   - content: rows × width.
  ///   - null: 1 × width.
  ///   - gate: rows × width or rows × 1, between 0 and 1; `nil` for an open gate.
  ///   - present: one a row; whether the slot is filled.
  /// - Returns: rows × width.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func gate(
    _ content: Node<Scalar>, null: Node<Scalar>, by gate: Node<Scalar>?, present: [Bool]
  ) -> Node<Scalar> {
    precondition(present.count == content.rows, "one mask a row is needed")
    let rows = content.rows
    let width = content.columns
    let gateWidth = gate?.columns ?? 0
    precondition(gate == nil || gateWidth == width || gateWidth == 1, "the gate has another width")
    var value = Matrix<Scalar>(rows: rows, columns: width)
    for row in 0..<rows {
      mix(
        present[row] ? content.value.elements : nil, null.value.elements,
        gate?.value.elements, gateWidth: gateWidth, row: row, width: width,
        into: &value.elements)
    }
    return record(value, from: content, null, gate) { result in
      content.accumulate { target in
        for row in 0..<rows where present[row] {
          for i in 0..<width {
            target[row * width + i] +=
              result.gradient[row * width + i] * (gate?.opening(row, i) ?? 1)
          }
        }
      }
      null.accumulate { target in
        for row in 0..<rows {
          for i in 0..<width {
            let opening = present[row] ? gate?.opening(row, i) ?? 1 : 0
            target[i] += result.gradient[row * width + i] * (1 - opening)
          }
        }
      }
      gate?.accumulate { target in
        for row in 0..<rows where present[row] {
          for i in 0..<width {
            target[row * gateWidth + (gateWidth == 1 ? 0 : i)] +=
              result.gradient[row * width + i]
              * (content.value[row, i] - null.value.elements[i])
          }
        }
      }
    }
  }
}

/// One row of mixed content; `nil` for absent content and for an open gate.
@specialized(where T == Float)
@specialized(where T == Double)
@inline(never)
private func mix<T: NeuralScalar>(
  _ content: UnsafePointer<T>?, _ null: UnsafePointer<T>, _ gate: UnsafePointer<T>?,
  gateWidth: Int, row: Int, width: Int, into mixed: UnsafeMutablePointer<T>
) {
  let mixed = mixed + row * width
  guard let content = content.map({ $0 + row * width }) else {
    return mixed.update(from: null, count: width)
  }
  guard let gate = gate.map({ $0 + row * gateWidth }) else {
    return mixed.update(from: content, count: width)
  }
  if gateWidth == 1 {
    for i in 0..<width { mixed[i] = null[i] + gate[0] * (content[i] - null[i]) }
  } else {
    for i in 0..<width { mixed[i] = null[i] + gate[i] * (content[i] - null[i]) }
  }
}

extension Node {
  /// How far a gate is open for a row and a column; a gate of one column serves all.
  fileprivate func opening(_ row: Int, _ column: Int) -> Scalar {
    value.elements[row * columns + (columns == 1 ? 0 : column)]
  }
}
