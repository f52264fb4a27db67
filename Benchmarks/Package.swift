// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nothing of it reaches users.
let package = Package(
    name: "attention-benchmarks",
    dependencies: [.package(name: "swift-attention", path: "..")],
    targets: [
        .executableTarget(
            name: "AttentionBenchmarks", dependencies: [.product(name: "Attention", package: "swift-attention")])
    ],
    swiftLanguageModes: [.v6]
)
