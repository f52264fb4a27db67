import Attention
import AttentionJSON
import HTTPTypes
import Hummingbird

/// LibreTranslate's routes, as its clients know them: JSON or HTML forms, one text or several.
///
/// Source: https://libretranslate.com/docs.
struct LibreTranslateRoutes: Sendable {
    let host: ModelHost
    let limits: ServerLimits
    let keys: APIKeys

    private var schema: JSONValue {
        Schema.object(
            required: ["q", "source", "target"],
            [
                "q": Schema.texts, "source": Schema.word(host.translations.map(\.source)),
                "target": Schema.word(host.translations.map(\.target)), "format": Schema.word(["text", "html"]),
                "alternatives": Schema.integer, "api_key": Schema.string,
            ])
    }

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .post, "/translate", .libreTranslate, "Texts in another language.", task: "translation", schema: schema,
                answer: translate),
            Endpoint(
                .get, "/languages", .libreTranslate, "From which languages into which.", access: .open,
                answer: languages),
            Endpoint(
                .post, "/languages", .libreTranslate, "The same, as some clients ask.", access: .open, answer: languages
            ),
            Endpoint(
                .get, "/frontend/settings", .libreTranslate, "What a page should know of the server.", access: .open,
                answer: settings),
        ]
    }

    private func translate(_ request: Incoming) async throws -> Response {
        let fields = try request.fieldsOrForm()
        let (texts, isList) = try fields.needed(try fields.strings("q"), "q")
        let source = try fields.needed(try fields.string("source"), "source")
        let target = try fields.needed(try fields.string("target"), "target")
        let isHTML = try Self.isHTML(fields)
        let alternatives = try Self.alternatives(fields)
        let model = try await model(source, target)
        request.notes.note(model: model.name)
        if texts.isEmpty { return .json(["translatedText": []]) }
        try request.check(translated: texts, of: "q")
        var options = TranslationOptions(hypothesisCount: 1 + alternatives, aligns: false)
        if alternatives > 0 { options.beamSize = max(5, 1 + alternatives) }
        // The k-th translation of a text, or of a page the k-th of each of its stretches of text.
        let ranked =
            try await isHTML
            ? pages(texts, model, options, request.notes)
            : model.translations(of: texts, options, request.notes).map { $0.map(\.text) }
        let best: [JSONValue] = ranked.map { .string($0[0]) }
        var members = [JSONMember("translatedText", isList ? .array(best) : best[0])]
        if alternatives > 0 {
            let others: [JSONValue] = ranked.map { .array($0.dropFirst().map { .string($0) }) }
            members.append(JSONMember("alternatives", isList ? .array(others) : others[0]))
        }
        return .json(.object(members))
    }

    private func pages(
        _ texts: [String], _ model: ServedTranslator, _ options: TranslationOptions, _ notes: RequestNotes
    ) async throws -> [[String]] {
        let pages = texts.map(HTMLText.init)
        let found = try await model.translations(of: pages.flatMap(\.words), options, notes)
        var rest = found[...]
        return pages.map { page in
            let own = Array(rest.prefix(page.words.count))
            rest = rest.dropFirst(own.count)
            return (0..<max(1, own.map(\.count).max() ?? 1)).map { rank in
                page.with(own.map { $0[min(rank, $0.count - 1)].text })
            }
        }
    }

    private static func isHTML(_ fields: RequestFields) throws(RouteError) -> Bool {
        switch try fields.string("format") ?? "text" {
        case "text": false
        case "html": true
        default: throw .unfit("format", expected: "text or html", found: "another")
        }
    }

    /// A form has numbers as text.
    private static func alternatives(_ fields: RequestFields) throws(RouteError) -> Int {
        if case .string(let text)? = fields["alternatives"] {
            guard let count = Int(text), 0...8 ~= count else {
                throw .unfit("alternatives", expected: "a number from 0 to 8", found: "another")
            }
            return count
        }
        return try fields.integer("alternatives", in: 0...8) ?? 0
    }

    private func model(_ source: String, _ target: String) async throws(RouteError) -> ServedTranslator {
        let known = host.translations
        if let model = known.first(where: { $0.source == source && $0.target == target }) {
            return try await host.translator(model.name)
        }
        let pairs = known.map { "\($0.source) → \($0.target)" }.joined(separator: ", ")
        throw RouteError(
            .malformed,
            "expected languages among \(pairs.isEmpty ? "none, since no translator is served here" : pairs), found others; "
                + "languages are not detected here",
            parameter: "source")
    }

    private func languages(_ request: Incoming) async throws -> Response {
        var codes: [String] = []
        for code in host.translations.flatMap({ [$0.source, $0.target] }) where !codes.contains(code) {
            codes.append(code)
        }
        return .json(
            .array(
                codes.map { code in
                    let targets = host.translations.filter { $0.source == code }.map(\.target)
                    return [
                        "code": .string(code), "name": .string(LanguageName.of(code)),
                        "targets": .array(targets.map { .string($0) }),
                    ]
                }))
    }

    private func settings(_ request: Incoming) async throws -> Response {
        let first = host.translations.first
        func language(_ code: String) -> JSONValue {
            ["code": .string(code), "name": .string(LanguageName.of(code))]
        }
        return .json([
            "apiKeys": .bool(keys.isNeeded), "charLimit": .number(limits.translatedCharacters),
            "filesTranslation": false, "frontendTimeout": 500, "keyRequired": .bool(keys.isNeeded),
            "language": ["source": language(first?.source ?? "und"), "target": language(first?.target ?? "und")],
            "suggestions": false, "supportedFilesFormat": [],
        ])
    }
}

extension Incoming {
    /// Refuses too many texts, and texts that are too long to be translated.
    func check(translated texts: [String], of parameter: String) throws(RouteError) {
        try check(count: texts.count, of: parameter)
        guard let longest = texts.map(\.unicodeScalars.count).max(), longest > limits.translatedCharacters else {
            return
        }
        throw RouteError(
            .tooLong,
            "expected texts of at most \(limits.translatedCharacters) characters, found one of \(longest); send it in parts",
            parameter: parameter)
    }
}

/// What languages are called in English.
enum LanguageName {
    private static let names = [
        "ar": "Arabic", "bg": "Bulgarian", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German",
        "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish",
        "fr": "French", "he": "Hebrew", "hi": "Hindi", "hu": "Hungarian", "id": "Indonesian", "it": "Italian",
        "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "nl": "Dutch", "no": "Norwegian",
        "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian",
        "sv": "Swedish", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
    ]

    /// The name of a code of two letters; the code itself where none is known.
    static func of(_ code: String) -> String { names[code] ?? code }
}
