import Attention
import AttentionJSON
import AttentionServer
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing

/// The folders that the tests of tasks have.
let taskFolders =
    #filePath.split(separator: "/").dropLast(5).reduce("") { $0 + "/" + $1 } + "/Tests/AttentionTests/Fixtures/Tasks/"

/// Tiny models of every kind, open once for all tests.
let tinyHost = Result {
    let generator = try TextGenerator(path: taskFolders + "continuations")
    let template = try ChatTemplate(
        file: taskFolders + "../../../../Server/Tests/AttentionServerTests/Fixtures/chat_template.jinja",
        folder: taskFolders + "continuations")
    return try ModelHost([
        .open("vectors", at: taskFolders + "vectors"), .open("classes", at: taskFolders + "classes"),
        .open("pairs", at: taskFolders + "pairs"), .standard(),
        .generator(ServedGenerator("continuations", generator, template: template)),
    ])
}

/// The routes over a host, without a network.
func serving<Value: Sendable>(
    _ host: ModelHost? = nil, limits: ServerLimits = ServerLimits(), keys: APIKeys = APIKeys(),
    _ test: @Sendable @escaping (any TestClientProtocol) async throws -> Value
) async throws -> Value {
    let router = Router(context: ServerContext.self)
    router.add(middleware: UnknownRoutes())
    AttentionRoutes(host: try host ?? tinyHost.get(), limits: limits, keys: keys).add(to: router)
    return try await Application(router: router).test(.router, test)
}

extension TestClientProtocol {
    /// The answer to a body in JSON.
    func post(_ path: String, _ body: String, headers: HTTPFields = [:]) async throws -> Answer {
        try await execute(uri: path, method: .post, headers: headers, body: ByteBuffer(string: body)) { Answer($0) }
    }

    func get(_ path: String, headers: HTTPFields = [:]) async throws -> Answer {
        try await execute(uri: path, method: .get, headers: headers) { Answer($0) }
    }
}

/// An answer, and what it says.
struct Answer: Sendable {
    let status: Int
    let headers: HTTPFields
    let text: String

    init(_ response: TestResponse) {
        (status, headers) = (response.status.code, response.headers)
        text = String(buffer: response.body)
    }

    var json: JSONValue {
        get throws { try JSONParser.parse(Array(text.utf8)) }
    }

    /// The documents of a stream of events, without the last, which says that it is done.
    var events: [JSONValue] {
        get throws {
            let lines = text.split(separator: "\n").map(String.init)
            #expect(lines.last == "data: [DONE]")
            return try lines.dropLast().map { try JSONParser.parse(Array($0.dropFirst(6).utf8)) }
        }
    }
}

extension JSONValue {
    /// What stands at a path of member names and places.
    func at(_ path: PathPart...) throws -> JSONValue {
        try path.reduce(self) { value, part in
            switch (value, part) {
            case (.object(let members), .name(let name)):
                try #require(members.first { $0.key == name }?.value, "no member \(name)")
            case (.array(let items), .index(let index)):
                try #require(items.indices.contains(index) ? items[index] : nil, "no element \(index)")
            default: try #require(nil as JSONValue?, "\(value.summary) has no parts")
            }
        }
    }

    var string: String? { if case .string(let text) = self { text } else { nil } }
    var items: [JSONValue] { if case .array(let items) = self { items } else { [] } }
    var float: Float? { if case .number(let number) = self { number.float } else { nil } }
    var integer: Int? { if case .number(let number) = self { number.exactly() } else { nil } }
    var floats: [Float] { items.compactMap(\.float) }
}

enum PathPart: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    case name(String)
    case index(Int)

    init(stringLiteral value: String) { self = .name(value) }
    init(integerLiteral value: Int) { self = .index(value) }
}

/// Whether two rows of numbers are the same within the tolerance of single precision.
func expectClose(_ found: [Float], _ wanted: [Float], within tolerance: Float = 1e-5) {
    #expect(found.count == wanted.count)
    for (x, y) in zip(found, wanted) { #expect(abs(x - y) <= tolerance) }
}
