import Agreement
import Foundation

/// A number of ours beside a library's.
struct Witness: CustomStringConvertible {
  var found: Double?
  var wanted: Double
  var tolerance = 1e-9
  var library: String

  var isRight: Bool {
    found.map { abs($0 - wanted) <= tolerance * max(1, abs(wanted)) } ?? false
  }

  var description: String { "\(found.map { "\($0)" } ?? "undefined"), \(library) \(wanted)" }
}

extension StatisticsByName {
  /// Our numbers beside those of the library that is right about a statistic.
  ///
  /// Which library that is, and where others are wrong, is under `disagreements` in `vectors.json`.
  mutating func witnesses(of key: String, _ libraries: [String: Any]) -> [Witness] {
    let name = key.prefix { $0 != "[" && $0 != "(" }
    let (statsmodels, irrCAC) = ("statsmodels 0.15.0", "irrCAC 0.4.4")
    func number(_ library: String, _ part: String? = nil) -> Double? {
      guard let part else { return libraries[library] as? Double }
      return (libraries[library] as? [String: Any])?[part] as? Double
    }
    func witness(
      _ found: Statistic?, _ library: String, _ part: String? = nil, tolerance: Double = 1e-9
    ) -> [Witness] {
      guard let wanted = number(library, part) else { return [] }
      return [Witness(found: found?.value, wanted: wanted, tolerance: tolerance, library: library)]
    }
    switch name {
    case "cohen_kappa_max": return witness(pair(key)?.maximumKappa, statsmodels)
    case "cohen_kappa_se_asymptotic": return witness(pair(key)?.cohenStandardError, statsmodels)
    case "cohen_kappa_se_null": return witness(pair(key)?.cohenStandardErrorByChance, statsmodels)
    case "cohen_kappa_linear_se_asymptotic", "cohen_kappa_quadratic_se_asymptotic":
      let ranks = table.categories.indices.map(Double.init)
      let weights: AgreementWeights =
        name.contains("linear") ? .linear(positions: ranks) : .quadratic(positions: ranks)
      return witness(pair(key)?.cohenStandardError(weights), statsmodels)
    case "cohen_kappa_ci95":
      guard let ends = libraries[statsmodels] as? [Double] else { return [] }
      let interval = pair(key)?.cohenInterval()
      return zip([interval?.low, interval?.high], ends).map {
        Witness(found: $0, wanted: $1, library: statsmodels)
      }
    case "cohen_kappa" where libraries[statsmodels] == nil && !key.contains("["):
      return witness(pair(key)?.cohenKappa, "scikit-learn 1.9.1")
    case "light_kappa":
      // nltk takes the κ of two raters who both give one label throughout for 1.
      let isDefined = pairwise.tables.allSatisfy { $0.cohenKappa.value != nil }
      return isDefined ? witness(pairwise.lightKappa, "nltk 3.10.4 kappa()") : []
    case "fleiss_kappa_per_category":
      // irr rounds to three digits.
      let theirs = libraries["R irr 0.84.1"] as? [String: Double] ?? [:]
      return summary.perLabel.compactMap { label in
        theirs[label.label].map {
          Witness(
            found: label.kappa.statistic.value, wanted: $0, tolerance: 5.1e-4,
            library: "irr")
        }
      }
    case "bennett_s", "randolph_kappa":
      return witness(
        table.declaresNoUnused ? summary.brennanPrediger.statistic : nil, statsmodels)
    case "pearson", "ccc":
      guard let raters = argument(key)?.split(separator: ",").compactMap({ Int($0) }),
        let found = try? table.concordance(raters[0], raters[1])
      else { return [] }
      return witness(name == "ccc" ? found.ccc : found.pearson, "audmetric 1.4.2")
    case "cronbach_alpha":
      return witness(try? table.cronbachAlpha(), "pingouin 0.6.1", "alpha")
    case "ewe_rater_weights_leave_one_out", "ewe_first5":
      let estimate = try? table.evaluatorWeightedEstimate(.meanOfOthers)
      let ours = name == "ewe_first5" ? estimate?.values : estimate?.weights
      let theirs = libraries["audpsychometric 0.1.1"] as? [Double] ?? []
      return zip(ours ?? [], theirs).map {
        Witness(found: $0.value, wanted: $1, library: "audpsychometric")
      }
    default: break
    }
    if name.hasPrefix("icc_") {
      return witness(correlation(name.dropFirst(4)), "R psych 2.2.9", "ICC")
    }
    return errors(name, number(irrCAC, "coefficient_value"), number(irrCAC, "se"))
  }

  func correlation(_ form: Substring) -> Statistic? {
    guard let icc = try? table.intraclassCorrelation() else { return nil }
    return switch form {
    case "ICC1": icc.single1.value
    case "ICC2": icc.single2.value
    case "ICC3": icc.single3.value
    case "ICC1k": icc.mean1.value
    case "ICC2k": icc.mean2.value
    case "ICC3k": icc.mean3.value
    default: nil
    }
  }

  /// irrCAC's standard errors, and its α with weights.
  private mutating func errors(_ name: Substring, _ value: Double?, _ error: Double?) -> [Witness] {
    guard let value, let error else { return [] }
    let suffix = ["linear", "quadratic", "ordinal"].first { name.hasSuffix("_" + $0) } ?? ""
    guard let weights = weights(suffix) else { return [] }
    let errors = table.agreementErrors(weights)
    let stem = suffix.isEmpty ? String(name) : String(name.dropLast(suffix.count + 1))
    switch stem {
    case "gwet_ac1", "gwet_ac2": return witness(errors.ac, error)
    case "fleiss_gwet": return witness(errors.fleiss, error)
    case "conger": return witness(errors.conger, error)
    case "brennan_prediger": return witness(errors.brennanPrediger, error)
    case "alpha_gwet_variant_nominal", "alpha_gwet_variant":
      let alpha = table.alpha(.distance { 1 - weights.rows[$0][$1] }).alpha
      return witness(alpha, value) + witness(errors.alpha, error)
    default: return []
    }
  }

  /// irrCAC gives a vanishing standard error as 1e-15.
  private func witness(_ found: Statistic, _ wanted: Double) -> [Witness] {
    [Witness(found: found.value, wanted: wanted == 1e-15 ? 0 : wanted, library: "irrCAC")]
  }
}

extension RatingTable {
  /// Whether every declared category was given: statsmodels knows no others.
  fileprivate var declaresNoUnused: Bool {
    var unused = Set(categories.indices)
    for item in items.indices { for rating in ratings(of: item) { unused.remove(rating.category) } }
    return unused.isEmpty
  }
}
