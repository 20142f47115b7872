internal import Glibc

extension Refinement {
  /// The label a score column stands for: its name, without the `logit_` or `p_` some tools prefix.
  public static func label(ofColumn name: String) -> String {
    for prefix in ["logit_", "p_"] where name.hasPrefix(prefix) && name.count > prefix.count {
      return String(name.dropFirst(prefix.count))
    }
    return name
  }

  /// Reads the score columns of a file.
  ///
  /// Numbers printed with nine significant digits are how a program writes single precision so
  /// that nothing is lost. Such a file is read as single precision: the decoder's close decisions
  /// then come out as they did where the numbers come from.
  ///
  /// - Parameters:
  ///   - rows: the cells of each row, in the order of `labels`.
  ///   - labels: the source's labels.
  public static func scores(
    reading rows: [[String]], labels: [String]
  ) throws(Failure) -> [[Double]] {
    var longest = 0
    var scores: [[Double]] = []
    scores.reserveCapacity(rows.count)
    for (place, row) in rows.enumerated() {
      guard row.count == labels.count else {
        throw .scoreCount(row: place + 1, found: row.count, expected: labels.count)
      }
      var numbers: [Double] = []
      for (label, text) in zip(labels, row) {
        guard let number = Double(text) else {
          throw .unreadable(row: place + 1, label: label, text: text)
        }
        guard number.isFinite else { throw .notANumber(row: place + 1, label: label) }
        longest = max(longest, significantDigits(text))
        numbers.append(number)
      }
      scores.append(numbers)
    }
    guard longest == 9 else { return scores }
    return scores.map { row in
      row.map { Float($0).isFinite ? Double(Float($0)) : $0 }
    }
  }

  private static func significantDigits(_ text: String) -> Int {
    var digits = 0
    for byte in text.utf8 {
      if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") { break }
      let isDigit = byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
      if isDigit && (digits > 0 || byte != UInt8(ascii: "0")) { digits += 1 }
    }
    return digits
  }

  static func check(labels: [String], turns: [ScoredTurn]) throws(Failure) {
    guard !labels.isEmpty else { throw .noLabels }
    var seen: Set<String> = []
    for label in labels where !seen.insert(label).inserted { throw .duplicateLabel(label) }
    for (place, turn) in turns.enumerated() {
      guard turn.scores.count == labels.count else {
        throw .scoreCount(row: place + 1, found: turn.scores.count, expected: labels.count)
      }
      for (label, score) in zip(labels, turn.scores) where !score.isFinite {
        throw .notANumber(row: place + 1, label: label)
      }
    }
  }

  /// The rows of each dialogue, dialogues in order of first appearance.
  static func dialogues(of turns: [ScoredTurn]) throws(Failure) -> [[Int]] {
    var places: [String: Int] = [:]
    var dialogues: [[Int]] = []
    for (row, turn) in turns.enumerated() {
      if let place = places[turn.dialogue] {
        guard turns[dialogues[place][0]].group == turn.group else {
          throw .splitDialogue(row: row + 1, dialogue: turn.dialogue)
        }
        dialogues[place].append(row)
      } else {
        places[turn.dialogue] = dialogues.count
        dialogues.append([row])
      }
    }
    return dialogues
  }

  static func areProbabilities(_ turns: [ScoredTurn]) -> Bool {
    turns.allSatisfy { turn in
      turn.scores.allSatisfy { $0 >= 0 } && abs(turn.scores.reduce(0, +) - 1) < 1e-3
    }
  }

  /// The prior of each group, and which of them each dialogue uses.
  static func priors(
    turns: [ScoredTurn], dialogues: [[Int]], given: Double?
  ) -> (all: [Prior], ofDialogue: [Int]) {
    var places: [String: Int] = [:]
    var names: [String] = []
    var counts: [ShiftProbability] = []
    var total = ShiftProbability()
    let ofDialogue = dialogues.map { dialogue in
      let first = turns[dialogue[0]]
      // A dialogue without a group is one of its own; the prefix keeps the two kinds of name apart.
      let key = first.group.map { "g\($0)" } ?? "d\(first.dialogue)"
      let place = places[key] ?? names.count
      if place == names.count {
        places[key] = place
        names.append(first.group ?? first.dialogue)
        counts.append(ShiftProbability())
      }
      var count = ShiftProbability()
      count.add(
        speakers: dialogue.map { turns[$0].speaker },
        labels: dialogue.map { turns[$0].label.isEmpty ? nil : turns[$0].label })
      counts[place].add(count)
      total.add(count)
      return place
    }
    let all = zip(names, counts).map { name, count in
      if let given { return Prior(group: name, value: given, origin: .given) }
      let others = total.without(count)
      guard let value = others.value else {
        return Prior(group: name, value: 0.5, origin: .nothingKnown)
      }
      return Prior(group: name, value: value, origin: .otherGroups(pairs: others.pairs))
    }
    return (all, ofDialogue)
  }
}

/// ln p, for decoding what is stored as probabilities: with the smallest positive normal number for a probability of 0, so that it stays finite.
public func logarithm(_ probability: Double) -> Double {
  log(max(probability, .leastNormalMagnitude))
}
