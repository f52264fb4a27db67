// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
    name: "swift-attention",
    targets: [
        // Loops over float memory, one table per instruction set. C, no dependencies.
        .target(name: "CAttentionKernels"),

        // Shapes, storage, operations with their derivatives, tensors on disk, the one parallel-for.
        .target(name: "AttentionTensors", dependencies: ["CAttentionKernels"], swiftSettings: strict),

        // The decisions attention is made of, and the table of fused combinations.
        .target(
            name: "AttentionMechanisms", dependencies: ["AttentionTensors", "CAttentionKernels"], swiftSettings: strict),

        // Learned maps, heads, norms, recurrence, positions.
        .target(
            name: "AttentionLayers", dependencies: ["AttentionMechanisms", "AttentionTensors"], swiftSettings: strict),

        // Search over any step decoder.
        .target(name: "AttentionDecoding", dependencies: ["AttentionTensors"], swiftSettings: strict),

        // Assemblies of layers: one file a model, with its configuration and checkpoint names.
        .target(
            name: "AttentionModels",
            dependencies: ["AttentionDecoding", "AttentionLayers", "AttentionMechanisms", "AttentionTensors"],
            swiftSettings: strict),

        .target(
            name: "AttentionTestSupport", dependencies: ["AttentionTensors"], path: "Tests/AttentionTestSupport",
            swiftSettings: strict),
        .testTarget(
            name: "AttentionTensorsTests", dependencies: ["AttentionTensors", "AttentionTestSupport", "CAttentionKernels"],
            swiftSettings: strict),
        .testTarget(
            name: "AttentionMechanismsTests",
            dependencies: ["AttentionMechanisms", "AttentionTensors", "AttentionTestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "AttentionLayersTests",
            dependencies: ["AttentionLayers", "AttentionMechanisms", "AttentionTensors", "AttentionTestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "AttentionModelsTests",
            dependencies: ["AttentionModels", "AttentionDecoding", "AttentionLayers", "AttentionTensors", "AttentionTestSupport"],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
