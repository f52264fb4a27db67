import AttentionServer
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

/// Who may ask, and how often.
@Suite struct AccessTests {
    /// `printf one | sha256sum`
    private static let digest = "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"

    @Test func digestsStandForKeys() {
        let keys = APIKeys(["sha256:" + Self.digest])
        #expect(keys.admits("one"))
        #expect(!keys.admits(Self.digest) && !keys.admits("sha256:" + Self.digest) && !keys.admits(""))
        // What is no digest is a key as it stands.
        #expect(APIKeys(["sha256:one"]).admits("sha256:one"))
    }

    @Test func whoeverAsksTooOftenWaits() async throws {
        var limits = ServerLimits()
        limits.requestsPerSecond = 0.001
        try await serving(limits: limits, keys: APIKeys(["one", "two"])) { client in
            func ask(_ key: String) async throws -> Answer {
                try await client.post(
                    "/v1/embeddings", #"{"input": "sun"}"#, headers: [.authorization: "Bearer " + key])
            }
            // One at least, and the next after a thousand seconds, however slow this machine is.
            #expect(try await ask("one").status == 200)
            let refused = try await ask("one")
            #expect(refused.status == 429)
            #expect(refused.headers[.retryAfter].flatMap { Int($0) }.map { 1...1000 ~= $0 } == true)
            #expect(try await ask("two").status == 200)
            #expect(try await client.get("/health/ready").status == 200)
        }
    }

    @Test func memoryHasAnEnd() async throws {
        var limits = ServerLimits()
        limits.memoryBytes = 1 << 20
        try await serving(limits: limits) { client in
            let refused = try await client.post("/embed", #"{"inputs": "sun"}"#)
            #expect(refused.status == 429)
            #expect(try await client.get("/health/ready").status == 200)
        }
    }

    @Test func pagesOfOthersMayAskIfTheyAreNamed() async throws {
        let router = Router(context: ServerContext.self)
        router.add(middleware: CrossOrigin(["https://example.org"]))
        AttentionRoutes(host: try tinyHost.get()).add(to: router)
        try await Application(router: router).test(.router) { client in
            let name = HTTPField.Name.accessControlAllowOrigin
            let named = try await client.post(
                "/embed", #"{"inputs": "sun"}"#, headers: [.origin: "https://example.org"])
            #expect(named.status == 200 && named.headers[name] == "https://example.org")
            let other = try await client.post(
                "/embed", #"{"inputs": "sun"}"#, headers: [.origin: "https://example.com"])
            #expect(other.status == 200 && other.headers[name] == nil)
            let asked = try await client.execute(
                uri: "/embed", method: .options,
                headers: [.origin: "https://example.org", .accessControlRequestMethod: "POST"]
            ) { Answer($0) }
            #expect(asked.status == 204)
            #expect(asked.headers[.accessControlAllowHeaders]?.contains("Authorization") == true)
        }
    }
}
