import Foundation
import Testing

extension EndToEndTests {
  @Suite("Training") struct Training {
    @Test func `training killed with kill -9 goes on and ends as if it had not been`() throws {
      let home = try Home()
      try home.importLabelledTurns(dialogues: 150)
      // The checkpoint of an undisturbed run, and of one that is killed after an epoch.
      let outcome = try home.run(
        program: "/bin/bash",
        [
          "-c",
          """
          mkdir whole killed
          train() { "$0" train p.undertone --out "$1/m.safetensors"; }
          train whole || exit 3
          "$0" train p.undertone --out killed/m.safetensors & pid=$!
          until [ -s killed/m.safetensors.state ]; do sleep 0.02; done
          kill -9 $pid; wait $pid
          [ -e killed/m.safetensors ] && exit 4
          train killed || exit 5
          cmp whole/m.safetensors killed/m.safetensors || exit 6
          ls killed
          """, try Home.program(),
        ])
      #expect(outcome.status == 0, "\(outcome.text)")
      #expect(outcome.output.hasSuffix("m.safetensors\nm.safetensors.log.jsonl\n"))
      let log = try String(
        contentsOfFile: home.path("whole/m.safetensors.log.jsonl"), encoding: .utf8)
      let lines = log.split(separator: "\n")
      #expect(lines.count == 6)
      #expect(lines.allSatisfy { $0.hasPrefix(#"{"progress":{"#) && $0.hasSuffix(#""schema":1}"#) })
    }

    @Test func `adapting says which label of the checkpoint stands for which of the project`()
      throws
    {
      let home = try Home()
      try home.importLabelledTurns(dialogues: 20)
      let outcome = try home.run(
        "train", "p.undertone", "--from", "\(Home.checkout)/models/bundled.safetensors", "--out",
        "adapted.safetensors", "--modality-dropout", "0.5")
      #expect(outcome.status == 0, "\(outcome.text)")
      #expect(outcome.errors.contains("joy       →  happy"))
      #expect(outcome.errors.contains("fear      →  (none: its probability is shared out)"))
      #expect(outcome.errors.contains("--modality-dropout changes nothing here"))
    }

    @Test func `what cannot be trained is refused before anything is read`() throws {
      let home = try Home()
      for arguments in [
        ["train", "--out", "m"], ["train", "--bundled", "x", "--out", "m"],
        ["train", "p.undertone", "--out", "m", "--aside", "1"],
        ["train", "p.undertone", "--out", "m", "--balance", "2"],
        ["train", "p.undertone", "--out", "m", "--modality-dropout", "1.5"],
        ["train", "--clips", "x", "--out", "m", "--modality-dropout", "0.5"],
        ["train", "p.undertone", "--out", "m", "--ablations"],
        ["train", "p.undertone", "--out", "m", "--gate", "published"],
        ["train", "p.undertone", "--out", "m", "--voices", "thorough"],
        ["evaluate", "p.undertone", "--against", "ana", "--voices", "thorough"],
        ["train", "--bundled", "x", "--from", "m0", "--out", "m"],
        ["train", "--bundled", "x", "--from", "m0", "--gate", "none", "--out", "m"],
      ] {
        #expect(try home.run(program: Home.program(), arguments).status == 2, "\(arguments)")
      }
    }
  }
}

extension Home {
  /// Imports invented dialogues whose words say the label into `p.undertone`.
  fileprivate func importLabelledTurns(dialogues: Int) throws {
    let said = ["happy": "how lovely", "angry": "stop it now", "neutral": "the box is here"]
    var rows = "dialogue,turn,speaker,text,label\n"
    for dialogue in 0..<dialogues {
      for turn in 0..<6 {
        let label = ["happy", "angry", "neutral"][(dialogue + turn * turn) % 3]
        rows += "d\(dialogue),\(turn),\(turn % 2),\(said[label] ?? "") \(dialogue % 7),\(label)\n"
      }
    }
    try write(rows, to: "turns.csv")
    let outcome = try run("import", "manifest", "turns.csv", "--into", "p.undertone")
    try #require(outcome.status == 0, "\(outcome.text)")
  }
}
