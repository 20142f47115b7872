import Annotator
import Dialogues
import Testing

struct LearningTests {
  let news = LearningNews(
    source: "gatedxlstm-adapted-2-0123abcd", isUsed: true, turns: 60, accuracy: 0.52,
    accuracyBefore: 0.43)

  @Test func `the annotator is told that the model learned, how it does, and how to go back`() {
    var sitting = Sitting()
    sitting.suggest(["joy", "joy", "joy", "joy", "joy"])
    sitting.happen(.learned(news))
    #expect(
      sitting.state.message
        == Message(
          .information,
          "The model learned from 60 turns: 52 % of held-out turns right, 43 % before. B goes back."
        ))
  }

  @Test func `what is not used is said to be not used`() {
    var sitting = Sitting()
    var news = news
    news.isUsed = false
    sitting.happen(.learned(news))
    #expect(sitting.state.message?.text.contains("is not used") ?? false)
  }

  @Test func `learning changes nothing that is on screen by itself`() {
    var sitting = Sitting()
    sitting.suggest(["joy", "anger", "joy", "joy", "joy"])
    let before = sitting.state.dialogue
    sitting.happen(.learned(news))
    #expect(sitting.state.dialogue == before)
    #expect(sitting.effects.isEmpty)
  }

  @Test func `news of learning does not cover a problem`() {
    var sitting = Sitting()
    sitting.happen(.message(Message(.problem, "The disk is full.")))
    sitting.happen(.learned(news))
    #expect(sitting.state.message?.text == "The disk is full.")
  }

  @Test func `one key goes back, and it is said where suggestions come from`() {
    var sitting = Sitting()
    #expect(sitting.press("B") == [.goBackToEarlierSource(dialogue: 0)])
    sitting.happen(.wentBack(to: "gatedxlstm", isLearned: true))
    #expect(
      sitting.state.message?.text
        == "Suggestions come from gatedxlstm from now on, except where that learned; B goes on.")
    sitting.happen(.wentBack(to: "gatedxlstm", isLearned: false))
    #expect(sitting.state.message?.text.hasPrefix("Nothing has been learned") ?? false)
  }

  @Test(arguments: [AnnotationProtocol.blind, .assisted])
  func `who labels without suggestions hears nothing of learning and has nothing to go back to`(
    annotationProtocol: AnnotationProtocol
  ) {
    var sitting = Sitting(annotationProtocol: annotationProtocol)
    sitting.happen(.dialogueLoaded(Sitting.dialogue(arm: .control), generation: 0))
    sitting.happen(.learned(news))
    #expect(sitting.state.message == nil)
    #expect(sitting.press("B").isEmpty)
    #expect(sitting.state.message?.text.hasPrefix("No suggestions are shown here") ?? false)
  }

  @Test func `an answer records the source that was in view when it was given`() throws {
    var sitting = Sitting()
    func suggest(_ source: String) {
      sitting.happen(
        .suggestionsReady(
          (0..<5).map { _ in
            SuggestionView(
              source: source, label: "joy", posterior: [0.1, 0.1, 0.4, 0.1, 0.1, 0.1, 0.1])
          }, dialogue: 0))
    }
    suggest("gatedxlstm")
    sitting.happen(.learned(news))
    #expect(try #require(sitting.press("4").conditions.first).shown?.source == "gatedxlstm")
    suggest(news.source)
    #expect(try #require(sitting.press("4").conditions.first).shown?.source == news.source)
  }
}
