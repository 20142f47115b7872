internal import NeuralNet

extension MiniLM {
  /// How small an encoder is made.
  struct Reduction {
    /// The layers that stay, from the words up.
    ///
    /// Layers far apart do different work, so that every other one is a better start than the lowest
    /// ones (DistilBERT, arXiv:1910.01108, section 3).
    var layers = [0, 2, 5]
    /// The inner columns of a feed-forward that stay: those with the heaviest weights.
    var inner = 768
    /// A word piece stays if it occurs so often in the texts; what is lost is spelled with shorter
    /// pieces.
    var occurrences = 4
  }

  /// A smaller encoder to train: some of the layers, the inner columns that matter most, the word
  /// pieces that occur.
  ///
  /// It knows less than this one until it is trained to answer as this one does.
  ///
  /// - Parameter texts: the texts whose word pieces are counted.
  func reduced(_ reduction: Reduction, for texts: [String]) throws -> MiniLM {
    var network = network
    network.layers = reduction.layers.count
    network.inner = min(network.inner, reduction.inner)
    network.positions = min(network.positions, MiniLMNetwork.limit)
    let kept = keptPieces(occurring: reduction.occurrences, in: texts)
    network.pieces = kept.count
    let lines = vocabulary.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let vocabulary = Array(kept.map { lines[$0] }.joined(separator: [UInt8(ascii: "\n")]))
    var reduced = Weights<Float>()
    func keep(_ name: String, as new: String, rows: [Int]? = nil, columns: [Int]? = nil) {
      for part in [name, "\(name).weight", "\(name).bias", "\(name).scale", "\(name).shift"] {
        guard let matrix = weights[part] else { continue }
        let target = new + part.dropFirst(name.count)
        if let rows, part.hasSuffix(".bias") {
          reduced[target] = matrix.selecting(columns: rows)
        } else {
          var smaller = matrix
          if let rows { smaller = smaller.selecting(rows: rows) }
          if let columns, part.hasSuffix(".weight") {
            smaller = smaller.selecting(columns: columns)
          }
          reduced[target] = smaller
        }
      }
    }
    keep(MiniLMNetwork.table, as: MiniLMNetwork.table, rows: kept)
    keep("text.positions", as: "text.positions", rows: Array(0..<network.positions))
    keep("text.norm", as: "text.norm")
    for (place, layer) in reduction.layers.enumerated() {
      let (old, new) = ("text.\(layer)", "text.\(place)")
      for part in ["projected", "attended", "attended.norm", "outer.norm"] {
        keep("\(old).\(part)", as: "\(new).\(part)")
      }
      let heaviest = heaviestInner(of: layer, count: network.inner)
      keep("\(old).inner", as: "\(new).inner", rows: heaviest)
      keep("\(old).outer", as: "\(new).outer", columns: heaviest)
    }
    return MiniLM(
      version: "\(identity.version)-reduced", network: network,
      tokenizer: try WordPieceTokenizer(vocabulary: vocabulary), vocabulary: vocabulary,
      weights: reduced, isPublished: false)
  }

  /// Line numbers of the pieces that stay: the marks, single Latin characters (anything can be
  /// spelled with them) and what occurs often enough.
  private func keptPieces(occurring least: Int, in texts: [String]) -> [Int] {
    var counts = [Int](repeating: 0, count: tokenizer.count)
    for text in texts {
      for id in ids(of: text) { counts[Int(id)] += 1 }
    }
    let lines = vocabulary.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return (0..<tokenizer.count).filter { number in
      let line = String(decoding: lines[number], as: UTF8.self)
      let piece = line.hasPrefix("##") && line.count > 2 ? line.dropFirst(2) : line[...]
      let isLetter =
        piece.unicodeScalars.count == 1
        && piece.unicodeScalars.first.map { $0.value < 0x250 } ?? false
      return counts[number] >= least || isLetter || ["[UNK]", "[CLS]", "[SEP]"].contains(line)
    }
  }

  /// The inner columns of a layer's feed-forward through which most can flow, in their order: by the
  /// lengths of the weights that lead there and away.
  private func heaviestInner(of layer: Int, count: Int) -> [Int] {
    guard let inner = weights["text.\(layer).inner.weight"],
      let outer = weights["text.\(layer).outer.weight"]
    else { preconditionFailure("the encoder lacks a layer") }
    let weight = (0..<inner.rows).map { column -> Float in
      let towards = inner.row(column).reduce(0) { $0 + $1 * $1 }
      let away = (0..<outer.rows).reduce(Float(0)) { $0 + outer[$1, column] * outer[$1, column] }
      return towards * away
    }
    return weight.indices.sorted { (weight[$1], $0) < (weight[$0], $1) }.prefix(count).sorted()
  }
}

extension Matrix {
  /// Some of its rows.
  fileprivate func selecting(rows chosen: [Int]) -> Matrix {
    Matrix(rows: chosen.count, columns: columns, elements: chosen.flatMap(row))
  }

  /// Some of its columns.
  fileprivate func selecting(columns chosen: [Int]) -> Matrix {
    Matrix(
      rows: rows, columns: chosen.count,
      elements: (0..<rows).flatMap { row in chosen.map { self[row, $0] } })
  }
}
