import Attention
import AttentionJSON
import HTTPTypes
import Hummingbird

/// `/v1/embeddings`: texts or rows of tokens, as decimal numbers or in base64, all of their dimensions or the first of them.
struct EmbeddingsAnswer: Sendable {
    let host: ModelHost

    func answer(_ request: Incoming) async throws -> Response {
        let fields = try request.fields()
        let model = try await host.embedder(try fields.string("model"))
        request.notes.note(model: model.name)
        let encodings = try encodings(fields, model, request)
        let isBase64 = try self.isBase64(fields)
        let size = try fields.integer("dimensions", in: 1...1 << 20)
        let vectors = try await model.vectors(encodings, request.notes)
        var data: [JSONValue] = []
        for (index, vector) in vectors.enumerated() {
            let vector = try shortened(vector, to: size)
            data.append([
                "object": "embedding", "index": .number(index),
                "embedding": isBase64 ? .string(Base64.text(of: vector)) : .numbers(vector),
            ])
        }
        let count = encodings.reduce(0) { $0 + $1.ids.count }
        return .json([
            "object": "list", "data": .array(data), "model": .string(model.name),
            "usage": ["prompt_tokens": .number(count), "total_tokens": .number(count)],
        ])
    }

    private func encodings(
        _ fields: RequestFields, _ model: ServedEmbedder, _ request: Incoming
    ) throws(RouteError) -> [Encoding] {
        let cuts = try fields.flag("truncate") ?? false
        switch try TokenizedInput(try fields.needed(fields["input"], "input"), "input") {
        case .texts(let texts):
            try request.check(count: texts.count, of: "input")
            return try model.encode(texts, cuts: cuts)
        case .tokens(let rows):
            try request.check(count: rows.count, of: "input")
            return try model.encode(tokens: rows, parameter: "input")
        }
    }

    private func isBase64(_ fields: RequestFields) throws(RouteError) -> Bool {
        let format = try fields.string("encoding_format") ?? "float"
        guard ["float", "base64"].contains(format) else {
            throw .unfit("encoding_format", expected: "float or base64", found: "another")
        }
        return format == "base64"
    }

    /// The first dimensions of a vector, made as long as before: models that were trained for it keep their meaning (Kusupati et al. 2022).
    private func shortened(_ vector: [Float], to size: Int?) throws(RouteError) -> [Float] {
        guard let size, size != vector.count else { return vector }
        guard size < vector.count else {
            throw .unfit("dimensions", expected: "at most \(vector.count)", found: "\(size)")
        }
        return Array(vector[..<size]).normalized
    }
}

extension [Float] {
    /// The same direction with length 1; 0 stays 0.
    var normalized: [Float] {
        let norm = reduce(Float(0)) { $0 + $1 * $1 }.squareRoot()
        return norm > 0 ? map { $0 / norm } : self
    }
}

/// What OpenAI's routes read as a text: one or several, in words or in tokens.
enum TokenizedInput {
    case texts([String])
    case tokens([[Int]])

    init(_ value: JSONValue, _ name: String) throws(RouteError) {
        switch value {
        case .string(let text): self = .texts([text])
        case .array(let items):
            switch items.first {
            case .number: self = .tokens([try RequestFields.integers(items, name)])
            case .array:
                var rows: [[Int]] = []
                for item in items {
                    guard case .array(let row) = item else {
                        throw .unfit(name, expected: "arrays of tokens", found: item.kind)
                    }
                    rows.append(try RequestFields.integers(row, name))
                }
                self = .tokens(rows)
            default: self = .texts(try RequestFields.strings(items, name))
            }
        default:
            throw .unfit(name, expected: "a string, an array of strings or arrays of tokens", found: value.kind)
        }
    }
}
