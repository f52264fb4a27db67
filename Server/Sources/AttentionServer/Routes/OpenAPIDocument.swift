import AttentionJSON
import HTTPTypes

/// What the routes are, as OpenAPI 3.1 says it.
struct OpenAPIDocument {
    private let endpoints: [Endpoint]

    init(_ endpoints: [Endpoint]) { self.endpoints = endpoints }

    var json: JSONValue {
        var paths: [(String, [JSONMember])] = []
        for endpoint in endpoints {
            let member = JSONMember(endpoint.method.rawValue.lowercased(), operation(endpoint))
            if let place = paths.firstIndex(where: { $0.0 == endpoint.path }) {
                paths[place].1.append(member)
            } else {
                paths.append((endpoint.path, [member]))
            }
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "attend-server", "version": "0.1.0",
                "description":
                    "Attention models over HTTP: OpenAI's routes, those of text-embeddings-inference and of LibreTranslate, and our own.",
            ],
            "paths": .object(paths.map { JSONMember($0.0, .object($0.1)) }),
            "components": [
                "securitySchemes": ["key": ["type": "http", "scheme": "bearer"]]
            ],
        ]
    }

    private func operation(_ endpoint: Endpoint) -> JSONValue {
        var members = [
            JSONMember("summary", .string(endpoint.summary)),
            JSONMember(
                "parameters",
                .array(
                    endpoint.parameters.map { name in
                        ["name": .string(name), "in": "path", "required": true, "schema": Schema.string]
                    })),
        ]
        if let schema = endpoint.schema {
            members.append(
                JSONMember(
                    "requestBody",
                    [
                        "required": true,
                        "content": .object([JSONMember(endpoint.content.rawValue, ["schema": schema])]),
                    ]))
        }
        if endpoint.access == .keyed { members.append(JSONMember("security", [["key": []], .object([])])) }
        members.append(
            JSONMember(
                "responses",
                [
                    "200": ["description": "The answer."],
                    "default": ["description": "A refusal, in the form of the family of the route."],
                ]))
        return .object(members)
    }
}
