internal import Agreement

extension AgreementReport {
  /// The report as a LaTeX document: tables with `booktabs`, a paragraph on methods and the works to
  /// cite.
  ///
  /// It compiles with pdfLaTeX and the Debian packages `texlive-latex-base` and
  /// `texlive-latex-recommended`. Tables and the paragraph can be copied into a paper as they are.
  public func latex() -> String {
    let document: TeX = """
      % Agreement report. Compile with: pdflatex FILE.tex
      \\documentclass[11pt,a4paper]{article}
      \\usepackage[utf8]{inputenc}
      \\usepackage[T1]{fontenc}
      \\usepackage{textcomp}
      \\usepackage{booktabs}
      \\usepackage{longtable}
      \\usepackage[margin=25mm]{geometry}
      \\setlength{\\emergencystretch}{3em}
      \\title{Agreement: \(title)}
      \\author{}
      \\date{}
      \\begin{document}
      \\maketitle

      \\section*{Methods}
      \(TeX.methods(methodsText, cited: references))

      \(noteList)
      \\section*{Results}
      \(tables(prefix: ""))
      \(parts.enumerated().map { $1.part(prefix: "part\($0)-") })
      \(definitionList)
      \(bibliography)
      \\end{document}

      """
    return document.source
  }

  private func part(prefix: String) -> TeX {
    """
    \\section*{\(title)}
    \(Self.sentence(counts)); \(Plain.count(counts.sharedItems)) with at least two ratings.
    \(noteList)
    \(tables(prefix: prefix))
    """
  }

  private var noteList: TeX {
    let notes = (notes + [undefinedReplicatesSentence].compactMap { $0 })
    guard !notes.isEmpty else { return "" }
    let items: [TeX] = notes.map { "\\item \($0)" }
    return """
      \\begin{itemize}
      \(items)
      \\end{itemize}

      """
  }

  // MARK: Tables

  private func tables(prefix: String) -> [TeX] {
    var tables = [
      LaTeXTable(
        key: "\(prefix)all", caption: "Agreement over \(Self.sentence(counts)).",
        columns: ["Statistic", "Value", "Interval", "Turns"],
        rows: (headline + tellingOthers).map { measure in
          [measure.quantity.name] + cells(measure.estimate) + [Plain.count(measure.turns)]
        })
    ]
    if !labels.isEmpty { tables.append(labelTable(prefix)) }
    tables += breakdowns.map { table($0, prefix) }
    if pairwise != nil, (2...12).contains(raters.count) { tables.append(pairTable(prefix)) }
    if raterRows.count > 1 { tables.append(raterTable(prefix)) }
    if (2...10).contains(answers.count), let confusion {
      tables.append(
        LaTeXTable(
          key: "\(prefix)confusion",
          caption: "Pairs of ratings of the same turn, by the labels of both.",
          columns: [""] + answers,
          rows: zip(answers, confusion).map { [$0] + $1.map { Plain.count($0) } }))
    }
    tables += studyTables(prefix)
    tables += models.enumerated().map { table($1, "\(prefix)model\($0)") }
    return tables.map(\.source)
  }

  private func labelTable(_ prefix: String) -> LaTeXTable {
    let hasKappa = labels.contains { $0.kappa != nil }
    return LaTeXTable(
      key: "\(prefix)labels", caption: "Each label against the rest.",
      columns: ["Label", "Ratings", "Share"] + (hasKappa ? ["Specific", "κ"] : [])
        + ["α", "Interval"],
      rows: labels.map { row in
        [
          row.label, Plain.count(row.ratings),
          row.prevalence.value.map { Plain.fixed(100 * $0, 1) + " %" } ?? "–",
        ] + (hasKappa ? [text(row.specific?.statistic), text(row.kappa?.statistic)] : [])
          + cells(row.alpha)
      })
  }

  private func table(_ breakdown: Breakdown, _ prefix: String) -> LaTeXTable {
    LaTeXTable(
      key: "\(prefix)by-\(breakdown.scope)",
      caption: "Agreement by \(breakdown.scope). \(breakdown.explanation)",
      columns: [breakdown.scope, "α", "Interval"]
        + headline.dropFirst().map(\.quantity.columnName) + ["Turns", "Shared"],
      rows: breakdown.parts.map { part in
        [part.name]
          + cells(part.measures.first?.estimate ?? Estimate(.undefined(.nothingShared)))
          + part.measures.dropFirst().map { text($0.estimate.statistic) }
          + [Plain.count(part.counts.items), Plain.count(part.counts.sharedItems)]
      })
  }

  private func pairTable(_ prefix: String) -> LaTeXTable {
    LaTeXTable(
      key: "\(prefix)pairs", caption: "Pairs of raters on the turns both rated.",
      columns: ["Pair", "κ", "Largest κ", "Raw", "Turns"],
      rows: pairs.map { pair in
        [
          "\(pair.one), \(pair.other)", text(pair.table.cohenKappa),
          text(pair.table.maximumKappa), text(pair.table.rawAgreement),
          Plain.count(pair.table.shared),
        ]
      })
  }

  private func raterTable(_ prefix: String) -> LaTeXTable {
    LaTeXTable(
      key: "\(prefix)raters", caption: "Raters.",
      columns: ["Rater", "Ratings"] + raterRows[0].measures.map(\.quantity.columnName),
      rows: raterRows.map { row in
        [row.rater, Plain.count(row.ratings)] + row.measures.map { text($0.estimate.statistic) }
      })
  }

  private func table(_ entry: ModelBesidePeople, _ key: String) -> LaTeXTable {
    LaTeXTable(
      key: key,
      caption: "\(entry.model) beside people on \(Plain.count(entry.comparison.items, "turn")). "
        + ModelBesidePeople.explanation,
      columns: ["Score", "Value", "Interval"],
      rows: entry.scores.flatMap { name, score in
        let name = name == "cohen_kappa" ? "κ" : name.uppercased()
        return [
          ["\(name), model"] + cells(score.model), ["\(name), people, mean"] + cells(score.people),
          ["\(name), model less people"] + cells(score.difference),
        ]
      })
  }

  /// A value and its interval; a reason instead of both.
  func cells(_ estimate: Estimate) -> [String] {
    guard let value = estimate.statistic.value else { return ["–", estimate.reasonText] }
    let interval =
      estimate.percentile.map { "[\(Plain.fixed($0.low, 3)), \(Plain.fixed($0.high, 3))]" } ?? ""
    return [Plain.fixed(value, 3), interval]
  }

  // MARK: What it rests on

  private var definitionList: TeX {
    let items: [TeX] = quantities.map { quantity in
      let works = quantity.references.map(\.key).joined(separator: ",")
      let cite: TeX = works.isEmpty ? "" : "~\\cite{\(key: works)}"
      return "\\item[\(quantity.name)] \(quantity.definition)\(cite)."
    }
    return """
      \\section*{Definitions}
      \\begin{description}
      \(items)
      \\end{description}

      """
  }

  private var bibliography: TeX {
    guard !references.isEmpty else { return "" }
    let items: [TeX] = references.map { work in
      let doi: TeX = work.doi.map { " doi:\\,\\texttt{\($0)}." } ?? ""
      return "\\bibitem{\(key: work.key)} \(work.full)\(doi)"
    }
    return """
      \\begin{thebibliography}{99}
      \(items)
      \\end{thebibliography}
      """
  }
}

extension TeX {
  /// The paragraph with the works named at its end.
  static func methods(_ text: String, cited works: [Reference]) -> TeX {
    guard !works.isEmpty else { return "\(text)" }
    return "\(text) The statistics follow \\cite{\(key: works.map(\.key).joined(separator: ","))}."
  }
}

/// A table with `booktabs`, over several pages where it is long.
struct LaTeXTable {
  var key: String
  var caption: String
  var columns: [String]
  var rows: [[String]]

  private static let longest = 35

  var source: TeX {
    let kinds = "l" + String(repeating: "r", count: max(columns.count - 1, 0))
    let head = row(columns)
    let body: [TeX] = rows.map(row)
    guard rows.count <= Self.longest else {
      return """
        {\\small
        \\begin{longtable}{\(key: kinds)}
        \\caption{\(caption)}\\label{tab:\(key: key)}\\\\
        \\toprule
        \(head)
        \\midrule\\endfirsthead
        \\toprule
        \(head)
        \\midrule\\endhead
        \\bottomrule\\endfoot
        \(body)
        \\end{longtable}}

        """
    }
    return """
      \\begin{table}[htbp]
      \\centering\\small
      \\caption{\(caption)}\\label{tab:\(key: key)}
      \\begin{tabular}{\(key: kinds)}
      \\toprule
      \(head)
      \\midrule
      \(body)
      \\bottomrule
      \\end{tabular}
      \\end{table}

      """
  }

  private func row(_ cells: [String]) -> TeX {
    let cells: [TeX] = cells.map { "\(Plain.fit($0, 40))" }
    return "\(TeX(cells, separator: " & ")) \\\\"
  }
}
