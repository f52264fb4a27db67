import Attention
import AttentionJSON
import HTTPTypes
import Hummingbird

/// Our own routes, which answer with where the model looked.
struct InspectionRoutes: Sendable {
    let host: ModelHost

    /// How many numbers an answer of `/v1/attention` has at most.
    private static let weightLimit = 1 << 20

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .post, "/v1/translate", .openAI, "Translations with what each word was made of.", task: "translation",
                schema: Schema.object(
                    required: ["text"],
                    [
                        "text": Schema.texts, "model": Schema.word(host.names(for: "translation")),
                        "n_best": Schema.integer,
                        "beam": Schema.integer, "alignment": Schema.flag,
                    ]), answer: translate),
            Endpoint(
                .post, "/v1/align", .openAI, "Which words of texts and their translations belong together.",
                schema: Schema.object(
                    required: ["source", "target"],
                    [
                        "source": Schema.texts, "target": Schema.texts,
                        "model": Schema.word(host.names(for: "translation")),
                        "symmetrize": Schema.word(Symmetrization.allCases.map(\.rawValue)), "weights": Schema.flag,
                    ]), answer: align),
            Endpoint(
                .post, "/v1/attention", .openAI,
                "Where chosen heads of an encoder look; layers and heads are counted from 1.",
                schema: Schema.object(
                    required: ["text"],
                    [
                        "text": Schema.string, "model": Schema.word(host.names(for: "embedding")),
                        "layers": Schema.array(Schema.integer),
                        "heads": Schema.array(Schema.integer),
                    ]), answer: attention),
        ]
    }

    private func translate(_ request: Incoming) async throws -> Response {
        let fields = try request.fields()
        let model = try await host.translator(try fields.string("model"))
        request.notes.note(model: model.name)
        let texts = try fields.needed(try fields.strings("text"), "text").texts
        try request.check(translated: texts, of: "text")
        var options = TranslationOptions(
            beamSize: try fields.integer("beam", in: 1...16),
            hypothesisCount: try fields.integer("n_best", in: 1...8) ?? 1,
            aligns: try fields.flag("alignment") ?? true)
        if let beam = options.beamSize { options.beamSize = max(beam, options.hypothesisCount) }
        let found = try await model.translations(of: texts, options, request.notes)
        // As `attend translate --json` writes them.
        let answers = try found.map { translations -> JSONValue in
            let lines = try translations.map { try JSONParser.parse(Array(try $0.jsonLine().utf8)) }
            return .array(lines)
        }
        return .json([
            "model": .string(model.name), "source": .string(model.source), "target": .string(model.target),
            "translations": .array(answers),
        ])
    }

    private func align(_ request: Incoming) async throws -> Response {
        let fields = try request.fields()
        let model = try await host.translator(try fields.string("model"))
        request.notes.note(model: model.name)
        let sources = try fields.needed(try fields.strings("source"), "source").texts
        let targets = try fields.needed(try fields.strings("target"), "target").texts
        try request.check(translated: sources, of: "source")
        try request.check(translated: targets, of: "target")
        guard sources.count == targets.count else {
            throw RouteError.unfit(
                "target", expected: "a translation for each of \(sources.count) texts", found: "\(targets.count)")
        }
        let symmetrization = try fields.string("symmetrize").map { word throws(RouteError) in
            guard let found = Symmetrization(rawValue: word) else {
                throw RouteError.unfit(
                    "symmetrize",
                    expected: "one of \(Symmetrization.allCases.map(\.rawValue).joined(separator: ", "))",
                    found: "another")
            }
            return found
        }
        let withWeights = try fields.flag("weights") ?? false
        let pairs = zip(sources, targets).map { WordPair($0, $1) }
        let found = try await model.alignments(of: pairs, symmetrization, request.notes)
        return .json([
            "model": .string(model.name),
            "alignments": .array(
                zip(pairs, found).map { pair, alignment in
                    var members = [
                        JSONMember("source", .array(pair.source.map { .string($0) })),
                        JSONMember("target", .array(pair.target.map { .string($0) })),
                        JSONMember("links", .string(alignment.links.pharaoh)),
                    ]
                    if withWeights, let matrix = alignment.matrix {
                        members.append(JSONMember("weights", .array(matrix.weights.map { .numbers($0) })))
                    }
                    return .object(members)
                }),
        ])
    }

    private func attention(_ request: Incoming) async throws -> Response {
        let fields = try request.fields()
        let model = try await host.embedder(try fields.string("model"))
        request.notes.note(model: model.name)
        let text = try fields.needed(try fields.string("text"), "text")
        func chosen(_ name: String) throws(RouteError) -> [Int]? {
            guard let value = fields[name] else { return nil }
            guard case .array(let items) = value, !items.isEmpty else {
                throw .unfit(name, expected: "an array of at least one number", found: value.kind)
            }
            // People count from 1, models from 0.
            return try RequestFields.integers(items, name).map { $0 - 1 }
        }
        let selection = AttentionSelection(layers: try chosen("layers"), heads: try chosen("heads"))
        let encoding = try model.encode([text], cuts: false)[0]
        let row: TaskRun.ObservedRow
        do {
            row = try await model.attention(encoding, selection, limit: Self.weightLimit, request.notes)
        } catch PretrainedError.unknownAttention(let kind, let found, let count) {
            throw RouteError(.malformed, "expected \(kind) from 1 to \(count), found \(found + 1)")
        }
        return .json([
            "model": .string(model.name), "pieces": .array(row.pieces.map { .string($0) }),
            "layers": .array(row.layers.map { Self.layer($0, length: row.pieces.count) }),
        ])
    }

    /// The heads of a layer, which is counted from 1.
    private static func layer(_ attention: LayerAttention, length: Int) -> JSONValue {
        let values = attention.weights.values
        let rows = stride(from: 0, to: values.count, by: max(1, length)).map {
            JSONValue.numbers(values[$0..<$0 + length])
        }
        let heads = stride(from: 0, to: rows.count, by: max(1, length)).map {
            JSONValue.array(Array(rows[$0..<$0 + length]))
        }
        return ["layer": .number(attention.layer + 1), "weights": .array(heads)]
    }
}
