import Agreement
import Report

/// Names that want to do harm: to a terminal, to a page, to LaTeX, to CSV.
enum Nasty {
  static let label = "\u{1B}[2Jquarrel"
  static let rater = "ana\u{7}\"\n"
  static let markup = "<script>alert('x')</script>&amp;\""
  static let tex = #"\input{/etc/passwd} 100 % & $x_1^2$ # ~ 爸爸 "a", 'b' --- `c`"#
  static let bidi = "\u{202E}evil\u{200B}"
}

/// Ratings by a rule, so that every machine has the same.
enum Samples {
  static let labels = ["neutral", "joy", "fear", Nasty.label]

  /// 40 turns in 8 dialogues; each rater leaves out every seventh turn and strays now and then.
  static func table(
    raters: Int = 4, labels: [String] = labels, named names: [String] = [Nasty.rater]
  ) throws -> RatingTable {
    var builder = RatingTable.Builder(categories: labels)
    for turn in 0..<40 {
      for rater in 0..<raters where (turn + rater) % 7 != 0 {
        let label = (turn / 5 + (turn % (rater + 3) == 0 ? 1 : 0)) % labels.count
        try builder.add(
          item: "\(turn)", dialogue: "\(turn / 5)",
          rater: rater < names.count ? names[rater] : "rater-\(rater)", label: labels[label])
      }
    }
    return try builder.table()
  }

  static func report(raters: Int = 4) throws -> AgreementReport {
    try AgreementReport(
      table(raters: raters), title: "friends", program: "undertone 9.9.9", group: "person",
      resampling: Resampling(replicates: 100))
  }

  /// Everything a report can hold: parts by speaker and time, a model, values, nasty names.
  static func everything() throws -> AgreementReport {
    let names = [Nasty.markup, Nasty.tex, Nasty.bidi, "Zoë"]
    let labels = ["neutral", "joy & <b>glee</b>", "fear_100%", Nasty.label, "悲伤"]
    let table = try table(raters: 5, labels: labels, named: names + ["gatedxlstm"])
    let people = table.keeping(raters: { $0 != "gatedxlstm" })
    let resampling = Resampling(replicates: 200, seed: 7)
    var report = try AgreementReport(
      people, title: "friends \(Nasty.markup)", program: "undertone 9.9.9", group: "person",
      notes: ["3 ratings of several labels left out \(Nasty.markup)"], resampling: resampling,
      truth: .turns)
    report.addRepeats(try repeats(names, labels))
    report.study = study(names, labels.count, resampling)
    report.addBreakdown(
      people.split { ["Mara", Nasty.markup, "爸爸", "silent"][$0.item % 3] }, by: "speaker",
      explanation: "The turns of each speaker.")
    report.addBreakdown(
      people.windows(5) { Double($0.item) }.map(\.scope), by: "window",
      explanation: "Windows of time.", isOrdered: true)
    if let comparison = table.compare(model: "gatedxlstm", with: { _ in true }, resampling) {
      report.models.append(ModelBesidePeople(model: "gatedxlstm", comparison: comparison))
    }
    report.parts.append(
      try AgreementReport(
        values(), level: .interval, title: "valence", program: "undertone 9.9.9",
        resampling: resampling))
    return report
  }

  /// Ten turns that two raters answered twice.
  static func repeats(_ names: [String], _ labels: [String]) throws -> RatingTable {
    var builder = RatingTable.Builder(categories: labels)
    for (place, name) in names.prefix(2).enumerated() {
      for turn in 0..<10 {
        for time in 0..<2 {
          let label = (turn + (time == 1 && turn % 4 == place ? 1 : 0)) % 3
          try builder.add(
            item: "\(turn)", dialogue: "\(turn / 2)", rater: name, label: labels[label])
        }
      }
    }
    return try builder.table(repeats: .keep)
  }

  /// A study of twelve dialogues, four of them without suggestions, in which the first rater takes every
  /// suggestion unheard.
  static func study(
    _ names: [String], _ labels: Int, _ resampling: Resampling
  ) -> StudyReport {
    var answers: [StudyAnswer] = []
    for turn in 0..<48 {
      for rater in names.indices {
        let suggestion = turn * 7 % 3
        var answer = StudyAnswer(
          item: turn, dialogue: turn / 4, rater: rater, label: turn * (rater + 1) % labels)
        answer.isAssisted = turn / 4 % 3 != 0
        answer.suggestion = suggestion
        answer.shown = answer.isAssisted == true ? suggestion : nil
        answer.committed = answer.shown == nil ? nil : (turn + 1) % labels
        if rater == 0, answer.shown != nil { answer.label = suggestion }
        answer.time = Double(turn)
        answer.seconds = rater == 0 ? 0.4 : 1 + Double(turn % 5)
        answer.soundSeconds = 2
        answer.heardSeconds = rater == 0 ? 0 : 2
        answers.append(answer)
      }
    }
    return StudyReport(
      source: "sage \(Nasty.markup)",
      summary: StudySummary(answers, raters: names, labels: labels, resampling),
      notes: ["2 answers saw another suggestion \(Nasty.tex)."])
  }

  /// Shrout and Fleiss's example (1979, table 2): six targets, four judges.
  static let shroutFleiss = [
    [9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7],
  ]

  static func values() throws -> RatingTable {
    var builder = RatingTable.Builder()
    for (target, row) in shroutFleiss.enumerated() {
      for (judge, value) in row.enumerated() {
        try builder.add(
          item: "target \(target + 1)", rater: "judge \(judge + 1)", value: Double(value))
      }
    }
    return try builder.table()
  }
}
