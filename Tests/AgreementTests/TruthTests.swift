import Agreement
import Foundation
import Testing

/// Models of true labels against crowd-kit, the authors' MACE and cleanlab (vectors.json).
@Suite struct `True labels from many raters` {
  static let data = Vectors.path != nil

  func close(_ found: [Double], _ wanted: [Double], _ tolerance: Double = 1e-9) -> Bool {
    found.count == wanted.count && zip(found, wanted).allSatisfy { abs($0 - $1) <= tolerance }
  }

  @Test(
    .enabled(if: data, "needs ../shared/data/agreement"),
    arguments: ["dawid_skene1979", "random_nominal_5x1000"])
  func `Dawid and Skene's estimate converges to the fixed point`(name: String) throws {
    let vectors = try Vectors(#require(Vectors.path))
    let one = try #require(vectors.cases().first { $0.name == name })
    let expected = one.expected["dawid_skene_fixed_point"]!["oracle"] as! [String: Any]
    let found = try one.table.dawidSkene()
    #expect(found.converged)
    #expect(close(found.priors, expected["priors"] as! [Double]))
    let likelihood = expected["log_likelihood_last"] as! Double
    #expect(abs(found.logLikelihood - likelihood) < 1e-9 * abs(likelihood))
    let confusion = expected["confusion[rater][true][observed]"] as! [[[Double]]]
    #expect(close(found.confusions, confusion.joined().flatMap(\.self)))
    let posteriors = expected["posterior_first10"] as! [[Double]]
    for (item, posterior) in posteriors.enumerated() {
      #expect(close(found.posterior(of: item), posterior))
    }
    let labels = expected["labels"] as! [Int]
    for (item, label) in labels.enumerated() { #expect(found.labels(of: item) == [label]) }
    print(
      "Dawid-Skene \(name): \(found.iterations) iterations, \(labels.count) labels,",
      "\(found.confusions.count) confusions")
  }

  @Test(
    .enabled(if: data, "needs ../shared/data/agreement"),
    arguments: ["dawid_skene1979", "random_nominal_5x1000", "fleiss1971"])
  func `Dawid and Skene's estimate takes the steps of crowd-kit`(name: String) throws {
    let vectors = try Vectors(#require(Vectors.path))
    let one = try #require(vectors.cases().first { $0.name == name })
    for iterations in [1, 5, 10, 100, 1000] {
      let libraries = one.expected["dawid_skene_iter\(iterations)"]!["libs"] as! [String: Any]
      let theirs = libraries["crowd-kit 1.4.2"] as! [String: Any]
      let priors = theirs["priors"] as! [String: Double]
      let found = try one.table.dawidSkene(iterations: iterations, tolerance: 0)
      // crowd-kit keeps every probability at 1e-10 at least.
      for (label, prior) in zip(found.labels, found.priors) {
        #expect(abs(prior - (priors[label] ?? 0)) < 2e-9, "\(name) \(iterations) \(label)")
      }
    }
  }

  @Test(.enabled(if: data, "needs ../shared/data/agreement"))
  func `the class marginals of 1979 are those printed`() throws {
    let vectors = try Vectors(#require(Vectors.path))
    let one = try #require(vectors.cases().first { $0.name == "dawid_skene1979" })
    let published = one.expected["class_marginals"]!["published"] as! [String: Any]
    let priors = try one.table.dawidSkene().priors
    #expect(close(priors, published["value"] as! [Double], published["tolerance"] as! Double))
  }

  @Test(.enabled(if: data, "needs ../shared/data/agreement"))
  func `MACE finds the labels and competences of its authors' program`() throws {
    let vectors = try Vectors(#require(Vectors.path))
    let expected = vectors.root["mace"] as! [String: Any]
    let table = try vectors.table(expected["dataset"] as! String)
    let found = try table.mace()
    #expect(found.converged)
    // The reference stopped after 50 iterations and printed eleven digits.
    #expect(close(found.competence, expected["competence"] as! [Double], 1e-9))
    let likelihood = expected["best_log_marginal_likelihood"] as! Double
    #expect(abs(found.logLikelihood - likelihood) < 1e-6)
    let labels = expected["predictions"] as! [Int]
    let same = labels.indices.count { found.labels(of: $0) == [labels[$0]] }
    #expect(same == labels.count)
    print("MACE: \(same) of \(labels.count) labels, \(found.competence.count) competences")
  }

  @Test func `MACE is the same on one, two and three threads and with any seed it settles on`()
    throws
  {
    let table = try Self.crowd()
    let one = try table.mace(threads: 1)
    #expect(try one == table.mace(threads: 2))
    #expect(try one == table.mace(threads: 3))
    #expect(try close(one.competence, table.mace(seed: 99).competence, 1e-9))
    // Rater 4 always answers the same, whatever the item.
    #expect(one.competence[4] < 0.2, "\(one.competence)")
    #expect(one.competence[0] > 0.8, "\(one.competence)")
  }

  /// Five raters on 200 items with three labels: one nearly always right, three often, one who says
  /// `a` throughout.
  static func crowd() throws -> RatingTable {
    var builder = RatingTable.Builder(categories: ["a", "b", "c", "never"])
    for rater in 0..<5 { _ = builder.place(ofRater: "\(rater)") }
    for item in 0..<200 {
      let truth = (item * 7) % 3
      for rater in 0..<5 where (item + rater) % 9 != 0 {
        let slips = (item * 31 + rater * 17) % 101 < [4, 20, 25, 30, 0][rater]
        let answer = rater == 4 ? 0 : slips ? (truth + 1 + item / 3 % 2) % 3 : truth
        try builder.add(item: "\(item)", rater: "\(rater)", label: ["a", "b", "c"][answer])
      }
    }
    return try builder.table()
  }

  @Test func `Dawid and Skene's estimate knows who is right`() throws {
    let model = try Self.crowd().dawidSkene()
    #expect(model.accuracy(of: 0) > 0.9)
    #expect(abs(model.confusion(4, truth: 1, answer: 0) - 1) < 1e-12)
    #expect(model.priors[3] == 0)
  }

  @Test func `a crowd on one item does not underflow`() throws {
    // 1,500 raters who guess among three labels: 3⁻¹⁵⁰⁰ is no number above 0.
    var builder = RatingTable.Builder(categories: ["joy", "fear", "anger"])
    for item in 0..<6 {
      let place = try builder.place(of: "\(item)")
      for rater in 0..<1500 {
        builder.append(
          item: place, rater: builder.place(ofRater: "\(rater)"),
          category: (item * item * 31 + rater * 17 + item * rater) % 7 % 3)
      }
    }
    let table = try builder.table()
    let model = try table.dawidSkene(iterations: 1)
    #expect(model.logLikelihood < -1000)
    for posteriors in [model.posteriors, try table.mace(restarts: 2).posteriors] {
      #expect(posteriors.allSatisfy { $0.isFinite })
      #expect(abs(posteriors.reduce(0, +) - 6) < 1e-9)
    }
  }

  @Test func `a majority with a tie stays a tie`() throws {
    var builder = RatingTable.Builder(categories: ["joy", "fear", "anger"])
    for (rater, label) in ["joy", "fear", "joy", "fear"].enumerated() {
      try builder.add(item: "tie", rater: "\(rater)", label: label)
    }
    try builder.add(item: "one", rater: "0", label: "anger")
    let empty = try builder.place(of: "nobody")
    let table = try builder.table()
    let tie = table.votes(on: 0)
    #expect(tie.majority == [0, 1])
    #expect(tie.shares == [0.5, 0.5, 0])
    #expect(tie.entropy == .value(1))
    #expect(table.votes(on: 1).majority == [2])
    #expect(table.votes(on: 1).entropy == .value(0))
    #expect(table.votes(on: empty).majority == [])
    #expect(table.votes(on: empty).entropy == .undefined(.notRated))
    #expect(try table.dawidSkene().posterior(of: empty) == table.dawidSkene().priors)
    #expect(try table.mace().labels(of: empty) == [0, 1, 2])
    #expect(try abs(table.mace().posterior(of: empty)[0] - 1.0 / 3) < 1e-15)
  }

  @Test(.enabled(if: data, "needs ../shared/data/agreement"))
  func `scores of label quality are those of cleanlab`() throws {
    let vectors = try Vectors(#require(Vectors.path))
    let cleanlab = vectors.root["cleanlab"] as! [String: Any]
    let labels = cleanlab["labels"] as! [Int]
    let rows = cleanlab["pred_probs"] as! [[Double]]
    var compared = 0
    for quality in LabelQuality.allCases {
      for (suffix, adjusted) in [("", false), ("_adjusted", true)] {
        guard let theirs = cleanlab[quality.rawValue + suffix] as? [Double] else { continue }
        let ours = quality.scores(labels: labels, probabilities: rows, adjusted: adjusted)
        #expect(close(ours, theirs), "\(quality)\(suffix)")
        compared += theirs.count
      }
    }
    let thresholds = LabelQuality.thresholds(labels: labels, probabilities: rows)
    #expect(close(thresholds, cleanlab["confident_thresholds"] as! [Double]))
    print("cleanlab: \(compared) scores")
    #expect(compared == 600)
  }
}
