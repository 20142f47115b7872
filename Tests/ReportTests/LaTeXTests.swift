import Agreement
import Foundation
import Report
import Testing

private let latex = program("pdflatex")

@Suite struct `The agreement report as LaTeX` {
  @Test(.enabled(if: latex != nil, "there is no pdflatex on this machine"))
  func `compiles without an error or an overfull page, whatever names hold`() throws {
    try withTemporaryFolder { folder in
      try Samples.everything().latex().write(
        to: folder.appendingPathComponent("report.tex"), atomically: true, encoding: .utf8)
      for _ in 0..<2 {
        let result = try run(
          latex!, ["-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "report.tex"],
          in: folder)
        #expect(result.status == 0, "\(result.output.suffix(1500))")
      }
      let log = String(
        decoding: try Data(contentsOf: folder.appendingPathComponent("report.log")), as: UTF8.self)
      #expect(!log.contains("undefined references"))
      #expect(!log.contains("Citation"))
      #expect(!log.contains("Missing character"))
      let size =
        try FileManager.default.attributesOfItem(
          atPath: folder.appendingPathComponent("report.pdf").path)[.size] as? Int
      #expect(size ?? 0 > 20_000)
    }
  }

  @Test func `has tables, a paragraph on methods and the works it cites`() throws {
    let source = try Samples.everything().latex()
    #expect(source.contains("\\toprule") && source.contains("\\bottomrule"))
    #expect(source.contains("\\section*{Methods}"))
    #expect(source.contains("4 people rated 40 turns of 8 dialogues"))
    for match in source.matches(of: #/\\cite\{([^}]*)\}/#) {
      for key in match.1.split(separator: ",") {
        #expect(source.contains("\\bibitem{\(key)}"), "\(key)")
      }
    }
    #expect(source.contains("doi:\\,\\texttt{10.1037/h0031619}"))
  }

  @Test func `lets no name become a command`() throws {
    let source = try Samples.everything().latex()
    #expect(!source.contains("\\input"))
    #expect(source.contains("\\textbackslash{}input\\{/etc/passwd\\}"))
    #expect(source.contains("\\texttt{U+7238}"))
  }
}
