/// An ELAN document: its tiers, with the times of their annotations, and its recordings.
///
/// Max Planck Institute for Psycholinguistics, "EAF Annotation Format, schema version 3.0". An annotation
/// either has two time slots, which need not be aligned to a time, or refers to an annotation of the
/// parent tier.
struct EAFFile {
  /// A tier as the document has it.
  struct Tier {
    var id: String
    var parent: String?
    var participant = ""
    var annotator = ""
    var annotations: [Annotation] = []
  }

  /// An annotation as the document has it.
  struct Annotation {
    var id: String
    /// The time slots; empty in one that refers.
    var slots: (String, String) = ("", "")
    /// The annotation it refers to.
    var reference: String?
    var value = ""
    var row: Int
    /// Start and end in seconds, once known.
    var span: (start: Double, end: Double)?
  }

  private(set) var tiers: [Tier] = []
  /// The recordings, by the names the document gives them, the relative ones first.
  private(set) var media: [String] = []
  /// Where the document's time 0 lies in the recording, in seconds.
  private(set) var origin = 0.0
  /// Annotations that cannot be placed, with their rows.
  private(set) var wrong: [(row: Int, reason: String)] = []

  private var slots: [String: Double?] = [:]
  private var slotOrder: [String] = []
  private var tier: Tier?
  private var annotation: Annotation?
  /// The document's properties by name.
  private(set) var properties: [String: String] = [:]
  private var property: String?
  private var isInValue = false
  private var hasMedium = false

  /// - Parameters:
  ///   - text: the document as UTF-8.
  ///   - path: the file, for messages.
  init(_ text: [UInt8], path: String) throws(CorpusError) {
    var reader = XMLReader(text, path: path)
    var isFirst = true
    while let event = try reader.next() {
      switch event {
      case .start(let name, let attributes):
        if isFirst, name != "ANNOTATION_DOCUMENT" {
          throw CorpusError(
            file: path, row: reader.row,
            message: "it is XML and no ELAN document: it begins with \(quoted(name)).")
        }
        isFirst = false
        begin(name, attributes, row: reader.row)
      case .text(let text):
        if isInValue { annotation?.value += text }
        if let property { properties[property, default: ""] += text }
      case .end(let name):
        end(name)
      }
    }
    align()
    place()
  }

  private mutating func begin(_ name: String, _ attributes: [String: String], row: Int) {
    switch name {
    case "MEDIA_DESCRIPTOR":
      for key in ["RELATIVE_MEDIA_URL", "MEDIA_URL"] {
        if let url = attributes[key], let name = Self.fileName(url, isRelative: key != "MEDIA_URL"),
          !media.contains(name)
        {
          media.append(name)
        }
      }
      defer { hasMedium = true }
      if !hasMedium, let milliseconds = attributes["TIME_ORIGIN"].flatMap(Double.init),
        milliseconds.isFinite
      {
        origin = milliseconds / 1000
      }
    case "PROPERTY": property = attributes["NAME"]
    case "TIME_SLOT":
      guard let id = attributes["TIME_SLOT_ID"], slots[id] == nil else { return }
      let value = attributes["TIME_VALUE"].flatMap(Double.init)
      slots[id] = .some(value.flatMap { $0.isFinite && abs($0) < 1e12 ? $0 / 1000 : nil })
      slotOrder.append(id)
    case "TIER":
      tier = Tier(
        id: attributes["TIER_ID"] ?? "", parent: attributes["PARENT_REF"],
        participant: trimmed(attributes["PARTICIPANT"] ?? ""),
        annotator: trimmed(attributes["ANNOTATOR"] ?? ""))
    case "ALIGNABLE_ANNOTATION", "REF_ANNOTATION":
      annotation = Annotation(
        id: attributes["ANNOTATION_ID"] ?? "",
        slots: (attributes["TIME_SLOT_REF1"] ?? "", attributes["TIME_SLOT_REF2"] ?? ""),
        reference: attributes["ANNOTATION_REF"], row: row)
    case "ANNOTATION_VALUE":
      isInValue = annotation != nil
    default: break
    }
  }

  private mutating func end(_ name: String) {
    switch name {
    case "PROPERTY": property = nil
    case "TIER":
      if let tier { tiers.append(tier) }
      tier = nil
    case "ALIGNABLE_ANNOTATION", "REF_ANNOTATION":
      if let annotation {
        tier?.annotations.append(annotation)
      }
      annotation = nil
    case "ANNOTATION_VALUE": isInValue = false
    default: break
    }
  }

  /// A recording's name below the document's folder: ELAN keeps an absolute address beside a relative
  /// one, and both are wrong once files have moved, but for the last part.
  private static func fileName(_ url: String, isRelative: Bool) -> String? {
    var path = url.hasPrefix("file:") ? String(url.dropFirst(5)) : url
    path = PercentEncoding.decoded(path).replacing("\\", with: "/")
    if isRelative, !path.hasPrefix("/") {
      while path.hasPrefix("./") { path = String(path.dropFirst(2)) }
      if !path.split(separator: "/").contains("..") { return path.isEmpty ? nil : path }
    }
    let name = FileSystem.lastComponent(path)
    return name.isEmpty || name == ".." ? nil : name
  }

  /// Gives slots without a time theirs: evenly between those that have one, as ELAN draws them.
  private mutating func align() {
    var known: (place: Int, time: Double) = (-1, 0)
    for (place, id) in slotOrder.enumerated() {
      guard let time = slots[id] ?? nil else { continue }
      let count = Double(place - known.place)
      for between in known.place + 1..<max(known.place + 1, place) {
        let share = Double(between - known.place) / count
        slots[slotOrder[between]] = .some(known.time + (time - known.time) * share)
      }
      known = (place, time)
    }
    for place in (known.place + 1)..<max(known.place + 1, slotOrder.count) {
      slots[slotOrder[place]] = .some(known.time)
    }
  }

  /// Gives annotations the times of their slots, or of what they refer to.
  private mutating func place() {
    var spans: [String: (start: Double, end: Double)] = [:]
    var references: [String: String] = [:]
    for tier in tiers {
      for annotation in tier.annotations {
        if let reference = annotation.reference {
          references[annotation.id] = reference
        } else if let start = slots[annotation.slots.0] ?? nil,
          let end = slots[annotation.slots.1] ?? nil
        {
          spans[annotation.id] = (start, end)
        }
      }
    }
    for tier in tiers.indices {
      for place in tiers[tier].annotations.indices {
        let annotation = tiers[tier].annotations[place]
        var id = annotation.id
        // Chains of references are as long as tiers are deep; a ring of them has no end.
        var steps = 0
        while spans[id] == nil, let next = references[id], steps < 64 {
          id = next
          steps += 1
        }
        tiers[tier].annotations[place].span = spans[id]
        if spans[id] == nil {
          wrong.append(
            (
              annotation.row,
              "the annotation \(quoted(annotation.id)) of the tier \(quoted(tiers[tier].id)) has no time: "
                + "its time slot, or what it refers to, is not in the document."
            ))
        }
      }
    }
  }
}
