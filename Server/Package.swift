// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that whoever builds `attend` or depends on `Attention` neither fetches nor builds a line of what a server needs.
//
// A trait of the package above was tried: without it nothing more is fetched, either. But a trait is a compilation condition of every module,
// so that all of them are built twice where both are wanted, and every source file of the server would stand between `#if` and `#endif`.

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
    name: "attention-server",
    platforms: [.macOS(.v15)],
    products: [
        // The routes and what stands behind them, for a Hummingbird application of your own.
        .library(name: "AttentionServer", targets: ["AttentionServer"]),
        // The server.
        .executable(name: "attend-server", targets: ["attend-server"]),
    ],
    dependencies: [
        // Models on text.
        .package(name: "swift-attention", path: ".."),
        // HTTP: the router, bodies read with a limit, connections. Without its readers of configuration, which nobody here uses.
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        // What a byte of a body lies in, and the event loops that connections live on.
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        // The parts of requests as they come through a connection, for what watches over it.
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.1"),
        // Methods, statuses and header fields, in Hummingbird's own words.
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        // TLS, for --certificate and --key.
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.2"),
        // Stops in order: what is accepted is answered before the process ends.
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        // One line a request.
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        // Counters by a common face, so that an application that mounts the routes may send them wherever it sends its own.
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        // Spans of what requests wait for, for an application that traces; Hummingbird depends on it anyway.
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.6.0"),
        // Digests of keys.
        .package(url: "https://github.com/apple/swift-crypto", "3.12.3"..<"5.0.0"),
        // The configuration file: YAML, as the systems write it that start servers.
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        // The command line, as in the commands above.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    ],
    targets: [
        // The JSON of the house: the same files, compiled a second time, since one package's inner things are closed to another.
        .target(name: "AttentionJSON", swiftSettings: strict),
        // Models kept open, requests collected into batches, and the routes of four families over them.
        .target(
            name: "AttentionServer",
            dependencies: [
                "AttentionJSON",
                .product(name: "Attention", package: "swift-attention"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict),
        // The command.
        .executableTarget(
            name: "attend-server",
            dependencies: [
                "AttentionServer",
                .product(name: "Attention", package: "swift-attention"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Yams", package: "Yams"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "AttentionServerTests",
            dependencies: [
                "AttentionJSON", "AttentionServer", "attend-server",
                .product(name: "Attention", package: "swift-attention"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ], exclude: ["Fixtures"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
