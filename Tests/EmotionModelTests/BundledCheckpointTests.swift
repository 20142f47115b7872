import Dialogues
import Foundation
import TestSupport
import Testing

@testable import EmotionModel

/// The checkpoint in the package.
private let bundledPath = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .appendingPathComponent("models/bundled.safetensors").path

struct BundledCheckpointTests {
  @Test func `the shipped checkpoint tells plain emotions apart`() throws {
    let classifier = try EmotionClassifier(contentsOf: bundledPath)
    #expect(classifier.labels == LabelScheme.meld.labels.map(\.name))
    let dialogue = Samples.dialogue(
      "plain",
      [
        ("Mara", "The shelf is in the other room."), ("Theo", "What?! Oh my God!"),
        ("Mara", "That's wonderful, thank you so much!"),
        ("Theo", "Shut up! How dare you do this to me, you idiot!"),
      ])
    let best = classifier.analyse(dialogue).compactMap { $0.suggestion.best?.label }
    #expect(best == ["neutral", "surprise", "joy", "anger"])
  }

  @Test(
    .enabled(
      if: sharedData("meld/dev_sent_emo.csv") != nil
        && sharedData("goemotions/train.tsv") != nil, "needs the corpora in $UNDERTONE_DATA"))
  func `the shipped checkpoint is as good on MELD's development turns as its card says`() throws {
    let classifier = try EmotionClassifier(contentsOf: bundledPath)
    let meld = try #require(sharedData("meld/dev_sent_emo.csv"))
    let root = URL(fileURLWithPath: meld)
      .deletingLastPathComponent().deletingLastPathComponent().path
    let corpora = try BundledRecipe.read(.init(under: root))
    #expect(corpora.main.dialogues.flatMap(\.turns).count == 9989)
    #expect(corpora.development.dialogues.flatMap(\.turns).count == 1109)
    // No EmoryNLP scene of an episode of MELD dev: 6,036 of its 8,505 turns are left.
    #expect(corpora.auxiliary[0].dialogues.flatMap(\.turns).count == 6036)
    var right = 0
    for analysis in corpora.development.dialogues.flatMap({ classifier.analyse($0) }) {
      let target = try #require(corpora.development.targets[analysis.turn])
      if target[analysis.best] == 1 { right += 1 }
    }
    #expect(Double(right) / 1109 > 0.58)
  }
}
