internal import Dialogues
internal import Glibc

extension TurnAnalysis {
  /// The analysis in the labels of a project: best label, runner-up and influences are then those of what
  /// is shown, and a decoder decides among labels that can be given.
  ///
  /// The model's labels without a counterpart are left out, which shares their probability out in
  /// proportion, as ``LabelMapping/apply(_:)`` does. Where several of the model's labels stand behind one,
  /// its logit is the logarithm of their summed odds, and the most probable of them says what the turns
  /// contributed; influence is exact only where there is one.
  ///
  /// - Returns: an analysis in those of the project's labels that the model can suggest, in the project's
  ///   order. The mapping has at least one.
  public func mapped(by mapping: LabelMapping) -> TurnAnalysis {
    let sources = mapping.target.indices.map { target in
      mapping.places.indices.filter { mapping.places[$0] == target }
    }
    let reached = sources.indices.filter { !sources[$0].isEmpty }
    precondition(!reached.isEmpty && mapping.places.count == logits.count, "nothing is mapped")
    var mapped = self
    mapped.labels = reached.map { mapping.target[$0] }
    let leading = reached.map { target in
      sources[target].reduce(sources[target][0]) { logits[$1] > logits[$0] ? $1 : $0 }
    }
    mapped.logits = zip(reached, leading).map { target, leading in
      let rest = sources[target].reduce(0) { $0 + exp(logits[$1] - logits[leading]) }
      return logits[leading] + log(rest)
    }
    let shares = mapping.apply(posterior).posterior
    mapped.posterior = reached.map { shares[$0] }
    mapped.contributions = contributions.map { contribution in
      Contribution(turn: contribution.turn, logits: leading.map { contribution.logits[$0] })
    }
    // What the labels behind the leading one add belongs to no turn.
    mapped.baseline = leading.indices.map { place in
      baseline[leading[place]] + mapped.logits[place] - logits[leading[place]]
    }
    return mapped
  }
}
