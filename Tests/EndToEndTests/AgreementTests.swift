import Foundation
import TestSupport
import Testing

extension EndToEndTests {
  @Suite("Agreement") struct Agreement {
    private func agreement(of csv: String, _ words: String...) throws -> Home.Outcome {
      let home = try Home()
      try home.write(csv, to: "votes.csv")
      return try home.run(
        program: try Home.program(), ["agreement", "--ratings", "votes.csv"] + words)
    }

    @Test(arguments: [
      ("item,rater,label\n1,ana,joy\n1,ben,joy\n1,ana,anger\n", "row 4: ana has already rated 1"),
      ("item,rater,label\n1,,joy\n", "row 2: the rater is empty"),
      ("item,rater,label\n,ana,joy\n", "row 2: the item is empty"),
      ("item,rater,label\n1,ana,\"joy\n", "row 2: a quote is never closed"),
      ("item,rater,label\n1,ana,joy,more\n", "row 2: it has 4 columns where the header has 3"),
      ("item,rater\n1,ana\n", "ratings need the columns item, rater and label"),
      ("", "it is empty"),
      (
        "item,rater,label,dialogue\n1,ana,joy,a\n1,ben,joy,b\n",
        "row 3: Item 1 is said to be in two dialogues"
      ),
    ])
    func `a file that holds no ratings is refused with row and reason`(csv: String, reason: String)
      throws
    {
      let result = try agreement(of: csv)
      #expect(result.status == 1)
      #expect(result.output == "")
      #expect(result.errors.contains(reason), "\(result.errors)")
    }

    @Test(arguments: [
      ("nan", "“nan” is not a finite decimal number"),
      ("inf", "“inf” is not a finite decimal number"),
      ("1e999", "“1e999” is not a finite decimal number"),
      ("0x10", "“0x10” is not a finite decimal number"), ("loud", "“loud” is not a number"),
      ("-1", "-1 is below 0, and the level ratio needs values from 0 up"),
    ])
    func `a value that is no number is refused with its row`(value: String, reason: String) throws {
      let result = try agreement(
        of: "item,rater,label\n1,ana,3\n1,ben,\(value)\n", "--level", "ratio")
      #expect(result.status == 1)
      #expect(result.errors.contains("row 3: \(reason)"), "\(result.errors)")
    }

    @Test(arguments: [
      ("item,rater,label\n1,ana,joy\n2,ana,anger\n", "undefined: no item has two ratings"),
      ("item,rater,label\n1,ana,joy\n2,ben,anger\n", "undefined: no item has two ratings"),
      (
        "item,rater,label\n1,ana,joy\n1,ben,joy\n2,ana,joy\n2,ben,joy\n",
        "undefined: all ratings are the same label"
      ),
      ("item,rater,label\n", "There are no ratings in the file"),
    ])
    func `where there is no number there is a reason`(csv: String, reason: String) throws {
      let result = try agreement(of: csv)
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.contains(reason), "\(result.output)")
      let json = try agreement(of: csv, "--format", "json")
      let report = try #require(
        try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
      #expect((report["alpha_nominal"] as? [String: Any])?["value"] is NSNull)
    }

    @Test(
      arguments: [
        ("item,rater,label\n1,ana,joy\n2,ana,anger\n", "no item has two ratings"),
        (
          "item,rater,label\n1,ana,joy\n1,ben,joy\n2,ana,joy\n2,ben,joy\n",
          "all ratings are the same label"
        ), ("item,rater,label\n", "There are no ratings in the file"),
      ], ["text", "json", "csv", "html", "latex"])
    func `the reason is in every format, and no number that is none`(
      input: (csv: String, reason: String), format: String
    ) throws {
      let result = try agreement(of: input.csv, "--format", format)
      #expect(result.status == 0, "\(result.errors)")
      // The table of CSV has no place for sentences; a file without ratings has counts of 0 in it.
      if format != "csv" || !input.reason.hasPrefix("There") {
        #expect(result.output.contains(input.reason), "\(result.output)")
      }
      #expect(!result.output.contains(#/\b(nan|-nan|NaN|inf|Infinity)\b/#))
    }

    @Test(arguments: ["text", "html", "latex", "csv"])
    func `no label or rater can change a page, a document or a terminal`(format: String) throws {
      let names = [
        "<script>alert(1)</script>", "\\input{/etc/passwd}", "50 % & $x_1$ #~^", "two\nlines",
        "say \"\"no\"\", twice", "\u{1B}[2J", "\u{202E}evil",
      ]
      var csv = "item,rater,label\n"
      for (item, name) in names.enumerated() {
        for rater in names.prefix(3) { csv += "\(item),\"\(rater)\",\"\(name)\"\n" }
        csv += "\(item),\"\(names[4])\",\"\(names[0])\"\n"
      }
      let result = try agreement(of: csv, "--format", format, "--replicates", "20", "--turns")
      #expect(result.status == 0, "\(result.errors)")
      #expect(!result.output.unicodeScalars.contains("\u{1B}") || format == "csv")
      switch format {
      case "html":
        #expect(!result.output.contains("<script"))
        #expect(result.output.contains("&lt;script&gt;"))
      case "latex":
        #expect(!result.output.contains("\\input{"))
        #expect(result.output.contains("50 \\% \\& \\$x\\_1\\$ \\#"))
      case "text":
        #expect(!result.output.contains("two\nlines"))
        #expect(result.output.contains("two␊lines"))
        #expect(!result.output.unicodeScalars.contains("\u{202E}"))
      default:
        #expect(result.output.contains("\"label:say \"\"no\"\", twice\""))
        #expect(result.output.contains("\"label:two\nlines\""))
      }
    }

    @Test
    func `a second rating by one rater can be taken, and tells how far they agree with themselves`()
      throws
    {
      var csv = "item,rater,label\n"
      for item in 0..<8 {
        csv += "\(item),ana,\(item % 2 == 0 ? "joy" : "awe")\n\(item),ben,joy\n"
        csv += "\(item),ana,\(item < 4 ? "joy" : "awe")\n"
      }
      let first = try agreement(of: csv, "--repeats", "first", "--format", "csv")
      #expect(first.status == 0, "\(first.errors)")
      // Ana's first answers are ben's on every other item, her last ones on the first four.
      #expect(first.output.contains("raw_agreement,all,0.5,"))
      #expect(first.output.contains("repeat_raw_agreement,rater:ana,0.5,"))
      #expect(first.output.contains("repeat_kappa,rater:ana,0.0,"))
      let last = try agreement(of: csv, "--repeats", "last", "--format", "json")
      #expect(last.output.contains("\"repeats\""))
      let refused = try agreement(of: csv)
      #expect(refused.errors.contains("row 4: ana has already rated 0"), "\(refused.errors)")
    }

    @Test func `labels hold quotes, commas and line ends`() throws {
      let csv =
        "item,rater,label\n1,ana,\"said \"\"no\"\", twice\"\n1,ben,\"two\nlines\"\n"
        + "2,ana,\"two\nlines\"\n2,ben,\"two\nlines\"\n"
      let result = try agreement(of: csv, "--format", "json", "--replicates", "0")
      let report = try #require(
        try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
      #expect(report["labels"] as? [String] == ["said \"no\", twice", "two\nlines"])
      let raw = (report["raw_agreement"] as? [String: Any])?["value"] as? Double
      #expect(raw == 0.5)
    }

    /// Krippendorff 2011, section E: his example of four observers and twelve units with missing values.
    @Test(arguments: [
      ("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797),
    ])
    func `gives Krippendorff's own answers at every level`(level: String, printed: Double) throws {
      let rows: [(String, String)] = [
        ("A", "1 2 3 3 2 1 4 1 2 . . ."), ("B", "1 2 3 3 2 2 4 1 2 5 . 3"),
        ("C", ". 3 3 3 2 3 4 2 2 5 1 ."), ("D", "1 2 3 3 2 4 4 1 2 5 1 ."),
      ]
      var csv = "item,rater,label\n"
      for (rater, values) in rows {
        for (unit, value) in values.split(separator: " ").enumerated() where value != "." {
          csv += "\(unit + 1),\(rater),\(value)\n"
        }
      }
      let result = try agreement(
        of: csv, "--level", level, "--format", "csv", "--replicates", "100")
      #expect(result.status == 0, "\(result.errors)")
      let line = try #require(
        result.output.split(separator: "\n").first { $0.hasPrefix("alpha_\(level),all,") })
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
      let value = try #require(Double(cells[2]))
      #expect(abs(value - printed) < 0.00051)
      #expect(try #require(Double(cells[3])) <= value)
    }

    @Test func `ordered words are told their order, and others are refused`() throws {
      let csv = "item,rater,label\n1,ana,low\n1,ben,high\n2,ana,low\n2,ben,low\n"
      let unsaid = try agreement(of: csv, "--level", "ordinal")
      #expect(unsaid.errors.contains("say their order with --labels low,middle,high"))
      let said = try agreement(of: csv, "--level", "ordinal", "--labels", "low,middle,high")
      #expect(said.status == 0, "\(said.errors)")
      let wrong = try agreement(of: csv, "--level", "ordinal", "--labels", "low,middle")
      #expect(wrong.errors.contains("row 3: “high” is not one of the ordered labels low, middle"))
    }

    @Test func `labels beside those asked for count as one, and that is said`() throws {
      let csv = "item,rater,label\n1,ana,joy\n1,ben,awe\n2,ana,fear\n2,ben,awe\n"
      let result = try agreement(of: csv, "--labels", "joy")
      #expect(result.output.contains("3 labels outside --labels, the first “awe”, counted as"))
      #expect(result.output.contains("other"))
    }

    @Test func `parts by a column of the file, and a model beside people`() throws {
      var csv = "item,rater,label,speaker,time\n"
      for item in 0..<24 {
        for (place, rater) in ["ana", "ben", "eva", "model"].enumerated() {
          let label = item % (place + 4) == 0 ? "joy" : "anger"
          csv += "\(item),\(rater),\(label),\(item % 2 == 0 ? "Mara" : "Theo"),\(item)\n"
        }
      }
      let result = try agreement(
        of: csv, "--by", "speaker", "--by", "window", "--windows", "3", "--model", "model",
        "--replicates", "50")
      #expect(result.status == 0, "\(result.errors)")
      for wanted in ["24 turns, 72 ratings, 3 raters", "by speaker", "Mara", "by window"] {
        #expect(result.output.contains(wanted), "\(wanted)")
      }
      #expect(result.output.contains("model beside people"))
      let missing = try agreement(of: "item,rater,label\n1,ana,joy\n", "--by", "speaker")
      #expect(missing.errors.contains("--by speaker needs a column “speaker”"))
    }

    @Test func `the annotator sees how far people agree, as others rate`() throws {
      let home = try Home.quiet()
      try home.importTurns(12, into: "ours.undertone")
      let project = home.path("ours.undertone")
      let screen = try home.open(project, "--rater", "ana")
      try screen.wait(forTurn: "1/12")
      for key in ["1", "3", "4", "1", "3", "4"] { try screen.press(key) }
      try screen.waitForSaved()
      try screen.press("A")
      try screen.wait(for: "no second person") { $0.contains("no item has two ratings") }
      let other = try home.open(project, "--rater", "ben")
      try other.wait(forTurn: "1/12")
      for key in ["1", "3", "4", "1", "3", "3"] { try other.press(key) }
      try other.waitForSaved()
      // Five of six turns alike: κ of raw 5/6 and the labels' shares 2/6, 2/6, 2/6 and 2/6, 3/6, 1/6.
      let shown = try screen.wait(for: "what ben did") {
        $0.contains("6 of 12 turns rated by two or more people")
      }
      #expect(shown.contains("0.83"))
      #expect(shown.contains("0.75"))
      try other.quit()
      try screen.press("Escape")
      try screen.wait(for: "the dialogue alone") { !$0.contains("agreement so far") }
      try screen.press("2")
      try screen.waitForSaved()
      try screen.quit()
    }
  }
}
