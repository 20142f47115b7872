import Annotator
import Dialogues
import Screen
import TestSupport
import Testing

private let sizes = [
  Size(columns: 120, rows: 40), Size(columns: 80, rows: 24), Size(columns: 40, rows: 12),
  Size(columns: 20, rows: 5), Size(columns: 1, rows: 1),
]

private let board = AgreementBoard(
  alpha: .init(0.512, interval: 0.441...0.583), raw: .init(0.64, interval: 0.6...0.68),
  ac1: .init(0.575, interval: 0.51...0.63), sharedTurns: 58, turns: 340,
  labels: [
    .init(label: "neutral", alpha: .init(0.53, interval: 0.47...0.59), ratings: 61),
    .init(label: "joy", alpha: .init(-0.07, interval: -0.1...0.02), ratings: 12),
    .init(
      label: "fear", alpha: .init(nil, reason: "nobody used the label where two rated"), ratings: 0),
  ],
  pairs: [
    .init(names: ["ana", "ben"], kappa: .init(0.7), turns: 58),
    .init(names: ["ana", "爸爸"], kappa: .init(1), turns: 3),
  ],
  confusions: [.init(labels: ["joy", "surprise"], count: 9, share: 0.41)],
  raters: [
    .init(name: "ana", labelled: 120), .init(name: "ben", labelled: 60),
    .init(name: "爸爸", labelled: 340),
  ])

private func watching(_ board: AgreementBoard = board, size: Size, glyphs: Glyphs = .unicode)
  -> Sitting
{
  var sitting = Sitting(size: size)
  sitting.state.glyphs = glyphs
  sitting.press("A")
  sitting.happen(.agreementReady(board))
  return sitting
}

@Suite struct AgreementViewTests {
  @Test(arguments: sizes) func `how far people agree, at every size`(size: Size) {
    expectGolden(
      view(watching(size: size).state), named: "agreement-\(size.columns)x\(size.rows)")
  }

  @Test func `how far people agree, in ASCII`() {
    let state = watching(size: Size(columns: 80, rows: 24), glyphs: .ascii).state
    let text = view(state).text
    #expect(text.contains("############"))
    expectGolden(view(state), named: "agreement-ascii-80x24")
  }

  @Test func `a key opens it, and what is to be computed is asked for and stopped`() {
    var sitting = Sitting(size: Size(columns: 80, rows: 24))
    #expect(sitting.press("A") == [.watchAgreement(true)])
    #expect(view(sitting.state).text.contains("Computing…"))
    #expect(sitting.press("Escape") == [.watchAgreement(false)])
    #expect(sitting.state.overlay == nil)
    sitting.press("A")
    #expect(sitting.press("Enter") == [.watchAgreement(false)])
  }

  @Test func `numbers that come change the page and keep the place`() {
    var sitting = watching(size: Size(columns: 80, rows: 16))
    sitting.press("Down", "Down")
    var better = board
    better.alpha = .init(0.913)
    better.labels[0].alpha = .init(0.927)
    sitting.happen(.agreementReady(better))
    #expect(view(sitting.state).text.contains("0.93"))
    #expect(!view(sitting.state).text.contains("Krippendorff"))
    sitting.press("Home")
    #expect(view(sitting.state).text.contains("0.91"))
  }

  @Test func `a board that comes late does not open the view again`() {
    var sitting = watching(size: Size(columns: 80, rows: 24))
    sitting.press("Escape")
    sitting.happen(.agreementReady(board))
    #expect(sitting.state.overlay == nil)
  }

  @Test func `two people's agreement on a few turns is not told`() {
    let text = view(watching(size: Size(columns: 80, rows: 40)).state).text
    #expect(text.contains("undefined: fewer than 5 turns"))
    #expect(!text.contains("1.00"))
    var few = board
    few.sharedTurns = 5
    few.pairs[1].turns = 5
    let enough = view(watching(few, size: Size(columns: 80, rows: 40)).state).text
    #expect(enough.contains("surprise") && enough.contains("1.00"))
    few.sharedTurns = 4
    let state = watching(few, size: Size(columns: 80, rows: 40)).state
    #expect(!view(state).text.contains("surprise"))
  }

  @Test func `why there is no number is said instead of one`() {
    let none = AgreementBoard.Number(nil, reason: "no item has two ratings")
    let text = view(
      watching(
        AgreementBoard(alpha: none, raw: none, ac1: none, sharedTurns: 0, turns: 17),
        size: Size(columns: 80, rows: 24)
      ).state
    ).text
    #expect(text.contains("Krippendorff's α"))
    #expect(text.contains("undefined: no item has two ratings"))
    #expect(!text.contains("0.00"))
  }

  @Test func `no label is given by a key while it is open`() {
    var sitting = watching(size: Size(columns: 80, rows: 24))
    sitting.press("1", "2", "Space")
    #expect(sitting.labels.joined() == "")
    sitting.press("Escape", "1")
    #expect(sitting.labels.first == "neutral")
  }

  @Test func `what cannot be computed is said, and labelling goes on`() {
    var sitting = Sitting(size: Size(columns: 80, rows: 24))
    sitting.press("A")
    sitting.happen(.agreementUnavailable("friends.undertone: the disk is gone."))
    #expect(view(sitting.state).text.contains("the disk is gone"))
    sitting.press("Escape", "3")
    #expect(sitting.labels.first == "joy")
  }
}
