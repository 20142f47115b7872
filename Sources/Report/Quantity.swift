/// A statistic that a report can hold: its key, its name, what exactly it is, and who to cite.
///
/// The key is the statistic's name in JSON and CSV. Tools differ in what they call by the same name, so
/// every report prints the definitions of what it holds.
public enum Quantity: String, CaseIterable, Sendable {
  case alphaNominal = "alpha_nominal"
  case alphaOrdinal = "alpha_ordinal"
  case alphaInterval = "alpha_interval"
  case alphaRatio = "alpha_ratio"
  case alphaMASI = "alpha_masi"
  case alphaJaccard = "alpha_jaccard"
  case raw = "raw_agreement"
  case ac1 = "gwet_ac1"
  case ac2 = "gwet_ac2"
  case fleiss = "fleiss_kappa"
  case fleiss1971 = "fleiss_kappa_1971"
  case conger = "conger_kappa"
  case light = "light_kappa"
  case brennanPrediger = "brennan_prediger"
  case pooled = "raw_agreement_pooled"
  case cohen = "cohen_kappa"
  case cohenLinear = "cohen_kappa_linear"
  case cohenQuadratic = "cohen_kappa_quadratic"
  case maximumKappa = "maximum_kappa"
  case scott = "scott_pi"
  case specific = "specific_agreement"
  case prevalence
  case icc11 = "icc_1_1"
  case icc21 = "icc_2_1"
  case icc31 = "icc_3_1"
  case icc1k = "icc_1_k"
  case icc2k = "icc_2_k"
  case icc3k = "icc_3_k"
  case ccc = "concordance"
  case cronbach = "cronbach_alpha"
  case meanKappa = "mean_kappa"
  case alphaWithout = "alpha_without"
  case withMajority = "accuracy_against_majority"
  case seconds = "median_seconds"
  case mean
  case spread
  case bias
  case eweWeight = "ewe_weight"
  case eweWeightOfAll = "ewe_weight_mean_of_all"
  case skill = "dawid_skene_accuracy"
  case competence = "mace_competence"
  case repeatKappa = "repeat_kappa"
  case repeatRaw = "repeat_raw_agreement"
  case repeatAlpha = "repeat_alpha"
  case acceptance
  case assistedAgreement = "agreement_with_suggestion_assisted"
  case controlAgreement = "agreement_with_suggestion_control"
  case pull = "suggestion_pull"
  case yielding = "suggestion_yielding"
  case assistedKappa = "fleiss_kappa_assisted"
  case controlKappa = "fleiss_kappa_control"
  case kappaDifference = "fleiss_kappa_difference"
  case changed = "changed_after_reveal"
  case towards = "changed_towards_suggestion"
  case away = "changed_away_from_suggestion"
  case faster = "faster_than_sound"
  case unheard = "labelled_unheard"

  /// The name in a table.
  public var name: String {
    switch self {
    case .alphaNominal: "Krippendorff's α"
    case .alphaOrdinal: "Krippendorff's α, ordinal"
    case .alphaInterval: "Krippendorff's α, interval"
    case .alphaRatio: "Krippendorff's α, ratio"
    case .alphaMASI: "Krippendorff's α, MASI"
    case .alphaJaccard: "Krippendorff's α, Jaccard"
    case .raw: "Raw agreement"
    case .ac1: "Gwet's AC1"
    case .ac2: "Gwet's AC2"
    case .fleiss: "Fleiss' κ"
    case .fleiss1971: "Fleiss' κ of 1971"
    case .conger: "Conger's κ"
    case .light: "Light's κ"
    case .brennanPrediger: "Brennan-Prediger κ"
    case .pooled: "Raw agreement, pooled"
    case .cohen: "Cohen's κ"
    case .cohenLinear: "Cohen's κ, linear"
    case .cohenQuadratic: "Cohen's κ, quadratic"
    case .maximumKappa: "Largest κ possible"
    case .scott: "Scott's π"
    case .specific: "Specific agreement"
    case .prevalence: "Share"
    case .icc11: "ICC(1,1)"
    case .icc21: "ICC(2,1)"
    case .icc31: "ICC(3,1)"
    case .icc1k: "ICC(1,k)"
    case .icc2k: "ICC(2,k)"
    case .icc3k: "ICC(3,k)"
    case .ccc: "Lin's concordance"
    case .cronbach: "Cronbach's α"
    case .meanKappa: "Mean κ with the others"
    case .alphaWithout: "α without the rater"
    case .withMajority: "With the others' majority"
    case .seconds: "Median seconds"
    case .mean: "Mean"
    case .spread: "Spread"
    case .bias: "Bias"
    case .eweWeight: "EWE weight"
    case .eweWeightOfAll: "EWE weight, own included"
    case .skill: "Dawid-Skene accuracy"
    case .competence: "MACE competence"
    case .repeatKappa: "κ with oneself"
    case .repeatRaw: "Raw agreement with oneself"
    case .repeatAlpha: "α with oneself"
    case .acceptance: "Acceptance"
    case .assistedAgreement: "With the suggestion, shown"
    case .controlAgreement: "With the suggestion, control"
    case .pull: "Bias of suggestions"
    case .yielding: "Yielding to suggestions"
    case .assistedKappa: "Fleiss' κ, suggestions shown"
    case .controlKappa: "Fleiss' κ, control"
    case .kappaDifference: "Difference of the two κ"
    case .changed: "Changed after the reveal"
    case .towards: "Changed to the suggestion"
    case .away: "Changed from the suggestion"
    case .faster: "Faster than the sound"
    case .unheard: "Labelled unheard"
    }
  }

  /// What exactly it is, for a reader who has another tool beside the report.
  public var definition: String {
    switch self {
    case .alphaNominal: "Krippendorff 2011, turns with two or more ratings"
    case .alphaOrdinal:
      "Krippendorff 2011, his own ordinal metric, which depends on how often each value is used"
    case .alphaInterval: "Krippendorff 2011, squared differences"
    case .alphaRatio: "Krippendorff 2011, squared relative differences, values from 0 up"
    case .alphaMASI:
      "Krippendorff 2011 over sets with MASI of Passonneau 2006 as distance: 1 − J·M, M being 1 for "
        + "the same sets, 2/3 for a subset, 1/3 for an overlap, 0 for none; not squared"
    case .alphaJaccard:
      "Krippendorff 2011 over sets, distance 1 − |A∩B| / |A∪B|; two empty sets are the same"
    case .raw: "mean over turns with two or more ratings of the share of agreeing pairs"
    case .ac1:
      "Gwet 2008, all labels of the project; shares of labels over turns with one or more ratings"
    case .ac2:
      "Gwet 2014, ordinal weights by rank over the declared values, his rule for missing ratings"
    case .fleiss:
      "Fleiss 1971 with Gwet's rule for missing ratings (Gwet 2014); per label against the rest"
    case .fleiss1971: "defined for the same number of ratings on every turn"
    case .conger: "Conger 1980, chance from each rater's own labels"
    case .light: "mean of Cohen's kappa over the pairs that have one"
    case .brennanPrediger:
      "Brennan and Prediger 1981, chance is one over the number of labels"
    case .pooled: "agreeing pairs of ratings among all pairs of the same turn"
    case .cohen: "Cohen 1960 on the turns both rated, with their labels on those turns"
    case .cohenLinear: "Cohen 1968, linear weights by rank over the declared values"
    case .cohenQuadratic: "Cohen 1968, quadratic weights by rank over the declared values"
    case .maximumKappa: "the largest Cohen's kappa the two raters' label frequencies allow"
    case .scott: "Scott 1955 on the turns both rated"
    case .specific: "of the pairs with one rating of the label, the share with two"
    case .prevalence: "the label's share of the ratings on turns with two or more"
    case .icc11: "Shrout and Fleiss 1979, ICC(1): other raters on each turn; one rating"
    case .icc21:
      "Shrout and Fleiss 1979, ICC(A,1): raters drawn at random, level counts; one rating"
    case .icc31: "Shrout and Fleiss 1979, ICC(C,1): these raters, level does not count; one rating"
    case .icc1k: "Shrout and Fleiss 1979, ICC(1) of the mean of all raters"
    case .icc2k: "Shrout and Fleiss 1979, ICC(A) of the mean of all raters"
    case .icc3k: "Shrout and Fleiss 1979, ICC(C) of the mean of all raters"
    case .ccc: "Lin 1989, moments over n; with more than two raters the mean over pairs"
    case .cronbach: "Cronbach 1951, the raters as items of a scale; the same number as ICC(3,k)"
    case .meanKappa: "mean of Cohen's kappa with each other rater, where it is defined"
    case .alphaWithout:
      "Krippendorff's alpha of the others alone; where it is higher, the rater stands apart"
    case .withMajority:
      "share of turns on which the rater gave the majority label of the others; ties left out"
    case .seconds: "median seconds from the first sound of a turn to the answer"
    case .mean: "mean of the rater's values"
    case .spread: "standard deviation of the rater's values, over n − 1"
    case .bias: "mean difference from the mean of the others on the same turn"
    case .eweWeight:
      "Pearson's correlation with the mean of the others, the rater's weight in the evaluator "
        + "weighted estimate as audpsychometric has it"
    case .eweWeightOfAll:
      "the same with the mean of all, the rater included, as Grimm and Kroschel 2005 have it"
    case .skill:
      "Dawid and Skene 1979, expectation maximisation from shares of votes without smoothing: the "
        + "probability of naming the true label, labels being as common as estimated"
    case .competence:
      "Hovy et al. 2013, variational Bayes with the authors' priors, 10 restarts from a fixed seed: "
        + "how far the rater knows the label instead of guessing"
    case .repeatKappa:
      "Cohen's kappa of a rater's first with their second answers to turns given again, unmarked"
    case .repeatRaw: "share of turns given again with the same answer"
    case .repeatAlpha: "Krippendorff's alpha of the two answers"
    case .acceptance: "of the answers given with a suggestion in view, the share that took it"
    case .assistedAgreement:
      "p1: in the arm with suggestions, the share of answers that are the suggested label, hidden "
        + "suggestions included"
    case .controlAgreement:
      "p0: the same in the control arm, whose dialogues were chosen by hash and show no suggestion: "
        + "what people would have said anyway"
    case .pull:
      "p1 - p0, by which suggestions move answers and inflate the model's measured accuracy (seen by "
        + "Schroeder et al. 2025); the interval draws dialogues within each arm, n - 1 of n, rescaled "
        + "(Rao and Wu 1988); of fewer than four dialogues in an arm there is none"
    case .yielding:
      "(p1 - p0) / (1 - p0): of the answers that would have differed from the suggestion, how many "
        + "did not (Sheps 1958)"
    case .assistedKappa: "between people on the turns of dialogues with suggestions"
    case .controlKappa: "between people on the turns of the control dialogues"
    case .kappaDifference: "shown less control: agreement that suggestions made"
    case .changed:
      "of the answers kept or changed in view of the reveal, the share with another label"
    case .towards: "of all those, the share that went from another label to the suggested one"
    case .away: "of all those, the share that went from the suggested label to another one"
    case .faster:
      "share of first answers given sooner after the first sound than the turn's sound lasts"
    case .unheard:
      "share of first answers, to turns with sound, before anything of the turn was heard"
    }
  }

  /// Who to cite.
  public var references: [Reference] {
    switch self {
    case .alphaNominal, .alphaOrdinal, .alphaInterval, .alphaRatio, .alphaJaccard, .alphaWithout:
      [.krippendorff2011]
    case .alphaMASI: [.krippendorff2011, .passonneau2006]
    case .ac1: [.gwet2008]
    case .ac2, .raw: [.gwet2014]
    case .fleiss: [.fleiss1971, .gwet2014]
    case .fleiss1971: [.fleiss1971]
    case .conger: [.conger1980]
    case .light: [.light1971]
    case .brennanPrediger: [.brennan1981]
    case .cohen, .maximumKappa, .meanKappa: [.cohen1960]
    case .cohenLinear, .cohenQuadratic: [.cohen1968]
    case .scott: [.scott1955]
    case .specific: [.cicchetti1990]
    case .icc11, .icc21, .icc31, .icc1k, .icc2k, .icc3k: [.shrout1979, .mcgraw1996]
    case .ccc: [.lin1989]
    case .cronbach: [.cronbach1951]
    case .eweWeight, .eweWeightOfAll: [.grimm2005]
    case .skill: [.dawid1979]
    case .competence: [.hovy2013]
    case .repeatKappa: [.cohen1960]
    case .repeatAlpha: [.krippendorff2011]
    case .pull: [.rao1988, .schroeder2025]
    case .yielding: [.sheps1958]
    case .assistedKappa, .controlKappa, .kappaDifference: [.fleiss1971, .gwet2014]
    case .repeatRaw, .acceptance, .assistedAgreement, .controlAgreement, .changed, .towards, .away,
      .faster, .unheard:
      []
    case .pooled, .prevalence, .withMajority, .seconds, .mean, .spread, .bias: []
    }
  }
}
