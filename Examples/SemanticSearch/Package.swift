// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "SemanticSearch",
    dependencies: [
        .package(name: "swift-attention", path: "../.."),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        .executableTarget(
            name: "SemanticSearch",
            dependencies: [
                .product(name: "Attention", package: "swift-attention"), .product(name: "GRDB", package: "GRDB.swift"),
            ], path: ".", exclude: ["README.md"], sources: ["SemanticSearch.swift"])
    ],
    swiftLanguageModes: [.v6]
)
