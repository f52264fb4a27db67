import AttentionServer
import Hummingbird
import HummingbirdTesting
import Testing

/// No client holds a connection for longer than it may.
@Suite(.timeLimit(.minutes(1))) struct ConnectionTests {
    /// What comes on a connection until the server closes it, and how long that takes.
    private func endOfConnection(
        _ limits: ServerLimits, sending text: String
    ) async throws -> (text: String, took: Duration) {
        let router = Router(context: ServerContext.self)
        AttentionRoutes(host: try ModelHostOf.translator(), limits: limits).add(to: router)
        return try await Application(router: router, server: .attention(limits)).test(.live) { client in
            let port = try #require(client.port)
            let start = ContinuousClock.now
            let socket = try RawSocket(port)
            try socket.send(Array(text.utf8))
            return (await socket.receiveAll(), ContinuousClock.now - start)
        }
    }

    @Test func aBodyThatDoesNotCome() async throws {
        var limits = ServerLimits()
        limits.reading = .milliseconds(300)
        let end = try await endOfConnection(
            limits, sending: "POST /translate HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{\"q\": ")
        #expect(end.text.isEmpty || end.text.hasPrefix("HTTP/1.1 408"))
        #expect(.milliseconds(250)..<Duration.seconds(20) ~= end.took)
    }

    @Test func aHeadThatDoesNotCome() async throws {
        var limits = ServerLimits()
        limits.idle = .milliseconds(300)
        let end = try await endOfConnection(limits, sending: "POST /translate HTTP/1.1\r\nHost")
        #expect(.milliseconds(250)..<Duration.seconds(20) ~= end.took)
    }

    @Test func aConnectionOnWhichNothingHappens() async throws {
        var limits = ServerLimits()
        limits.idle = .milliseconds(300)
        let end = try await endOfConnection(limits, sending: "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(end.text.hasPrefix("HTTP/1.1 200"))
        #expect(.milliseconds(250)..<Duration.seconds(20) ~= end.took)
    }
}
