// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// A room of the house: a target whose sources and settings follow the rules of all.
func room(_ name: String, _ dependencies: [String] = []) -> Target {
    .target(name: name, dependencies: dependencies.map { .byName(name: $0) }, swiftSettings: strict)
}

/// The tests of a room.
func tests(of name: String, _ dependencies: [String] = [], exclude: [String] = []) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: ([name] + dependencies).map { .byName(name: $0) }, exclude: exclude,
        swiftSettings: strict)
}

let package = Package(
    name: "swift-attention",
    products: [
        .library(name: "Attention", targets: ["Attention"]),
        .library(name: "AttentionText", targets: ["AttentionText"]),
        .executable(name: "attend", targets: ["attend"]),
    ],
    dependencies: [
        // The command line: options, help and usage errors as Swift users expect them.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
    ],
    targets: [
        // Loops over float memory, one table per instruction set. C, no dependencies.
        .target(name: "CAttentionKernels", linkerSettings: [.linkedLibrary("m")]),
        // The default model, compiled in.
        .target(name: "CAttentionAssets"),

        // Shapes, storage, operations with their derivatives, tensors on disk, the one parallel-for.
        room("AttentionTensors", ["CAttentionKernels"]),
        // The decisions attention is made of, and the table of fused combinations.
        room("AttentionMechanisms", ["AttentionTensors", "CAttentionKernels"]),
        // Learned maps, heads, norms, recurrence, positions.
        room("AttentionLayers", ["AttentionMechanisms", "AttentionTensors"]),
        // Every mechanism by name: what it is, where it comes from, how to compute it from named tensors.
        room("AttentionCatalogue", ["AttentionLayers", "AttentionMechanisms", "AttentionTensors"]),
        // Search over any step decoder.
        room("AttentionDecoding", ["AttentionTensors"]),
        // Assemblies of layers: one file a model, with its configuration and checkpoint names.
        room("AttentionModels", ["AttentionDecoding", "AttentionLayers", "AttentionMechanisms", "AttentionTensors"]),
        // Text to ids and back, exactly as the reference does. Imports nothing of ours.
        room("AttentionText"),
        // Optimizers, schedules, batches of ids, the loop, metrics.
        room("AttentionTraining", ["AttentionTensors", "CAttentionKernels"]),
        // Alignment to picture or number. Imports nothing of ours.
        room("AttentionInspection"),
        // Where text meets tensors: pipelines.
        room(
            "Attention",
            [
                "AttentionCatalogue", "AttentionDecoding", "AttentionInspection", "AttentionLayers",
                "AttentionMechanisms", "AttentionModels",
                "AttentionTensors", "AttentionText", "AttentionTraining", "CAttentionAssets",
            ]),
        // The command.
        .executableTarget(
            name: "attend",
            dependencies: ["Attention", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            swiftSettings: strict),

        // Can attention that only points learn geometry? A pointer network on convex hulls.
        .executableTarget(
            name: "ConvexHull",
            dependencies: ["AttentionLayers", "AttentionMechanisms", "AttentionTensors", "AttentionTraining"],
            path: "Examples/ConvexHull", swiftSettings: strict),
        // How do four words become vectors that know their context? Number by number.
        .executableTarget(
            name: "WordEmbeddings", dependencies: ["Attention"], path: "Examples/WordEmbeddings", swiftSettings: strict),

        .target(
            name: "AttentionTestSupport", dependencies: ["AttentionTensors"], path: "Tests/AttentionTestSupport",
            swiftSettings: strict),
        // The AMX kernels on emulated tiles, for machines without the real ones.
        .target(
            name: "CAttentionKernelsEmulation", dependencies: ["CAttentionKernels"],
            path: "Tests/CAttentionKernelsEmulation"),
        .testTarget(
            name: "CAttentionKernelsTests", dependencies: ["CAttentionKernels", "CAttentionKernelsEmulation"],
            swiftSettings: strict),
        tests(of: "AttentionTensors", ["AttentionTestSupport", "CAttentionKernels"]),
        tests(of: "AttentionMechanisms", ["AttentionTensors", "AttentionTestSupport"]),
        tests(of: "AttentionLayers", ["AttentionMechanisms", "AttentionTensors", "AttentionTestSupport"]),
        tests(of: "AttentionCatalogue", ["AttentionMechanisms", "AttentionTensors", "AttentionTestSupport"]),
        tests(
            of: "AttentionModels",
            [
                "AttentionDecoding", "AttentionLayers", "AttentionMechanisms", "AttentionTensors",
                "AttentionTestSupport",
            ]),
        tests(of: "AttentionDecoding", ["AttentionTensors"]),
        tests(of: "AttentionInspection"),
        tests(of: "AttentionText", exclude: ["Fixtures"]),
        // A small training that tests kill and resume.
        .executableTarget(
            name: "TrainingProbe", dependencies: ["AttentionTensors", "AttentionTraining"], path: "Tests/TrainingProbe",
            swiftSettings: strict),
        tests(
            of: "AttentionTraining", ["AttentionTensors", "AttentionTestSupport", "TrainingProbe"],
            exclude: ["Fixtures"]),
        tests(of: "Attention"),
        tests(of: "ConvexHull", ["AttentionTensors", "AttentionTraining"]),
        .testTarget(name: "WordEmbeddingsTests", dependencies: ["WordEmbeddings"], swiftSettings: strict),
        // Runs the command as a process.
        .testTarget(name: "attendTests", dependencies: ["attend", "Attention"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
