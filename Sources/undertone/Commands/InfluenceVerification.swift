import Dialogues
import EmotionModel

/// What the suggestion for one turn rests on, with every influence beside what leaving the turn out
/// changes when everything is computed again.
struct InfluenceVerification {
  private let turn: Int
  private let dialogue: Dialogue
  private let suggester: Suggester
  private let texts: [TurnKey: [Float]?]

  init(_ turn: Int, of dialogue: Dialogue, _ suggester: Suggester) throws {
    self.turn = turn
    self.dialogue = dialogue
    self.suggester = suggester
    texts = try suggester.textVectors(of: dialogue)
  }

  /// Lines for people.
  var text: String {
    let check = InfluenceCheck(suggester.classifier, dialogue, text: { texts[$0.key] ?? nil })
    let read = check.analyses()
    let heard =
      suggester.listener?.evidence(in: dialogue, readings: read.map(\.posterior))
      ?? read.map { _ in nil }
    let analyses = zip(read, heard).map { analysis, evidence in
      (evidence.map(analysis.hearing) ?? analysis).mapped(by: suggester.mapping)
    }
    let analysis = analyses[turn]
    let labels = analysis.labels
    let decoded = suggester.decoder?.decode(
      logits: analyses.map(\.logits), speakers: Suggester.voices(in: dialogue))
    let refined = decoded?.states[turn] ?? analysis.best
    let isChanged = refined != analysis.best
    let (shown, other) =
      isChanged ? (refined, analysis.best) : (analysis.best, analysis.runnerUp)
    var lines = [
      "\(dialogue.turns[turn].key)  \(name(of: turn))",
      "model \(labels[analysis.best]) \(rounded(analysis.posterior[analysis.best], 1000)), then "
        + "\(labels[analysis.runnerUp]) \(rounded(analysis.posterior[analysis.runnerUp], 1000))"
        + (isChanged ? "; decoding the dialogue made it \(labels[refined])" : ""),
      "for \(labels[shown]), against \(labels[other]), in logits:",
      "  influence   left out   gate   turn",
    ]
    let places = Dictionary(
      dialogue.turns.enumerated().map { ($1.key.turn, $0) }, uniquingKeysWith: { first, _ in first }
    )
    var sum = 0.0
    for influence in analysis.influences(for: shown, over: other) {
      guard let place = places[influence.turn] else { continue }
      sum += influence.value
      var without = check.analysis(of: turn, without: [place])
      // A turn that is left out is not heard either.
      if place != turn, let evidence = heard[turn] { without = without.hearing(evidence) }
      let left = without.mapped(by: suggester.mapping).logits
      let change =
        (analysis.logits[shown] - analysis.logits[other]) - (left[shown] - left[other])
      let gates = analysis.gates.filter { $0.turn == influence.turn }
        .map { rounded($0.opening, 100) }.joined(separator: " ")
      lines.append(
        "  \(signed(influence.value))    \(signed(change))   \(gates.isEmpty ? "–" : gates)   "
          + (place == turn ? "itself" : name(of: place)))
    }
    let rest = analysis.baseline[shown] - analysis.baseline[other]
    lines.append("  \(signed(rest))    whatever the turns")
    lines.append(
      "  \(signed(sum + rest))    together: logit of \(labels[shown]) minus logit of \(labels[other])"
    )
    if let decoded, isChanged {
      let contrast = decoded.contrast(turn: turn, with: analysis.best)
      lines += [
        "decoding, \(labels[shown]) over \(labels[other]), in logits:",
        "  \(signed(contrast.here.emission))    the model on this turn",
        "  \(signed(contrast.here.shift))    the speaker's emotion stays or shifts",
        "  \(signed(contrast.here.recurrence))    emotions the dialogue has shown",
        "  \(signed(contrast.later.sum))    what later turns make of it",
        "  \(signed(contrast.sum))    together",
      ]
    }
    lines.append(
      "Influence of an earlier turn is exact: leaving it out gives the same number. The turn itself also "
        + "opens the gates of the others, so there the two may differ. A gate says how far the model "
        + "looked (0 to 1), not what it took from there.")
    if heard[turn] != nil {
      lines.append(
        "What the turn's sound adds is part of its influence on itself, and stays the same whichever other "
          + "turn is left out. How far sound is believed is learned on the way through a project, so "
          + "numbers that are stored may differ a little.")
    }
    return lines.joined(separator: "\n")
  }

  private func name(of turn: Int) -> String {
    let text = dialogue.turns[turn].text
    let start = text.prefix(50)
    return
      "\(turn + 1) \(dialogue.turns[turn].speaker): \(start)\(start.count < text.count ? "…" : "")"
      .visibleName
  }

  private func signed(_ value: Double) -> String {
    let text = "\(value < 0 ? "−" : "+")\(rounded(abs(value), 10_000))"
    return text + String(repeating: " ", count: max(0, 8 - text.count))
  }
}
