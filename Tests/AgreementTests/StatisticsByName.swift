import Agreement
import Foundation

/// Finds the statistic a name in `vectors.json` stands for.
struct StatisticsByName {
  let one: Vectors.Case
  let table: RatingTable
  let pairwise: Pairwise
  let summary: AgreementSummary
  var weighted: [String: WeightedAgreement] = [:]

  init(_ one: Vectors.Case) {
    self.one = one
    table = one.table
    pairwise = table.pairwise()
    summary = table.summary(Resampling(replicates: 0))
  }

  func weights(_ name: String) -> AgreementWeights? {
    let positions = table.numericValues ?? table.categories.indices.map(Double.init)
    return switch name {
    case "": .identity(table.categories.count)
    case "linear": .linear(positions: positions)
    case "quadratic": .quadratic(positions: positions)
    case "ordinal": .ordinal(positions: positions)
    default: nil
    }
  }

  private mutating func weighted(_ name: String) -> WeightedAgreement? {
    if let known = weighted[name] { return known }
    let computed = weights(name).map { table.weightedAgreement($0) }
    weighted[name] = computed
    return computed
  }

  private func metric(_ name: String) -> KrippendorffAlpha? {
    switch name {
    case "nominal": table.alpha(.nominal)
    case "ordinal": table.alpha(.ordinal)
    case "interval": table.alpha(.interval)
    case "ratio": table.alpha(.ratio)
    case "jaccard": table.alpha(SetDistance.jaccard)
    case "masi": table.alpha(SetDistance.masi)
    case "masi_dkpro": table.alpha(SetDistance.masiDKPro)
    case "passonneau2004": table.alpha(SetDistance.passonneau2004)
    default: nil
    }
  }

  /// What stands in brackets behind a name.
  func argument(_ key: String) -> String? {
    key.firstIndex(of: "[").map { String(key[key.index(after: $0)...].dropLast()) }
  }

  func label(_ key: String) -> AgreementSummary.Label? {
    let name = argument(key)
    return summary.perLabel.first { $0.label == name }
  }

  func pair(_ key: String) -> PairTable? {
    guard let raters = argument(key)?.split(separator: ",").compactMap({ Int($0) }) else {
      return pairwise.tables.first
    }
    return pairwise.table(raters[0], raters[1])
  }

  mutating func value(of key: String) -> Statistic? {
    let name = key.prefix { $0 != "[" && $0 != "(" }
    let suffix = ["linear", "quadratic", "ordinal"].first { name.hasSuffix("_" + $0) } ?? ""
    let stem = suffix.isEmpty ? String(name) : String(name.dropLast(suffix.count + 1))
    switch stem {
    case "percent_agreement": return weighted(suffix)?.raw
    case "percent_agreement_pooled_pairs": return summary.pooled.statistic
    case "gwet_ac1", "gwet_ac2": return weighted(suffix)?.ac
    case "gwet_ac_pe": return weighted(suffix).map { .value($0.acExpected) }
    case "fleiss_gwet": return weighted(suffix)?.fleiss
    case "fleiss_gwet_pe": return weighted(suffix).map { .value($0.fleissExpected) }
    case "conger": return weighted(suffix)?.conger
    case "conger_pe": return weighted(suffix).map { .value($0.congerExpected) }
    case "brennan_prediger": return weighted(suffix)?.brennanPrediger
    case "fleiss_kappa": return table.fleissKappa.kappa
    case "fleiss_se_1971": return table.fleissKappa.standardErrorOf1971
    case "fleiss_kappa_Po": return table.fleissKappa.observed
    case "fleiss_kappa_Pe": return table.fleissKappa.expected
    case "fleiss_kappa_category": return label(key)?.kappa.statistic
    case "light_kappa": return pairwise.lightKappa
    case "cohen_kappa_Po": return pair(key)?.rawAgreement
    case "cohen_kappa_Pe": return pair(key).map { .value($0.cohenExpected) }
    case "cohen_kappa_max": return pair(key)?.maximumKappa
    case "cohen_kappa": return weights(suffix).flatMap { pair(key)?.cohenKappa($0) }
    case "cohen_kappa_custom_weights":
      let distances = (one.data["distance_matrix"] as? [[Double]])?.map { $0.map { 1 - $0 } }
      let rows = one.data["similarity_weights"] as? [[Double]] ?? distances
      return rows.flatMap { pair(key)?.cohenKappa(AgreementWeights($0)) }
    case "cohen_kappa_weighted_disagreement":
      let rows: [[Double]] = [[0, 1, 3], [1, 0, 6], [3, 6, 0]].map { $0.map { 1 - $0 / 6 } }
      return pair(key)?.cohenKappa(AgreementWeights(rows))
    case "scott_pi": return pair(key)?.scottPi
    case "scott_pi_Pe": return pair(key).map { .value($0.scottExpected) }
    case "specific_agreement": return label(key)?.specific.statistic
    case "alpha_nominal_category": return label(key)?.alpha.statistic
    case "alpha_nominal_label":
      let name = argument(key)
      return table.alphaOfLabels.first { $0.label == name }?.alpha
    case "alpha_nominal_without_rater":
      let name = argument(key)
      return summary.perRater.first { $0.rater == name }?.alphaWithout
    case "alpha_custom_distance":
      let rows = one.data["distance_matrix"] as! [[Double]]
      return table.alpha(.distance { rows[$0][$1] }).alpha
    default: break
    }
    if name.hasPrefix("icc_") { return correlation(name.dropFirst(4)) }
    guard name.hasPrefix("alpha_") else { return nil }
    let rest = name.dropFirst("alpha_".count)
    if rest.hasSuffix("_Do") { return metric(String(rest.dropLast(3)))?.observed }
    if rest.hasSuffix("_De") { return metric(String(rest.dropLast(3)))?.expected }
    return metric(String(rest))?.alpha
  }
}
