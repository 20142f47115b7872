/// Names for people whose names are not to be seen: an adjudicator should weigh what was said, not who
/// said it.
///
/// A letter follows from the name and the study's seed, so it is the same in every copy of a project,
/// after every restart, and when somebody joins, and the order of the letters says nothing about the
/// names. Where two people have the same letter by chance, the one met later gets the next free one.
extension StudyDesign {
  /// A letter for each name.
  ///
  /// - Parameter names: the people in the order the project met them.
  /// - Returns: `A` to `Z` by name; with more than 26 people, `A2` and so on for the later ones.
  public func aliases(of names: [String]) -> [String: String] {
    var aliases: [String: String] = [:]
    for (round, start) in stride(from: 0, to: names.count, by: 26).enumerated() {
      var taken: Set<Int> = []
      for name in names[start..<min(start + 26, names.count)] {
        var place = Int(hash("alias", name) % 26)
        while !taken.insert(place).inserted { place = (place + 1) % 26 }
        guard let letter = Unicode.Scalar(UInt32(0x41 + place)) else { continue }
        aliases[name] = String(Character(letter)) + (round == 0 ? "" : "\(round + 1)")
      }
    }
    return aliases
  }
}
