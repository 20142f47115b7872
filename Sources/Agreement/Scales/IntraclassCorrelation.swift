/// The six intraclass correlations of Shrout and Fleiss 1979, doi 10.1037/0033-2909.86.2.420.
///
/// They need a complete table: items that not all raters rated are left out, and counted.
public struct IntraclassCorrelation: Equatable, Sendable {
  /// One of the six, with its interval.
  public struct Form: Equatable, Sendable {
    /// The correlation.
    public let value: Statistic
    /// The interval of McGraw and Wong 1996, doi 10.1037/1082-989X.1.1.30; for means of raters
    /// that of single ratings by Spearman and Brown's formula.
    public let interval: Bounds?
  }

  /// ICC(1): each item rated by other raters; one rating.
  public let single1: Form
  /// ICC(2), ICC(A,1): raters drawn at random, their level counts; one rating.
  public let single2: Form
  /// ICC(3), ICC(C,1): these raters only, their level does not count; one rating.
  public let single3: Form
  /// ICC(1,k): the mean of all raters.
  public let mean1: Form
  /// ICC(2,k), ICC(A,k): the mean of all raters.
  public let mean2: Form
  /// ICC(3,k), ICC(C,k): the mean of all raters; the same number as Cronbach's α.
  public let mean3: Form
  /// Items that all raters rated.
  public let items: Int
  /// Rated items left out.
  public let leftOut: Int

  /// - Parameters:
  ///   - rows: for each item one value a rater.
  ///   - leftOut: how many items were left out before.
  init(_ rows: [[Double]], leftOut: Int, confidence: Double) {
    items = rows.count
    self.leftOut = leftOut
    let (n, k) = (Double(rows.count), Double(rows.first?.count ?? 0))
    guard rows.count > 1, k > 1 else {
      let none = Form(value: .undefined(.tooFewItems), interval: nil)
      (single1, single2, single3) = (none, none, none)
      (mean1, mean2, mean3) = (none, none, none)
      return
    }
    let rowMeans = rows.map { $0.reduce(0, +) / k }
    let columnMeans = (0..<Int(k)).map { rater in rows.reduce(0) { $0 + $1[rater] } / n }
    let grand = rowMeans.reduce(0, +) / n
    func square(_ value: Double) -> Double { value * value }
    let between = k * rowMeans.reduce(0) { $0 + square($1 - grand) } / (n - 1)
    let judges = n * columnMeans.reduce(0) { $0 + square($1 - grand) } / (k - 1)
    var (within, error) = (0.0, 0.0)
    for (row, mean) in zip(rows, rowMeans) {
      for (value, column) in zip(row, columnMeans) {
        within += square(value - mean)
        error += square(value - mean - column + grand)
      }
    }
    within /= n * (k - 1)
    error /= (n - 1) * (k - 1)
    let tail = 1 - (1 - confidence) / 2

    func form(_ part: Double, _ whole: Double, _ interval: Bounds?) -> Form {
      let value = Statistic.quotient(part, whole, else: .noVariance)
      return Form(value: value, interval: value.value == nil ? nil : interval)
    }
    func stepped(_ single: Bounds?) -> Bounds? {
      func many(_ one: Double) -> Double { k * one / (1 + (k - 1) * one) }
      return single.map { Bounds(low: many($0.low), high: many($0.high)) }
    }
    /// An interval of (F − 1) / (F + k − 1) from that of F.
    func ratio(_ mean: Double, _ freedom: Double) -> Bounds? {
      guard mean > 0 else { return nil }
      let f = between / mean
      let low = f / FisherF.quantile(tail, n - 1, freedom)
      let high = f * FisherF.quantile(tail, freedom, n - 1)
      return Bounds(low: (low - 1) / (low + k - 1), high: (high - 1) / (high + k - 1))
    }
    let one = ratio(within, n * (k - 1))
    let three = ratio(error, (n - 1) * (k - 1))
    let whole = between + (k - 1) * error + k * (judges - error) / n
    let icc2 = (between - error) / whole
    var two: Bounds?
    if error > 0, icc2 < 1 {
      // McGraw and Wong 1996, table 7, with Satterthwaite's degrees of freedom.
      let a = k * icc2 / (n * (1 - icc2))
      let b = 1 + k * icc2 * (n - 1) / (n * (1 - icc2))
      let freedom =
        square(a * judges + b * error)
        / (square(a * judges) / (k - 1) + square(b * error) / ((n - 1) * (k - 1)))
      let upper = FisherF.quantile(tail, n - 1, freedom)
      let lower = FisherF.quantile(tail, freedom, n - 1)
      let noise = k * judges + (k * n - k - n) * error
      two = Bounds(
        low: n * (between - upper * error) / (upper * noise + n * between),
        high: n * (lower * between - error) / (noise + n * lower * between))
    }
    single1 = form(between - within, between + (k - 1) * within, one)
    single2 = form(between - error, whole, two)
    single3 = form(between - error, between + (k - 1) * error, three)
    mean1 = form(between - within, between, stepped(one))
    mean2 = form(between - error, between + (judges - error) / n, stepped(two))
    mean3 = form(between - error, between, stepped(three))
  }
}

extension RatingTable {
  /// The intraclass correlations of values; categories must be numbers.
  public func intraclassCorrelation(confidence: Double = 0.95) throws(RatingError)
    -> IntraclassCorrelation
  {
    let values = try valuesOrError()
    let rows = items.indices.compactMap { item -> [Double]? in
      let range = starts[item]..<starts[item + 1]
      return range.count == raters.count ? range.map { values[Int(ratingCategories[$0])] } : nil
    }
    return IntraclassCorrelation(
      rows, leftOut: counts.items - rows.count, confidence: confidence)
  }

  /// Cronbach's α of the raters as a scale, over items all rated: ICC(3,k) by another name
  /// (Cronbach 1951, doi 10.1007/BF02310555).
  public func cronbachAlpha() throws(RatingError) -> Statistic {
    try intraclassCorrelation().mean3.value
  }

  /// Lin's concordance of two raters, over the items both rated.
  public func concordance(_ one: Int, _ other: Int) throws(RatingError) -> Concordance {
    let values = try valuesOrError()
    var pairs: [(Double, Double)] = []
    for item in items.indices {
      var (first, second): (Double?, Double?)
      for place in starts[item]..<starts[item + 1] {
        let value = values[Int(ratingCategories[place])]
        if Int(ratingRaters[place]) == one { first = value }
        if Int(ratingRaters[place]) == other { second = value }
      }
      if let first, let second { pairs.append((first, second)) }
    }
    return Concordance(pairs)
  }
}
