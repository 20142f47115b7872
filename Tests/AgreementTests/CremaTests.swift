import Agreement
import Foundation
import TestSupport
import Testing

/// The votes of CREMA-D, against numbers computed from the same file with other programs
/// (vectors.json, `real_data_crema_d`).
@Suite(
  .enabled(if: Vectors.path != nil && CremaVotes.path != nil, "needs ../shared/data/crema_d"))
struct `The votes of a real corpus` {
  @Test(arguments: [
    (1, "voice (audio only)"), (2, "face (visual only)"), (3, "multimodal (audio-visual)"),
  ])
  func `have the agreement others find`(modality: Int, name: String) throws {
    let vectors = try Vectors(#require(Vectors.path))
    let results = (vectors.root["real_data_crema_d"] as! [String: Any])["results"] as! [String: Any]
    let expected = results[name] as! [String: Any]
    let summary = try CremaVotes.table(modality).summary(Resampling(replicates: 0))
    #expect(summary.counts.ratings == expected["ratings"] as! Int)
    #expect(summary.counts.items == expected["clips"] as! Int)
    for (key, found) in [
      ("alpha_nominal", summary.alpha), ("percent_agreement_items", summary.raw),
      ("fleiss_gwet", summary.fleiss), ("gwet_ac1", summary.ac1),
      ("brennan_prediger", summary.brennanPrediger),
    ] {
      #expect(abs(found.statistic.value! - (expected[key] as! Double)) < 1e-9, "\(key)")
    }
    let specific = expected["specific_agreement"] as! [String: Double]
    let alphas = expected["alpha_per_class"] as! [String: Double]
    for label in summary.perLabel {
      #expect(abs(label.specific.statistic.value! - specific[label.label]!) < 1e-9)
      #expect(abs(label.alpha.statistic.value! - alphas[label.label]!) < 1e-9)
    }
    print(
      "CREMA-D \(name): \(summary.counts.ratings) ratings, alpha \(summary.alpha.statistic.value!)")
  }
}

enum CremaVotes {
  static let path = sharedData("crema_d/tabulatedVotes.csv")

  /// A modality's votes; who voted is not known, so that each vote of a clip is a rater's.
  static func table(_ modality: Int) throws -> RatingTable {
    let labels = ["A", "D", "F", "H", "N", "S"]
    var builder = RatingTable.Builder(categories: labels)
    let text = try String(contentsOfFile: path!, encoding: .utf8)
    for row in text.split(whereSeparator: \.isNewline).dropFirst() {
      let fields = row.split(separator: ",").map { $0.trimmingCharacters(in: ["\""]) }
      guard fields[0].hasPrefix("\(modality)") else { continue }
      var voter = 0
      for (label, count) in zip(labels, fields[1...]) {
        for _ in 0..<Int(count)! {
          try builder.add(item: fields[7], rater: "\(voter)", label: label)
          voter += 1
        }
      }
    }
    return try builder.table()
  }
}
