internal import Agreement

extension AgreementReport {
  /// The report as one HTML file that needs nothing else: no network, no script, plots drawn inline.
  ///
  /// It can be read on a phone and on paper, in the light and in the dark, and by a screen reader:
  /// every plot has a description and its numbers as a table. Its policy forbids a browser to load
  /// or run anything, so a name that slipped through could do no harm either.
  public func html() -> String {
    let page: Markup = """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width,initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <meta name="generator" content="\(program)">
      <title>Agreement · \(title)</title>
      <style>
      \(stylesheet)
      </style>
      </head>
      <body>
      <header>
      <p class="eyebrow">Agreement\(groupText)</p>
      <h1>\(title)</h1>
      \(facts)
      </header>
      <main>
      \(sections(prefix: ""))
      \(parts.enumerated().map { $1.partSection(prefix: "part\($0)-") })
      \(methods)
      </main>
      <footer><p>Made with \(program). Undertone’s command <code>agreement</code> prints the same numbers \
      as text, JSON, CSV and LaTeX.</p></footer>
      </body>
      </html>

      """
    return page.html
  }

  private var groupText: String {
    switch group {
    case nil: ""
    case "person": " of people"
    case let group?: " of raters of kind \(group)"
    }
  }

  private var facts: Markup {
    let numbers = [
      (counts.dialogues, "dialogue"), (counts.items, "turn"), (counts.ratings, "rating"),
      (counts.raters, "rater"),
    ]
    let items: [Markup] = numbers.map { number, noun in
      "<li><b>\(Plain.count(number))</b> \(noun)\(number == 1 ? "" : "s")</li>"
    }
    return """
      <ul class="facts">\(items)<li><b>\(Plain.count(counts.sharedItems))</b> \
      \(counts.sharedItems == 1 ? "turn" : "turns") with at least two ratings</li></ul>
      """
  }

  private func partSection(prefix: String) -> Markup {
    """
    <h2>\(title)</h2>
    \(facts)
    \(sections(prefix: prefix))
    """
  }

  /// All sections that the ratings have something for.
  private func sections(prefix: String) -> [Markup] {
    [headlineSection(prefix), comparisonSection(prefix), labelSection(prefix)]
      + [pairSection(prefix), confusionSection(prefix)]
      + breakdowns.map { breakdownSection($0, prefix) }
      + models.enumerated().map { modelSection($1, "\(prefix)model\($0)-") }
      + [raterSection(prefix), truthSection(prefix), repeatSection(prefix)]
      + studySections(prefix)
  }

  // MARK: The whole

  private func headlineSection(_ prefix: String) -> Markup {
    let tiles: [Markup] = headline.enumerated().map { place, measure in
      let kind: Markup = place == 0 ? " class=\"first\"" : ""
      guard let value = measure.estimate.statistic.value else {
        return """
          <li\(kind)><b class="none">undefined: \(measure.estimate.reasonText)</b>\
          <span>\(measure.quantity.name)</span></li>
          """
      }
      let interval =
        measure.estimate.percentile.map {
          "\(Plain.fixed(100 * resampling.confidence, 0)) % interval "
            + "\(Plain.fixed($0.low, 3)) to \(Plain.fixed($0.high, 3))"
        } ?? ""
      return """
        <li\(kind)><b>\(Plain.fixed(value, 3))</b><span>\(measure.quantity.name)</span>\
        <small>\(interval)</small></li>
        """
    }
    let notes: [Markup] =
      (notes + [undefinedReplicatesSentence].compactMap { $0 })
      .map { "<p class=\"note\">\($0)</p>" }
    return """
      <section aria-labelledby="\(prefix)headline">
      <h2 id="\(prefix)headline">How far raters agree</h2>
      <p class="lead">\(headlineSentence)</p>
      <ul class="tiles">\(tiles)</ul>
      \(notes)
      </section>
      """
  }

  private var headlineSentence: String {
    let alpha =
      "1 is perfect agreement, 0 what chance would give, below 0 less than chance."
    return level == .nominal
      ? "\(alpha) Raw agreement is not corrected for chance; AC1 stands beside α because one "
        + "dominant label lowers α and κ even where raters agree." : alpha
  }

  private func comparisonSection(_ prefix: String) -> Markup {
    let measures = headline + tellingOthers
    guard measures.count > 1 else { return .nothing }
    let plot = RangePlot(
      rows: measures.map { .init(name: $0.quantity.shortName, estimate: $0.estimate) })
    let table = DataTable(
      caption: "Statistics over all ratings",
      columns: ["statistic", "value", "low", "high", "turns"],
      rows: measures.map { measure in
        DataTable.Row(
          measure.quantity.name, measure.estimate, after: [Plain.count(measure.turns)])
      })
    return section(
      "\(prefix)statistics", "The usual statistics side by side",
      "They answer slightly different questions; the definitions are at the end.",
      Drawing(
        id: "\(prefix)statistics-plot", title: "Statistics with their intervals",
        description: spoken(plot.rows), height: plot.height, content: plot.content), table)
  }

  // MARK: Labels

  private func labelSection(_ prefix: String) -> Markup {
    guard !labels.isEmpty else { return .nothing }
    let sorted = labels.enumerated().sorted { one, other in
      let values = (one.element.alpha.statistic.value, other.element.alpha.statistic.value)
      return values.0 == values.1
        ? one.offset < other.offset : values.0 ?? -2 > values.1 ?? -2
    }.map(\.element).prefix(Self.mostDrawn)
    let plot = RangePlot(
      rows: sorted.map { .init(name: $0.label, estimate: $0.alpha) }, hasBars: true)
    let hasKappa = labels.contains { $0.kappa != nil }
    let table = DataTable(
      caption: "Each label against the rest",
      columns: ["label", "α", "low", "high"] + (hasKappa ? ["κ", "specific"] : [])
        + ["ratings", "share"],
      rows: labels.map { row in
        DataTable.Row(
          row.label, row.alpha,
          after: (hasKappa ? [text(row.kappa?.statistic), text(row.specific?.statistic)] : [])
            + [
              Plain.count(row.ratings),
              row.prevalence.value.map { Plain.fixed(100 * $0, 1) + " %" } ?? "–",
            ])
      })
    return section(
      "\(prefix)labels", "Each label against the rest",
      "α of one label against all others, highest first. A label that few ratings use has a wide interval.",
      Drawing(
        id: "\(prefix)labels-plot", title: "α of each label with its interval",
        description: spoken(plot.rows), height: plot.height, content: plot.content), table)
  }

  // MARK: Parts of the ratings

  private func breakdownSection(_ breakdown: Breakdown, _ prefix: String) -> Markup {
    // Within one label chance explains nearly all: there raw agreement is what to look at.
    let place = breakdown.scope == "label" && headline.count > 1 ? 1 : 0
    let alphas = breakdown.parts.map {
      RangePlot.Row(name: $0.name, estimate: $0.measures[place].estimate)
    }
    guard !alphas.isEmpty else { return .nothing }
    let drawn = headline[place].quantity.shortName
    let id = "\(prefix)by-\(breakdown.scope)"
    let names = headline.map(\.quantity.columnName)
    let table = DataTable(
      caption: "Agreement by \(breakdown.scope)",
      columns: [breakdown.scope, "α", "low", "high"] + names.dropFirst()
        + ["turns", "shared", "ratings", "raters"],
      rows: breakdown.parts.map { part in
        DataTable.Row(
          part.name, part.measures.first?.estimate ?? Estimate(.undefined(.nothingShared)),
          after: part.measures.dropFirst().map { text($0.estimate.statistic) } + [
            Plain.count(part.counts.items), Plain.count(part.counts.sharedItems),
            Plain.count(part.counts.ratings), Plain.count(part.counts.raters),
          ])
      })
    let drawing: Drawing
    if breakdown.isOrdered {
      let plot = SeriesPlot(estimates: alphas.map(\.estimate), names: alphas.map(\.name))
      drawing = Drawing(
        id: "\(id)-plot", title: "\(drawn) by \(breakdown.scope)",
        description: spoken(alphas),
        height: plot.height, content: plot.content)
    } else {
      let plot = RangePlot(rows: Array(alphas.prefix(Self.mostDrawn)))
      drawing = Drawing(
        id: "\(id)-plot", title: "\(drawn) by \(breakdown.scope)",
        description: spoken(plot.rows),
        height: plot.height, content: plot.content)
    }
    let title = breakdown.scope == "window" ? "Over time" : "By \(breakdown.scope)"
    return section(
      id, title, "\(breakdown.explanation) The plot shows: \(drawn).", drawing, table)
  }

  // MARK: Models

  private func modelSection(_ entry: ModelBesidePeople, _ prefix: String) -> Markup {
    let comparison = entry.comparison
    let people = comparison.people.compactMap(\.own.accuracy.value)
    var plot = RangePlot(
      rows: [
        .init(name: entry.model, estimate: comparison.accuracy.model, isSpecial: true),
        .init(name: "people, mean", estimate: comparison.accuracy.people),
      ]
        + comparison.people.map { .init(name: $0.rater, estimate: Estimate($0.own.accuracy)) })
    if let low = people.min(), let high = people.max() { plot.band = Bounds(low: low, high: high) }
    plot.line = comparison.accuracy.people.statistic.value
    let table = DataTable(
      caption: "\(entry.model) and people on the same \(Plain.count(comparison.items, "turn"))",
      columns: ["score", "value", "low", "high"],
      rows: entry.scores.flatMap { name, score in
        let name = name == "cohen_kappa" ? "κ" : name.uppercased()
        return [
          DataTable.Row("\(name), model", score.model, after: []),
          DataTable.Row("\(name), people, mean", score.people, after: []),
          DataTable.Row("\(name), model less people", score.difference, after: []),
        ]
      })
    let persons = DataTable(
      caption: "Each person, and the model on that person’s turns",
      columns: ["person", "WA", "UA", "κ", "WA of the model", "turns"],
      rows: comparison.people.map { person in
        DataTable.Row(
          person.rater,
          cells: [
            text(person.own.accuracy), text(person.own.recall), text(person.own.kappa),
            text(person.model.accuracy), Plain.count(person.items),
          ])
      })
    return section(
      "\(prefix)section", "\(entry.model) beside people",
      "\(ModelBesidePeople.explanation) The square is the model. The shaded stretch is the range of "
        + "the people, the dashed line their mean: the human ceiling. The plot shows WA.",
      Drawing(
        id: "\(prefix)plot", title: "Model and people against the majority of the others",
        description: spoken(plot.rows), height: plot.height, content: plot.content), table,
      more: persons.details)
  }

  /// More rows than this are in the table alone.
  static let mostDrawn = 60

  // MARK: Words for plots

  /// What a plot shows, for those who hear it.
  func spoken(_ rows: [RangePlot.Row]) -> String {
    let shown = rows.prefix(12).map { row in
      guard let value = row.estimate.statistic.value else {
        return "\(row.name): undefined, \(row.estimate.reasonText)"
      }
      let interval =
        row.estimate.percentile.map {
          ", interval \(Plain.fixed($0.low, 2)) to \(Plain.fixed($0.high, 2))"
        } ?? ""
      return "\(row.name): \(Plain.fixed(value, 2))\(interval)"
    }
    let rest = rows.count - shown.count
    return shown.joined(separator: "; ") + (rest > 0 ? "; and \(rest) more in the table." : ".")
  }

  func text(_ statistic: Statistic?) -> String {
    statistic?.value.map { Plain.fixed($0, 3) } ?? "–"
  }

  /// A section with a plot and the same numbers as a table.
  func section(
    _ id: String, _ title: String, _ lead: String, _ drawing: Drawing?, _ table: DataTable,
    after: Markup = .nothing, more: Markup = .nothing
  ) -> Markup {
    let figure: Markup = drawing.map { "<figure>\($0.markup)</figure>" } ?? .nothing
    return """
      <section aria-labelledby="\(id)">
      <h2 id="\(id)">\(title)</h2>
      <p class="lead">\(lead)</p>
      \(figure)\(after)
      \(table.details)
      \(more)
      </section>
      """
  }
}

extension Quantity {
  /// The name where there is little room.
  var shortName: String {
    switch self {
    case .alphaNominal, .alphaOrdinal, .alphaInterval, .alphaRatio, .alphaMASI, .alphaJaccard:
      name.replacing("Krippendorff's ", with: "")
    case .brennanPrediger: "Brennan-Pred. κ"
    case .pooled: "Raw, pooled"
    case .maximumKappa: "Largest κ"
    case .fleiss1971: "Fleiss' κ 1971"
    case .cohenLinear: "κ, linear"
    case .cohenQuadratic: "κ, quadratic"
    case .ccc: "Concordance"
    case .pull: "Bias"
    case .yielding: "Yielding"
    case .assistedAgreement: "Same, shown"
    case .controlAgreement: "Same, control"
    case .assistedKappa: "κ, shown"
    case .controlKappa: "κ, control"
    case .kappaDifference: "κ, difference"
    case .changed: "Changed"
    case .towards: "… to it"
    case .away: "… from it"
    case .faster: "Faster"
    default: name
    }
  }
}
