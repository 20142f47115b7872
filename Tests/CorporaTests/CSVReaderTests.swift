import Foundation
import Testing

@testable import Corpora

@Suite struct CSVReaderTests {
  /// All records of a text, a wrong one as its row and reason.
  private func records(_ data: Data) throws -> [[String]] {
    let folder = try InventedFolder()
    try folder.write("t.csv", data)
    let reader = try CSVReader(path: folder["t.csv"])
    var records = [reader.columns]
    while true {
      switch try reader.next() {
      case .end: return records
      case .wrong(let reason): records.append(["row \(reader.row)", reason])
      case .record: records.append((0..<reader.columns.count).map { reader.text($0) })
      }
    }
  }

  private func records(_ text: String) throws -> [[String]] { try records(Data(text.utf8)) }

  @Test func `a cell in quotes holds separators, line ends and doubled quotes`() throws {
    let text = "a,b\r\n\"one, two\",\"she said \"\"no\"\"\r\nand left\"\r\n\"\",x\r\n"
    #expect(
      try records(text) == [
        ["a", "b"], ["one, two", "she said \"no\"\r\nand left"], ["", "x"],
      ])
  }

  @Test(arguments: ["\n", "\r\n", "\r"])
  func `records end in LF, CRLF or CR, and the last needs no end`(end: String) throws {
    #expect(
      try records(["a,b", "1,2", "", "3,4"].joined(separator: end)) == [
        ["a", "b"], ["1", "2"], ["3", "4"],
      ])
  }

  @Test func `a byte order mark is not part of the first column's name`() throws {
    #expect(try records("\u{FEFF}a,b\n1,2\n").first == ["a", "b"])
  }

  @Test(arguments: [",", ";", "\t"])
  func `the separator is the one the header uses`(separator: String) throws {
    #expect(try records("a\(separator)b\n1\(separator)2\n") == [["a", "b"], ["1", "2"]])
  }

  @Test func `a row with too few or too many columns is named by its row and passed over`() throws {
    let all = try records("a,b\n1\n1,2,3\n4,5\n6,7,,\n")
    #expect(all[1] == ["row 2", "it has 1 columns where the header has 2."])
    #expect(all[2] == ["row 3", "it has 3 columns where the header has 2."])
    #expect(all[3...] == [["4", "5"], ["6", "7"]])
  }

  @Test func `a quote that is never closed costs one row, not the rest of the file`() throws {
    let all = try records("a,b\n1,\"open\n3,4\n5,6\n")
    #expect(all[1] == ["row 2", "a quote is never closed."])
    #expect(all[2...] == [["3", "4"], ["5", "6"]])
  }

  @Test func `a cell longer than the limit costs one row`() throws {
    let long = String(repeating: "x", count: CSVReader.longestField + 10)
    for cell in [long, "\"\(long)\""] {
      let all = try records("a,b\n1,\(cell)\n3,4\n")
      #expect(all.count == 3)
      #expect(all[1][0] == "row 2" && all[1][1].contains("longer than 1 MiB"))
      #expect(all[2] == ["3", "4"])
    }
  }

  @Test func `a cell just within the limit is read whole across the pieces of the file`() throws {
    let long = String(repeating: "y\"\"", count: 300_000)
    let all = try records("a,b\n1,\"\(long)\"\n3,4\n")
    #expect(all[1][1] == String(repeating: "y\"", count: 300_000))
    #expect(all[2] == ["3", "4"])
  }

  @Test func `text after a closing quote and zero bytes make a row wrong`() throws {
    var data = Data("a,b\n1,\"x\"y\n1,".utf8)
    data.append(0)
    data.append(Data("\n3,4\n".utf8))
    // Past the start of the file, where zero bytes mean that it is no text at all.
    let padding = Data("a,b\n".utf8) + Data(String(repeating: "0,0\n", count: 2000).utf8)
    let all = try records(padding + data.dropFirst(4))
    #expect(all[2001][1].contains("text follows a closing quote"))
    #expect(all[2002] == ["row 2003", "it holds a zero byte."])
    #expect(all.last == ["3", "4"])
  }

  @Test func `bytes that are not UTF-8 are read as Windows-1252, and it says so`() throws {
    let folder = try InventedFolder()
    try folder.write("t.csv", Data([0x61, 0x0A, 0x63, 0x61, 0x66, 0xE9, 0x92, 0x0A]))
    let reader = try CSVReader(path: folder["t.csv"])
    #expect(try reader.next() == .record)
    #expect(reader.text(0) == "café’")
    #expect(reader.metForeignEncoding)
  }

  @Test func `what is not a table is refused with a sentence`() throws {
    let folder = try InventedFolder([
      "empty.csv": "", "blank.csv": "\n\n", "twice.csv": "a,a\n1,2\n",
    ])
    try folder.write("utf16.csv", Data([0xFF, 0xFE, 0x61, 0x00]))
    try folder.write("binary.csv", Data([0x61, 0x00, 0x62]))
    for (name, part) in [
      ("empty.csv", "it is empty"), ("blank.csv", "it is empty"),
      ("twice.csv", "two columns called"),
      ("utf16.csv", "UTF-16"), ("binary.csv", "not a text file"), ("absent.csv", "No such file"),
    ] {
      let error = #expect(throws: CorpusError.self) { _ = try CSVReader(path: folder[name]) }
      #expect(error?.message.contains(part) == true, "\(name): \(error?.message ?? "")")
    }
    let error = #expect(throws: CorpusError.self) { _ = try openRecords(folder.path) }
    #expect(error?.message.contains("folder") == true)
  }

  @Test func `reading goes on from a position met before`() throws {
    let folder = try InventedFolder(["t.csv": "a\r\n1\r\n2\r\n3\r\n"])
    let reader = try CSVReader(path: folder["t.csv"])
    _ = try reader.next()
    let position = reader.position
    _ = try reader.next()
    _ = try reader.next()
    reader.seek(position)
    #expect(try reader.next() == .record)
    #expect(reader.text(0) == "2")
    #expect(reader.row == 3)
  }
}

@Suite struct JSONLinesReaderTests {
  @Test func `names may differ from line to line, and values keep their spelling`() throws {
    let folder = try InventedFolder([
      "t.jsonl": """
      {"a": 12, "b": "x\\u00e9\\ud83d\\ude00\\n"}

      {"c": [1, "two", true], "a": null}
      {"d": {"e": [1.50]}, "a": "y"}
      """
    ])
    let reader = try JSONLinesReader(path: folder["t.jsonl"])
    #expect(try reader.next() == .record)
    #expect(reader.text(reader.column("a")) == "12")
    #expect(reader.text(reader.column("b")) == "xé😀\n")
    #expect(try reader.next() == .record)
    #expect(reader.row == 3)
    #expect(reader.text(reader.column("a")) == "")
    #expect(reader.text(reader.column("c")) == "1;two;true")
    #expect(try reader.next() == .record)
    #expect(reader.text(reader.column("d")) == "{\"e\":[1.50]}")
    #expect(try reader.next() == .end)
  }

  @Test(arguments: [
    "{\"a\": 1", "{\"a\" 1}", "{'a': 1}", "{\"a\": 01x}", "[1]", "{\"a\": \"\\ud83d\"}",
    "{\"a\": 1, \"a\": 2}", "{\"a\": tru}", "{\"a\": \"\u{1}\"}", "{\"a\": 1} {\"a\": 2}",
    "nonsense",
    "{\"a\":" + String(repeating: "[", count: 100_000),
  ])
  func `a line that is not one JSON object costs that line`(line: String) throws {
    let folder = try InventedFolder(["t.jsonl": "{\"a\": 1}\n\(line)\n{\"a\": 3}\n"])
    let reader = try JSONLinesReader(path: folder["t.jsonl"])
    #expect(try reader.next() == .record)
    guard case .wrong = try reader.next() else {
      Issue.record("\(line) was taken for an object")
      return
    }
    #expect(reader.row == 2)
    #expect(try reader.next() == .record)
    #expect(reader.text(reader.column("a")) == "3")
  }

  @Test func `one big list says how to make lines of it`() throws {
    let folder = try InventedFolder(["t.jsonl": "[{\"a\": 1}]"])
    let error = #expect(throws: CorpusError.self) {
      _ = try JSONLinesReader(path: folder["t.jsonl"])
    }
    #expect(error?.message.contains("one object a line") == true)
  }
}
