import ArgumentParser
import Dialogues
import EmotionModel
import LabelStore

struct StudyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "study",
    abstract: "Say who rates what, and when suggestions are seen; or show it.",
    discussion: """
      Without options it shows the design and how far everybody is. Options change what they name and \
      leave the rest; what raters were given stays theirs.

      Protocols: assisted shows suggestions; blind never does; commit-then-reveal shows a turn's \
      suggestion once it has a label, which can then be changed, or kept with Enter or by moving on, \
      and keeps both answers. A control arm is a share of dialogues, the same for everybody, that never shows one.

      Dialogues are shared out with --assign: each goes to as many raters as the overlap says, in an \
      order of each rater's own. Run it again after an import or when somebody joins.

      With --learn-after the annotator learns from corrections: after so many ratings it adapts the \
      model in the background, and uses the result if it is not worse on dialogues that are held \
      out for this. --learn-after 0 ends it. Without options the attempts are listed.

      Examples:
        undertone study friends.undertone --protocol commit-then-reveal --control 0.2
        undertone study friends.undertone --raters ana,ben,cem --overlap 2 --retest 0.05 --assign
        undertone study friends.undertone --learn-after 50
        undertone study friends.undertone
      """)

  @Argument(help: "The project.", completion: .file(extensions: ["undertone"]))
  var project: String

  @Option(
    name: .customLong("protocol"),
    help: "When suggestions are seen: assisted, blind or commit-then-reveal.")
  var annotationProtocol: AnnotationProtocol?

  @Option(name: .long, help: "The share of dialogues that never show a suggestion, e.g. 0.2.")
  var control: Double?

  @Flag(
    inversion: .prefixedNo,
    help: "Under commit-then-reveal, show what others answered with the suggestion.")
  var revealOthers: Bool?

  @Option(name: .long, help: "The raters to share dialogues among, separated by commas.")
  var raters: String?

  @Option(name: .long, help: "How many of the raters rate each dialogue.")
  var overlap: Int?

  @Option(name: .long, help: "The share of a rater's dialogues to give them again, e.g. 0.05.")
  var retest: Double?

  @Option(
    name: .long, help: "The share of dialogues, of those with gold labels, to give to everybody.")
  var gold: Double?

  @Option(
    name: .long, help: "A corpus's rater whose answers count as gold labels, e.g. MELD.")
  var goldRater: String?

  @Option(name: .long, help: "The number everything random follows from.")
  var seed: UInt64?

  @Option(
    name: .long,
    help: "After how many ratings the model learns from them; 0, as in a new project, for never.")
  var learnAfter: Int?

  @Flag(name: .long, help: "Learn from the ratings there are now.")
  var learnNow = false

  @Flag(name: .long, help: "Share out the dialogues nobody has yet.")
  var assign = false

  func run() throws {
    try explainingFailures {
      let file = try Project.open(at: project, program: programVersion)
      let before = try file.information().study
      let design = changed(before)
      for name in design.raters where !before.raters.contains(name) {
        try RaterOption.check(name)
      }
      if let fault = design.fault { throw Failure("\(project): \(fault)") }
      if design != before { try file.setStudy(design) }
      if learnNow {
        try learn(design, file)
      } else if assign {
        for (rater, added) in try file.assignDialogues(goldRater: goldRater) {
          print("\("\(rater)".visibleName): \(given(added))")
        }
      } else {
        try show(design, of: file)
      }
      try file.close()
    }
  }

  private func changed(_ design: StudyDesign) -> StudyDesign {
    var design = design
    if let annotationProtocol { design.annotationProtocol = annotationProtocol }
    if let control { design.controlShare = control }
    if let revealOthers { design.revealsOthers = revealOthers }
    if let raters {
      design.raters = raters.split(separator: ",").map { String($0).trimmingSpaces }
      // Names without a number of their own: everybody rates everything.
      if overlap == nil { design.overlap = design.raters.count }
    }
    if let overlap { design.overlap = overlap }
    if let retest { design.retestShare = retest }
    if let gold { design.goldShare = gold }
    if let seed { design.seed = seed }
    if let learnAfter { design.learnsAfter = learnAfter }
    return design
  }

  private func given(_ added: [WorkItem.Purpose: Int]) -> String {
    let total = added.values.reduce(0, +)
    guard total > 0 else { return "nothing new" }
    var text = "\(counted(total, "dialogue")) added"
    let special = [(added[.gold] ?? 0, "gold"), (added[.retest] ?? 0, "given again")]
      .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    if !special.isEmpty { text += ", of them \(special.joined(separator: " and "))" }
    return text
  }

  private func show(_ design: StudyDesign, of file: Project) throws {
    print("protocol     \(design.annotationProtocol.rawValue)")
    print("control arm  \(percent(design.controlShare)) of the dialogues")
    if design.annotationProtocol == .commitThenReveal {
      print("others       \(design.revealsOthers ? "shown with the suggestion" : "hidden")")
    }
    showLearning(design)
    guard !design.raters.isEmpty else {
      print("raters       everybody rates everything")
      let turns = try file.information().turns
      for name in try file.people() {
        let labelled = try file.answerCount(of: name)
        print("\(name.visibleName): \(labelled) of \(counted(turns, "turn"))")
      }
      return
    }
    print(
      "raters       \(design.raters.joined(separator: ", ").visibleName); \(design.overlap) a dialogue"
    )
    print("given again  \(percent(design.retestShare)) of a rater's dialogues")
    print("gold         \(percent(design.goldShare)) of the dialogues")
    print("seed         \(design.seed)")
    let progress = try file.assignedProgress()
    if progress.isEmpty { print("Nothing is shared out yet; --assign does it.") }
    for (rater, progress) in progress {
      print(
        "\(rater.name.visibleName): \(progress.labelled) of \(progress.total) turns, "
          + percent(progress.fraction))
    }
  }

  private func showLearning(_ design: StudyDesign) {
    let attempts = LearnedModels(besides: project).all()
    guard design.learnsAfter > 0 || !attempts.isEmpty else { return }
    print(
      design.learnsAfter == 0
        ? "learning     no more"
        : "learning     after every \(counted(design.learnsAfter, "rating"))"
          + (design.learns ? "" : "; not under this protocol"))
    for model in attempts {
      print("  \(model.source), \(model.isUsed ? "used" : "not used, it is worse")")
      print("    \(model.details)")
    }
  }

  private func learn(_ design: StudyDesign, _ file: Project) throws {
    guard design.learns else {
      throw Failure(
        design.learnsAfter > 0
          ? "\(project): under the protocol \(design.annotationProtocol.rawValue) nobody sees "
            + "suggestions, so it does not learn to make them."
          : "\(project): nobody has agreed that it learns from its ratings; “undertone study "
            + "\(project) --learn-after 50” agrees.")
    }
    Interruption.listen()
    let learning = CorrectionLearning(project: project, locations: Locations())
    let outcome = try learning.learn(
      mayFinishEarlier: false, note: { printError($0) }, goesOn: { !Interruption.isRequested })
    switch outcome {
    case .learned(let model):
      try learning.file(model, in: file)
      print("\(model.source), \(model.isUsed ? "used" : "not used, it is worse")")
      print(model.details)
    case .impossible(let reason): throw Failure("\(project): \(reason)")
    case .busy: throw Failure("\(project): another program is learning from it; try again later.")
    case .stopped: throw Interrupted()
    }
  }

  private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
}
