internal import Dialogues

/// An ELAN document for each dialogue, `CORPUS/SPLIT/DIALOGUE.eaf`, with the tiers that ``Tiers``
/// describes; those beside what is said are its children by Symbolic_Association.
///
/// EAF 3.0 (www.mpi.nl/tools/elan/EAFv3.0.xsd). Its times are whole milliseconds. The labels of the
/// scheme are the controlled vocabulary `emotions`.
struct ELANFormat: TierFormat {
  let name = "eaf"
  let summary = "an ELAN document for each dialogue"
  let fileExtension = "eaf"
  let unitsPerSecond = 1000.0

  func file(
    _ dialogue: ExportedDialogue, _ tiers: Tiers, _ options: ExportOptions, losses: inout LossCount
  ) -> [UInt8] {
    var writer = ELANWriter()
    writer.head(dialogue, options)
    let slots = writer.slots(tiers.times.spans)
    var next = dialogue.turns.count
    for lane in tiers.lanes {
      writer.beginTier(lane.name, type: "utterance", participant: lane.speaker)
      for place in lane.turns {
        writer.annotation(
          place + 1, from: slots[place].start, to: slots[place].end,
          dialogue.turns[place].turn.text)
      }
      writer.endTier()
      for child in lane.children {
        writer.beginTier(
          child.name, type: ELANWriter.type(of: child.what), participant: lane.speaker,
          annotator: child.rater, parent: lane.name)
        for place in lane.turns {
          guard let text = child.texts[place] else { continue }
          next += 1
          writer.annotation(next, of: place + 1, text)
        }
        writer.endTier()
      }
    }
    writer.tail(options.scheme)
    losses.add(.flattened, writer.flattened)
    return writer.bytes
  }
}

/// The parts of an EAF document, in the order its schema asks for.
private struct ELANWriter {
  private(set) var bytes: [UInt8] = []
  /// How many texts held characters that XML does not have.
  private(set) var flattened = 0

  /// The linguistic type of a tier below.
  static func type(of what: String) -> String {
    switch what {
    case "emotion", "refined": "emotion"
    default: "note"
    }
  }

  mutating func head(_ dialogue: ExportedDialogue, _ options: ExportOptions) {
    // A date is required. The same project gives the same bytes, so it is not today's.
    bytes +=
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <ANNOTATION_DOCUMENT AUTHOR="" DATE="1970-01-01T00:00:00Z" FORMAT="3.0" VERSION="3.0" \
      xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
      xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">
      <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">

      """.utf8
    var properties = [
      ("corpus", dialogue.key.corpus), ("split", dialogue.key.split),
      ("dialogue", dialogue.key.dialogue), ("title", dialogue.title), ("program", options.program),
      ("gold", options.gold.kind.rawValue), ("source", options.source.name),
    ]
    for (from, to) in options.labelMapping.sorted(by: { $0.key < $1.key }) {
      properties.append(("label-mapping", "\(from)=\(to)"))
    }
    for (name, value) in properties {
      bytes += "<PROPERTY NAME=\"undertone:\(name)\">\(escaped(value))</PROPERTY>\n".utf8
    }
    bytes += "</HEADER>\n".utf8
  }

  /// Writes the time slots, in the order of time.
  ///
  /// - Returns: the numbers of each span's two slots.
  mutating func slots(_ spans: [TimeSpan]) -> [(start: Int, end: Int)] {
    let ends = spans.indices.flatMap { [(spans[$0].start, 1, $0), (spans[$0].end, 0, $0)] }
      .sorted { $0 < $1 }
    var slots = spans.map { _ in (start: 0, end: 0) }
    bytes += "<TIME_ORDER>\n".utf8
    for (number, (time, isStart, place)) in ends.enumerated() {
      if isStart == 1 { slots[place].start = number + 1 } else { slots[place].end = number + 1 }
      let value = Int((time * 1000).rounded())
      bytes += "<TIME_SLOT TIME_SLOT_ID=\"ts\(number + 1)\" TIME_VALUE=\"\(value)\"/>\n".utf8
    }
    bytes += "</TIME_ORDER>\n".utf8
    return slots
  }

  mutating func beginTier(
    _ name: String, type: String, participant: String, annotator: String? = nil,
    parent: String? = nil
  ) {
    bytes += "<TIER".utf8
    if let annotator { bytes += " ANNOTATOR=\"\(escaped(annotator))\"".utf8 }
    bytes += " LINGUISTIC_TYPE_REF=\"\(type)\"".utf8
    if let parent { bytes += " PARENT_REF=\"\(escaped(parent))\"".utf8 }
    bytes += " PARTICIPANT=\"\(escaped(participant))\" TIER_ID=\"\(escaped(name))\">\n".utf8
  }

  mutating func endTier() { bytes += "</TIER>\n".utf8 }

  mutating func annotation(_ id: Int, from start: Int, to end: Int, _ text: String) {
    bytes +=
      """
      <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a\(id)" TIME_SLOT_REF1="ts\(start)" \
      TIME_SLOT_REF2="ts\(end)"><ANNOTATION_VALUE>\(escaped(text))</ANNOTATION_VALUE>\
      </ALIGNABLE_ANNOTATION></ANNOTATION>

      """.utf8
  }

  mutating func annotation(_ id: Int, of parent: Int, _ text: String) {
    bytes +=
      """
      <ANNOTATION><REF_ANNOTATION ANNOTATION_ID="a\(id)" ANNOTATION_REF="a\(parent)">\
      <ANNOTATION_VALUE>\(escaped(text))</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>

      """.utf8
  }

  mutating func tail(_ scheme: LabelScheme) {
    bytes +=
      """
      <LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="utterance" TIME_ALIGNABLE="true"/>
      <LINGUISTIC_TYPE CONSTRAINTS="Symbolic_Association" CONTROLLED_VOCABULARY_REF="emotions" \
      GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="emotion" TIME_ALIGNABLE="false"/>
      <LINGUISTIC_TYPE CONSTRAINTS="Symbolic_Association" GRAPHIC_REFERENCES="false" \
      LINGUISTIC_TYPE_ID="note" TIME_ALIGNABLE="false"/>
      <LANGUAGE LANG_DEF="http://cdb.iso.org/lg/CDB-00130975-001" LANG_ID="und" \
      LANG_LABEL="undetermined (und)"/>
      <CONSTRAINT DESCRIPTION="1-1 association with a parent annotation" \
      STEREOTYPE="Symbolic_Association"/>
      <CONTROLLED_VOCABULARY CV_ID="emotions">
      <DESCRIPTION LANG_REF="und">\(escaped(scheme.name))</DESCRIPTION>

      """.utf8
    for (place, label) in scheme.labels.enumerated() {
      bytes +=
        """
        <CV_ENTRY_ML CVE_ID="cve\(place)"><CVE_VALUE DESCRIPTION="\(escaped(label.definition))" \
        LANG_REF="und">\(escaped(label.name))</CVE_VALUE></CV_ENTRY_ML>

        """.utf8
    }
    bytes += "</CONTROLLED_VOCABULARY>\n</ANNOTATION_DOCUMENT>\n".utf8
  }

  /// Text for an element or an attribute.
  ///
  /// XML 1.0 has no control characters but three, which attributes and parsers would turn into
  /// spaces or line breaks if they stood there as they are.
  private mutating func escaped(_ text: String) -> String {
    var result = ""
    var isFlattened = false
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\t", "\n", "\r": result += "&#\(scalar.value);"
      case "\u{0}"..<"\u{20}", "\u{FFFE}", "\u{FFFF}":
        isFlattened = true
        result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    if isFlattened { flattened += 1 }
    return result
  }
}
