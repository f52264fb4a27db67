import Attention
import AttentionServer
import Glibc
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import Metrics
import NIOCore
import NIOSSL
import ServiceLifecycle
import UnixSignals

/// The server from its start to its end.
struct Serving {
    private let options: AttendServer

    init(_ options: AttendServer) { self.options = options }

    /// Opens the models, listens, and returns once it was told to stop and all that had been accepted is answered.
    /// - Throws: `ServingFault` if it cannot begin, or had to leave something unanswered.
    func run() async throws {
        if let threads = options.load.threads { Parallel.setThreadCount(threads) }
        var logger = Logger(label: "attend-server") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = options.logLevel
        let metrics = PrometheusMetrics()
        MetricsSystem.bootstrap(metrics)
        let opening = Opening(options: options, logger: logger)
        let host = try ModelHost(try await opening.models())
        for model in host.models {
            logger.info("model", metadata: ["name": "\(model.name)", "task": "\(model.task.word)"])
        }
        let limits = options.load.limits
        let router = Router(context: ServerContext.self)
        router.add(middleware: UnknownRoutes())
        if !options.crossOrigin.isEmpty { router.add(middleware: CrossOrigin(options.crossOrigin)) }
        AttentionRoutes(host: host, limits: limits, keys: try keys(), metrics: metrics).add(to: router)
        let application = Application(
            router: router, server: try server(limits),
            configuration: ApplicationConfiguration(
                address: .hostname(options.place.host, port: options.place.port), serverName: "attend-server",
                availableConnectionsDelegate: MaximumAvailableConnections(limits.connections, logger: logger)),
            onServerRunning: { channel in
                // Whoever starts the server may wait for this line.
                Standard.output("listening on port \(channel.localAddress?.port ?? 0)")
            }, logger: logger)
        try await serve(application, host, opening, logger)
    }

    private func serve(
        _ application: some ApplicationProtocol, _ host: ModelHost, _ opening: Opening, _ logger: Logger
    ) async throws {
        var configuration = ServiceGroupConfiguration(
            services: [
                ServiceGroupConfiguration.ServiceConfiguration(service: application),
                ServiceGroupConfiguration.ServiceConfiguration(service: Retirement(host: host)),
                ServiceGroupConfiguration.ServiceConfiguration(
                    service: Renewal(host: host, logger: logger, opening: opening)),
                ServiceGroupConfiguration.ServiceConfiguration(service: Tidying()),
                ServiceGroupConfiguration.ServiceConfiguration(
                    service: Closing(host: host, logger: logger, idle: options.residence.idle?.duration)),
            ], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = options.load.drain.duration
        configuration.maximumCancellationDuration = .seconds(5)
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch is CancellationError {
            throw ServingError.unfinished
        } catch let error as IOError {
            throw ServingError.address(
                options.place.host, options.place.port, reason: String(cString: strerror(error.errnoCode)))
        }
        logger.info("stopped")
    }

    private func keys() throws -> APIKeys {
        guard let path = options.apiKeyFile else { return APIKeys(options.apiKey) }
        let bytes: [UInt8]
        do { bytes = try FileContents.read(path) } catch { throw ServingError.keys(path, reason: "\(error)") }
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).map { line in
            String(line.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        }
        let found = lines.filter { !$0.isEmpty && !$0.hasPrefix("#") }
        guard !found.isEmpty else { throw ServingError.keys(path, reason: "expected a key a line, found none") }
        return APIKeys(options.apiKey + found)
    }

    private func server(_ limits: ServerLimits) throws -> HTTPServerBuilder {
        guard let certificate = options.place.certificate, let key = options.place.key else {
            return .attention(limits)
        }
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(certificate).map { NIOSSLCertificateSource.certificate($0) }
            let secret = try NIOSSLPrivateKey(file: key, format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain, privateKey: .privateKey(secret))
            configuration.minimumTLSVersion = .tlsv12
            return try .tls(.attention(limits), tlsConfiguration: configuration)
        } catch { throw ServingError.certificate(certificate, reason: "\(error)") }
    }
}

/// Opens the models again on SIGHUP, as they lie on disk now. What was asked before is answered by those that were open; if one cannot be
/// opened, all stay as they are.
private struct Renewal: Service {
    let host: ModelHost
    let logger: Logger
    let opening: Opening

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        for await _ in signals.cancelOnGracefulShutdown() {
            do {
                try host.replace(with: try await opening.models())
                logger.info("models opened again")
            } catch { logger.error("models stay as they are", metadata: ["reason": "\(error)"]) }
        }
    }
}

/// Closes models for which nobody has asked in a while.
private struct Closing: Service {
    let host: ModelHost
    let logger: Logger
    /// How long that is; nil where models stay open.
    let idle: Duration?

    func run() async throws {
        guard let idle else { return try await gracefulShutdown() }
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: max(.milliseconds(100), idle / 4))
                for name in await host.closeIdle() { logger.info("model closed", metadata: ["name": "\(name)"]) }
            }
        }
    }
}

/// Gives memory back that nothing has needed in a while.
private struct Tidying: Service {
    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: .seconds(30))
                TensorMemory.releaseIdle()
            }
        }
    }
}

/// Says that requests should go elsewhere once the server was told to stop. Hummingbird accepts no connection from then on, and closes each when
/// what runs on it is answered.
private struct Retirement: Service {
    let host: ModelHost

    func run() async throws {
        try await gracefulShutdown()
        host.stop()
    }
}
