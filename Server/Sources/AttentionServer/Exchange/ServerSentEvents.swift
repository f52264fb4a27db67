import AttentionJSON
import HTTPTypes
import Hummingbird
import NIOCore
internal import Synchronization

/// Events that are sent as they come (WHATWG HTML, section 9.2), and `[DONE]` behind the last, as OpenAI's clients expect.
struct ServerSentEvents: Sendable {
    private let events: AsyncThrowingStream<JSONValue, any Error>

    init(_ events: AsyncThrowingStream<JSONValue, any Error>) { self.events = events }

    /// The answer, once the first event is there.
    /// - Throws: what the source throws before it.
    func response() async throws -> Response {
        var iterator = events.makeAsyncIterator()
        let first = try await iterator.next()
        let events = events
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-cache"],
            body: ResponseBody { writer in
                do {
                    if let first { try await writer.write(Self.bytes(first)) }
                    for try await event in events { try await writer.write(Self.bytes(event)) }
                } catch let error as RouteError {
                    try await writer.write(Self.bytes(ErrorForm.openAI.body(of: error)))
                } catch  where !(error is CancellationError) && !(error is ChannelError) {
                    try await writer.write(Self.bytes(ErrorForm.openAI.body(of: RouteError(error))))
                }
                try await writer.write(ByteBuffer(string: "data: [DONE]\n\n"))
                try await writer.finish(nil)
            })
    }

    private static func bytes(_ event: JSONValue) -> ByteBuffer {
        ByteBuffer(bytes: Array("data: ".utf8) + JSONWriter.write(event, as: .compact) + Array("\n\n".utf8))
    }
}

/// How much of each text has been sent.
final class SentPieces: Sendable {
    private let counts = Mutex<[Int: Int]>([:])

    /// Counts characters that are sent of a text.
    /// - Returns: how many were sent before; nil if nothing was.
    func add(_ count: Int, to index: Int) -> Int? {
        counts.withLock { counts in
            defer { counts[index, default: 0] += count }
            return counts[index]
        }
    }
}
