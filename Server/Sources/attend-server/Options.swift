import ArgumentParser
import Attention
import AttentionServer

/// Where the server listens.
struct PlaceOptions: ParsableArguments {
    @Option(help: "The address to listen at; 0.0.0.0 for all.")
    var host = "127.0.0.1"

    @Option(parsing: .unconditional, help: "The port; 0 for any that is free, which is then printed.")
    var port = 8080

    @Option(help: ArgumentHelp("A certificate in PEM, with its chain, for TLS.", valueName: "file"))
    var certificate: String?

    @Option(help: ArgumentHelp("The certificate's private key in PEM.", valueName: "file"))
    var key: String?

    func validate() throws {
        guard 0...65535 ~= port else { throw ValidationError("--port: expected 0 to 65535, found \(port)") }
        guard (certificate == nil) == (key == nil) else {
            throw ValidationError("--certificate, --key: expected both or neither, found one; give the other, too")
        }
    }
}

/// When models are opened, and closed.
struct ResidenceOptions: ParsableArguments {
    /// When a model is opened.
    enum Moment: String, CaseIterable, ExpressibleByArgument {
        /// Before anybody can ask.
        case start
        /// When somebody asks for it.
        case lazily
    }

    @Option(
        name: .customLong("load"),
        help: ArgumentHelp("When models are opened: at the start, or lazily, when somebody asks.", valueName: "when"))
    var opening = Moment.start

    @Option(
        help: ArgumentHelp(
            "How long nobody asks for a model until it is closed, and its memory given back; whoever asks then waits until it is open again.",
            valueName: "duration"))
    var idle: DurationOption?
}

/// How much is taken, and for how long.
struct LoadOptions: ParsableArguments {
    @Option(
        name: .customLong("max-wait"),
        help: ArgumentHelp("How long a request waits for others to be computed with.", valueName: "duration"))
    var batchWait = DurationOption(.milliseconds(3))

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How many texts may wait for a model; more are refused with 429.", valueName: "count"))
    var queue = 2048

    @Option(
        name: .customLong("queue-time"),
        help: ArgumentHelp("How long a request may wait before it is refused with 429.", valueName: "duration"))
    var queueDeadline = DurationOption(.seconds(10))

    @Option(
        name: .customLong("batch-rows"),
        parsing: .unconditional,
        help:
            "How many texts are computed together at most; of a translator, how many are translated beside one another."
    )
    var batchRows = 32

    @Option(name: .customLong("batch-tokens"), parsing: .unconditional, help: "How many tokens these have at most.")
    var batchTokens = 16_384

    @Option(
        name: .customLong("timeout"),
        help: ArgumentHelp("How long an answer may take, the wait included.", valueName: "duration"))
    var answering = DurationOption(.seconds(120))

    @Option(
        help: ArgumentHelp(
            "How long requests that run may go on when the server is told to stop.", valueName: "duration"))
    var drain = DurationOption(.seconds(30))

    @Option(
        name: .customLong("max-body"), parsing: .unconditional, help: "How many bytes a request's body has at most.")
    var bodyBytes = 4 << 20

    @Option(
        name: .customLong("max-new-tokens"), parsing: .unconditional,
        help: "How many tokens are written at most, whatever a request asks for.")
    var newTokens = 4096

    @Option(parsing: .unconditional, help: "How many connections are open at most.")
    var connections = 1024

    @Option(
        parsing: .unconditional, help: "How many texts of one model are written beside one another, token by token.")
    var writers = 16

    @Option(
        name: .customLong("prompt-memory"), parsing: .unconditional,
        help: ArgumentHelp(
            "How many bytes of recent prompts a model that writes keeps, to read no more of another than what is new.",
            valueName: "bytes"))
    var promptBytes = 256 << 20

    @Option(
        name: .customLong("requests-per-second"),
        parsing: .unconditional,
        help: ArgumentHelp(
            "How many requests a key, or an address where no keys are needed, may send in a second; ten times as many at once.",
            valueName: "count"))
    var requestsPerSecond: Double?

    @Option(
        name: .customLong("max-memory"),
        parsing: .unconditional,
        help: ArgumentHelp(
            "How many bytes of memory the server may hold before it refuses requests with 429.", valueName: "bytes"))
    var memoryBytes: Int?

    @Option(parsing: .unconditional, help: "Threads that compute; all cores unless ATTENTION_THREADS says otherwise.")
    var threads: Int?

    func validate() throws {
        for (name, value, range) in [
            ("--queue", queue, 1...1 << 20), ("--batch-rows", batchRows, 1...4096),
            ("--batch-tokens", batchTokens, 1...1 << 24), ("--max-body", bodyBytes, 1...1 << 30),
            ("--max-new-tokens", newTokens, 1...1 << 20), ("--connections", connections, 1...1 << 20),
            ("--writers", writers, 1...256), ("--prompt-memory", promptBytes, 0...1 << 40),
            ("--max-memory", memoryBytes ?? 1 << 20, 1 << 20...1 << 50), ("--threads", threads ?? 1, 1...1024),
        ] where !(range ~= value) {
            throw ValidationError("\(name): expected \(range.lowerBound) to \(range.upperBound), found \(value)")
        }
        if let requestsPerSecond, !(requestsPerSecond > 0 && requestsPerSecond <= 1e6) {
            throw ValidationError(
                "--requests-per-second: expected a number above 0, at most 1000000, found \(requestsPerSecond)")
        }
    }

    var limits: ServerLimits {
        var limits = ServerLimits()
        (limits.bodyBytes, limits.newTokens, limits.connections) = (bodyBytes, newTokens, connections)
        limits.answering = answering.duration
        (limits.requestsPerSecond, limits.memoryBytes) = (requestsPerSecond, memoryBytes)
        limits.defaultNewTokens = min(limits.defaultNewTokens, newTokens)
        return limits
    }

    /// Texts are collected into batches that are computed at once.
    func batches(_ precision: Precision) -> SchedulerSettings {
        var limits = SchedulerSettings()
        limits.precision = precision
        (limits.batchRows, limits.batchTokens, limits.queuedRows) = (batchRows, batchTokens, queue)
        (limits.batchWait, limits.queueDeadline) = (batchWait.duration, queueDeadline.duration)
        return limits
    }

    /// Texts are rows of one batch that others join and leave, each on a thread of its own, of which there are not too many.
    func translation(_ precision: Precision) -> SchedulerSettings {
        var limits = SchedulerSettings.translation
        limits.precision = precision
        (limits.width, limits.runningTokens) = (min(batchRows, 128), min(batchTokens, limits.runningTokens))
        (limits.queuedRows, limits.queueDeadline) = (queue, queueDeadline.duration)
        return limits
    }

    func generation(_ precision: Precision) -> SchedulerSettings {
        var limits = SchedulerSettings.generation
        limits.precision = precision
        (limits.width, limits.queueDeadline) = (writers, queueDeadline.duration)
        limits.queuedRows = min(limits.queuedRows, queue)
        return limits
    }
}

/// A time as people write it: `3ms`, `30s`, `2m`.
struct DurationOption: ExpressibleByArgument {
    let duration: Duration

    init(_ duration: Duration) { self.duration = duration }

    init?(argument: String) {
        let digits = argument.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let number = Double(digits), number.isFinite, number < 1e6 else { return nil }
        switch argument.dropFirst(digits.count) {
        case "ms": duration = .seconds(number / 1000)
        case "s": duration = .seconds(number)
        case "m": duration = .seconds(number * 60)
        default: return nil
        }
    }

    var defaultValueDescription: String {
        let (seconds, rest) = duration.components
        return rest == 0 ? "\(seconds)s" : "\(rest / 1_000_000_000_000_000)ms"
    }
}
