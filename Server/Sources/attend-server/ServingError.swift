import AttentionServer
import Glibc

/// What ends the server with a sentence and an exit code.
protocol ServingFault: Error {
    var exitCode: Int32 { get }
}

/// Why it cannot begin, or did not end as it should.
enum ServingError: ServingFault, Hashable, CustomStringConvertible {
    /// A model cannot be opened.
    case model(String, reason: String)
    /// The configuration file cannot be read, or says what no option is.
    case configuration(String, reason: String)
    /// The keys cannot be read.
    case keys(String, reason: String)
    /// The certificate or its key cannot be used.
    case certificate(String, reason: String)
    /// Nothing can listen there.
    case address(String, Int, reason: String)
    /// Requests were still running when the time to drain had passed.
    case unfinished

    var description: String {
        switch self {
        case .model(let name, let reason): "--model \(name): \(reason)"
        case .configuration(let path, let reason): "--config \(path): \(reason)"
        case .keys(let path, let reason): "--api-key-file \(path): \(reason)"
        case .certificate(let path, let reason):
            "--certificate \(path): expected a certificate and its private key in PEM, but \(reason)"
        case .address(let host, let port, let reason):
            "expected an address to listen at, found \(host):\(port): \(reason); choose another --host or --port"
        case .unfinished: "stopped with requests unanswered, since they took longer than --drain; give them longer"
        }
    }

    var exitCode: Int32 {
        switch self {
        case .model, .keys, .certificate: EX_DATAERR
        case .configuration: EX_CONFIG
        case .address: EX_UNAVAILABLE
        case .unfinished: EX_TEMPFAIL
        }
    }
}

extension ModelHostError: ServingFault {
    var exitCode: Int32 { EX_USAGE }
}

/// The standard streams.
enum Standard {
    static func output(_ line: String) { write(line, to: STDOUT_FILENO) }
    static func error(_ line: String) { write(line, to: STDERR_FILENO) }

    /// A line that nobody reads is no reason to stop serving.
    private static func write(_ line: String, to descriptor: Int32) {
        var text = line + "\n"
        text.withUTF8 { _ = Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }
}
