// swift-tools-version: 6.2

import Foundation
import PackageDescription

/// Warnings stop the build where `.ci/run` says so, not on the machine of someone with a newer
/// compiler.
let warnings: WarningLevel =
  ProcessInfo.processInfo.environment["UNDERTONE_WARNINGS"] == "error" ? .error : .warning

// Every Swift target is compiled in the strictest mode the compiler has, so that a data race, an
// implicit existential or a leaked import is an error here and not a surprise for a user.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: warnings),
]

/// Targets that call C say so at every call.
let strictAroundC: [SwiftSetting] = strict + [.strictMemorySafety()]

/// Numerical code is useless without the optimiser: an unoptimised matrix loop is a hundred times
/// slower, and `make test` trains and runs real models.
let numerical: [SwiftSetting] = strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]

/// A module's tests, in the folder of the same name. Goldens and fixtures are read from the checkout,
/// where they can be recorded anew, not from a bundle.
func tests(
  _ module: String, _ more: [Target.Dependency] = [], goldens: Bool = false, fixtures: Bool = false
) -> Target {
  .testTarget(
    name: "\(module)Tests",
    dependencies: [.byName(name: module), "TestSupport"] + more,
    exclude: (goldens ? ["Goldens"] : []) + (fixtures ? ["Fixtures"] : []),
    swiftSettings: strict)
}

let package = Package(
  name: "undertone",
  products: [
    .executable(name: "undertone", targets: ["undertone"]),
    .library(name: "Agreement", targets: ["Agreement"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    .package(url: "https://github.com/pointfreeco/swift-custom-dump", from: "1.7.3"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // C libraries.
    .target(
      name: "CTerminal", cSettings: [.treatAllWarnings(as: warnings)],
      linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
    .target(name: "CALSA", linkerSettings: [.linkedLibrary("asound")]),
    .target(name: "CSndfile", linkerSettings: [.linkedLibrary("sndfile")]),
    .target(name: "CSonic", linkerSettings: [.linkedLibrary("sonic")]),
    .target(name: "CSpeexDSP", linkerSettings: [.linkedLibrary("speexdsp")]),
    .target(name: "CBLAS", linkerSettings: [.linkedLibrary("dl")]),
    // The loops of inference, for more than one kind of processor.
    .target(
      name: "CKernels",
      cSettings: [
        .treatAllWarnings(as: warnings), .unsafeFlags(["-O2"], .when(configuration: .debug)),
      ]),
    // Loaded when the program runs, if it is there.
    .target(name: "COnnxRuntime", cSettings: [.treatAllWarnings(as: warnings)]),

    // Pure values and functions.
    .target(name: "Dialogues", swiftSettings: strict),
    .target(name: "Agreement", swiftSettings: numerical),
    .target(name: "Screen", dependencies: ["TOMLKit"], swiftSettings: strict),
    .target(name: "Annotator", dependencies: ["Dialogues", "Screen"], swiftSettings: strict),
    .target(name: "Acoustics", dependencies: ["CSpeexDSP"], swiftSettings: numerical),
    .target(name: "NeuralNet", dependencies: ["CBLAS", "CKernels"], swiftSettings: numerical),
    .target(
      name: "EmotionModel", dependencies: ["COnnxRuntime", "NeuralNet", "Acoustics", "Dialogues"],
      swiftSettings: numerical),

    .target(name: "Review", dependencies: ["Dialogues", "Agreement"], swiftSettings: numerical),

    // The world outside.
    .target(name: "Corpora", dependencies: ["Dialogues", "Yams"], swiftSettings: strict),
    .target(
      name: "Playback", dependencies: ["CALSA", "CSndfile", "CSonic"],
      swiftSettings: strictAroundC),
    .target(
      name: "LabelStore",
      dependencies: [
        "Dialogues", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      swiftSettings: strict),
    .target(
      name: "Studies", dependencies: ["Agreement", "Dialogues", "LabelStore"], swiftSettings: strict
    ),
    .target(name: "Terminal", dependencies: ["CTerminal", "Screen"], swiftSettings: strictAroundC),
    .target(name: "Report", dependencies: ["Agreement"], swiftSettings: strict),
    .executableTarget(
      name: "undertone",
      dependencies: [
        "Acoustics", "Agreement", "Annotator", "Corpora", "Dialogues", "EmotionModel",
        "LabelStore", "NeuralNet", "Playback", "Report", "Review", "Screen", "Studies", "Terminal",
        "TOMLKit",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    .target(name: "CAllocationCount", cSettings: [.treatAllWarnings(as: warnings)]),

    // Small programs that tests start, to kill them or to stop them, or that are timed.
    .executableTarget(
      name: "store-probe", dependencies: ["LabelStore", "Dialogues"], swiftSettings: strict),
    .executableTarget(
      name: "agreement-probe", dependencies: ["Agreement"], swiftSettings: strict),
    .executableTarget(
      name: "inference-probe",
      dependencies: ["CAllocationCount", "Dialogues", "EmotionModel", "NeuralNet"],
      swiftSettings: strict),
    .executableTarget(
      name: "terminal-probe", dependencies: ["Terminal", "Screen"], swiftSettings: strict),

    // Tests.
    .target(name: "TestSupport", dependencies: ["Dialogues", "Screen"], swiftSettings: strict),
    tests("Dialogues"),
    tests("Agreement"),
    tests("Screen", goldens: true),
    tests(
      "Annotator",
      ["Dialogues", "Screen", .product(name: "CustomDump", package: "swift-custom-dump")],
      goldens: true),
    tests("Acoustics"),
    tests("NeuralNet", ["inference-probe"]),
    tests("EmotionModel", ["Acoustics", "Corpora", "Dialogues", "NeuralNet"], fixtures: true),
    tests("Corpora", ["Agreement", "Dialogues"]),
    tests("Playback"),
    tests(
      "LabelStore",
      ["store-probe", "Corpora", "Dialogues", .product(name: "GRDB", package: "GRDB.swift")]),
    tests("Studies", ["Agreement", "Dialogues", "LabelStore"]),
    tests("Terminal", ["terminal-probe", "CTerminal", "Screen"]),
    tests("Report", ["Agreement"]),
    tests("Review", ["Agreement", "Dialogues"]),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "TestSupport", "undertone", "Dialogues", "EmotionModel", "LabelStore", "NeuralNet",
      ],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
