/// A work to cite for a statistic.
public struct Reference: Equatable, Hashable, Sendable {
  /// A word for it in LaTeX, such as `cohen1960`.
  public let key: String
  /// Who wrote it and when, as a sentence has it, such as `Cohen (1960)`.
  public let short: String
  /// Authors, year, title and where it appeared.
  public let full: String
  /// The digital object identifier; `nil` where there is none.
  public let doi: String?

  init(_ key: String, _ short: String, _ full: String, doi: String? = nil) {
    self.key = key
    self.short = short
    self.full = full
    self.doi = doi
  }

  static let brennan1981 = Reference(
    "brennan1981", "Brennan and Prediger (1981)",
    "R. L. Brennan and D. J. Prediger (1981). Coefficient kappa: some uses, misuses, and alternatives. "
      + "Educational and Psychological Measurement 41(3), 687–699.",
    doi: "10.1177/001316448104100307")
  static let cicchetti1990 = Reference(
    "cicchetti1990", "Cicchetti and Feinstein (1990)",
    "D. V. Cicchetti and A. R. Feinstein (1990). High agreement but low kappa: II. Resolving the "
      + "paradoxes. Journal of Clinical Epidemiology 43(6), 551–558.",
    doi: "10.1016/0895-4356(90)90159-M")
  static let cohen1960 = Reference(
    "cohen1960", "Cohen (1960)",
    "J. Cohen (1960). A coefficient of agreement for nominal scales. Educational and Psychological "
      + "Measurement 20(1), 37–46.", doi: "10.1177/001316446002000104")
  static let cohen1968 = Reference(
    "cohen1968", "Cohen (1968)",
    "J. Cohen (1968). Weighted kappa: nominal scale agreement with provision for scaled disagreement "
      + "or partial credit. Psychological Bulletin 70(4), 213–220.", doi: "10.1037/h0026256")
  static let conger1980 = Reference(
    "conger1980", "Conger (1980)",
    "A. J. Conger (1980). Integration and generalization of kappas for multiple raters. Psychological "
      + "Bulletin 88(2), 322–328.", doi: "10.1037/0033-2909.88.2.322")
  static let cronbach1951 = Reference(
    "cronbach1951", "Cronbach (1951)",
    "L. J. Cronbach (1951). Coefficient alpha and the internal structure of tests. Psychometrika "
      + "16(3), 297–334.", doi: "10.1007/BF02310555")
  static let dawid1979 = Reference(
    "dawid1979", "Dawid and Skene (1979)",
    "A. P. Dawid and A. M. Skene (1979). Maximum likelihood estimation of observer error-rates using "
      + "the EM algorithm. Journal of the Royal Statistical Society C 28(1), 20–28.",
    doi: "10.2307/2346806")
  static let efron1987 = Reference(
    "efron1987", "Efron (1987)",
    "B. Efron (1987). Better bootstrap confidence intervals. Journal of the American Statistical "
      + "Association 82(397), 171–185.", doi: "10.2307/2289144")
  static let fleiss1971 = Reference(
    "fleiss1971", "Fleiss (1971)",
    "J. L. Fleiss (1971). Measuring nominal scale agreement among many raters. Psychological "
      + "Bulletin 76(5), 378–382.", doi: "10.1037/h0031619")
  static let grimm2005 = Reference(
    "grimm2005", "Grimm and Kroschel (2005)",
    "M. Grimm and K. Kroschel (2005). Evaluation of natural emotions using self assessment manikins. "
      + "IEEE Workshop on Automatic Speech Recognition and Understanding, 381–385.",
    doi: "10.1109/ASRU.2005.1566530")
  static let gwet2008 = Reference(
    "gwet2008", "Gwet (2008)",
    "K. L. Gwet (2008). Computing inter-rater reliability and its variance in the presence of high "
      + "agreement. British Journal of Mathematical and Statistical Psychology 61(1), 29–48.",
    doi: "10.1348/000711006X126600")
  static let gwet2014 = Reference(
    "gwet2014", "Gwet (2014)",
    "K. L. Gwet (2014). Handbook of Inter-Rater Reliability, 4th edition. Advanced Analytics, "
      + "Gaithersburg.")
  static let hovy2013 = Reference(
    "hovy2013", "Hovy et al. (2013)",
    "D. Hovy, T. Berg-Kirkpatrick, A. Vaswani and E. Hovy (2013). Learning whom to trust with MACE. "
      + "Proceedings of NAACL-HLT 2013, 1120–1130.")
  static let krippendorff2011 = Reference(
    "krippendorff2011", "Krippendorff (2011)",
    "K. Krippendorff (2011). Computing Krippendorff’s alpha-reliability. University of Pennsylvania, "
      + "https://repository.upenn.edu/asc_papers/43.")
  static let light1971 = Reference(
    "light1971", "Light (1971)",
    "R. J. Light (1971). Measures of response agreement for qualitative data: some generalizations "
      + "and alternatives. Psychological Bulletin 76(5), 365–377.", doi: "10.1037/h0031643")
  static let lin1989 = Reference(
    "lin1989", "Lin (1989)",
    "L. I.-K. Lin (1989). A concordance correlation coefficient to evaluate reproducibility. "
      + "Biometrics 45(1), 255–268.", doi: "10.2307/2532051")
  static let mcgraw1996 = Reference(
    "mcgraw1996", "McGraw and Wong (1996)",
    "K. O. McGraw and S. P. Wong (1996). Forming inferences about some intraclass correlation "
      + "coefficients. Psychological Methods 1(1), 30–46.", doi: "10.1037/1082-989X.1.1.30")
  static let passonneau2006 = Reference(
    "passonneau2006", "Passonneau (2006)",
    "R. Passonneau (2006). Measuring agreement on set-valued items (MASI) for semantic and pragmatic "
      + "annotation. Proceedings of LREC 2006.")
  static let rao1988 = Reference(
    "rao1988", "Rao and Wu (1988)",
    "J. N. K. Rao and C. F. J. Wu (1988). Resampling inference with complex survey data. Journal of "
      + "the American Statistical Association 83(401), 231–241.",
    doi: "10.1080/01621459.1988.10478591")
  static let schroeder2025 = Reference(
    "schroeder2025", "Schroeder et al. (2025)",
    "H. Schroeder, D. Roy and J. Kabbara (2025). Just put a human in the loop? Investigating "
      + "LLM-assisted annotation for subjective tasks. arXiv:2507.15821.")
  static let scott1955 = Reference(
    "scott1955", "Scott (1955)",
    "W. A. Scott (1955). Reliability of content analysis: the case of nominal scale coding. Public "
      + "Opinion Quarterly 19(3), 321–325.", doi: "10.1086/266577")
  static let sheps1958 = Reference(
    "sheps1958", "Sheps (1958)",
    "M. C. Sheps (1958). Shall we count the living or the dead? New England Journal of Medicine "
      + "259(25), 1210–1214.", doi: "10.1056/NEJM195812182592505")
  static let shrout1979 = Reference(
    "shrout1979", "Shrout and Fleiss (1979)",
    "P. E. Shrout and J. L. Fleiss (1979). Intraclass correlations: uses in assessing rater "
      + "reliability. Psychological Bulletin 86(2), 420–428.", doi: "10.1037/0033-2909.86.2.420")
}
