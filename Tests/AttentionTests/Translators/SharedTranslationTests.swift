import Attention
import Foundation
import Synchronization
import Testing

private let fixtures =
    #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/AttentionModelsTests/Fixtures/"

/// What a translator says to several tasks at once is what it says to each alone.
@Suite struct SharedTranslationTests {
    private final class Noted<Value: Sendable>: Sendable {
        let values = Mutex<[Int: Result<Value, any Error>]>([:])
    }

    /// What each of so many threads of its own gives.
    private static func onThreads<Value: Sendable>(
        _ count: Int, _ body: @escaping @Sendable (Int) throws -> Value
    ) async throws -> [Value] {
        let noted = Noted<Value>()
        await withCheckedContinuation { continuation in
            let group = DispatchGroup()
            for place in 0..<count {
                group.enter()
                Thread.detachNewThread {
                    let result = Result { try body(place) }
                    noted.values.withLock { $0[place] = result }
                    group.leave()
                }
            }
            group.notify(queue: .global()) { continuation.resume() }
        }
        return try (0..<count).map { place in try #require(noted.values.withLock { $0[place] }).get() }
    }

    /// All that is said of a text.
    private static func said(
        _ translator: Translator, _ text: String, _ options: TranslationOptions
    ) throws -> [String] {
        try withPrecision(.exact) { try translator.translate([text], options: options)[0].map { try $0.jsonLine() } }
    }

    /// Each text with each of the options, on threads of their own.
    private func check(_ translator: Translator, _ texts: [String], _ options: [TranslationOptions]) async throws {
        let shared = translator.shared()
        let asked = options.flatMap { options in texts.map { (text: $0, options: options) } }
        let expected = try asked.map { try Self.said(translator, $0.text, $0.options) }
        let found = try await Self.onThreads(asked.count) { place in
            try Self.said(shared, asked[place].text, asked[place].options)
        }
        for (place, wanted) in expected.enumerated() {
            #expect(found[place] == wanted, "\(asked[place].text.prefix(40))")
        }
    }

    /// Guards look again at what went wrong, coverage wants alignments, and a text of many sentences is searched in several batches.
    @Test func companyChangesNothing() async throws {
        var covering = TranslationOptions(beamSize: 4, hypothesisCount: 2, aligns: false)
        covering.coveragePenalty = 0.3
        var plain = TranslationOptions(beamSize: 1)
        plain.isGuarded = false
        let texts = [
            "the lazy dog jumps", "fox", "", "see https://example.org/a?b=1 or 12,000 dogs.",
            [String](repeating: "the quick brown fox jumps.", count: 20).joined(separator: " "),
        ]
        try await check(
            Translator(folder: try .tiny()), texts, [TranslationOptions(), covering, plain])
        try await check(Translator(folder: try .tinyRecurrent()), Array(texts.prefix(3)), [TranslationOptions()])
    }

    /// Where who comes at the same moment is read together: to 1e-5 for each of some ten tokens.
    @Test func companyThatIsReadTogether() async throws {
        let translator = try Translator.standard()
        let texts = [
            "Where is the nearest train station?", "Yes.",
            "I lost my card yesterday and need a new one before I travel.",
            "What is the exchange rate?", "My transfer has not arrived, although I sent it three days ago. Why?",
            "Thanks!",
        ]
        let expected = try texts.map { try translator.translate($0) }
        let shared = translator.shared()
        for _ in 0..<2 {
            let found = try await Self.onThreads(texts.count) { try shared.translate(texts[$0]) }
            for (own, wanted) in zip(found, expected) {
                #expect(own.text == wanted.text)
                #expect(abs(own.logProbability - wanted.logProbability) <= 1e-4)
            }
        }
    }

    /// Whoever has gone is not read, and the next is.
    @Test func whoeverIsCancelledIsToldSo() async throws {
        let plain = Translator(folder: try .tiny())
        let shared = plain.shared()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try shared.translate("the lazy dog jumps").text
        }
        await #expect(throws: SearchError.cancelled) { try await task.value }
        #expect(try shared.translate("the lazy dog jumps").text == plain.translate("the lazy dog jumps").text)
    }

    /// Each source may write other words.
    @Test func companyWithShortlists() async throws {
        var choice = TranslatorChoice()
        choice.usesShortlist = true
        struct File: Decodable {
            struct Case: Decodable { let text: String }
            let cases: [Case]
        }
        for name in ["ssru", "attention"] {
            let folder = fixtures + "Marian/" + name
            let file = try JSONDecoder().decode(File.self, from: Data(FileContents.read(folder + "/case.json")))
            let translator = try Translator(path: folder, choice: choice)
            try await check(
                translator, file.cases.map(\.text), [TranslationOptions(), TranslationOptions(beamSize: 3)])
        }
    }

    /// Models that read one text and write another, whatever for; each thread by a search of its own.
    @Test func companyOfGenerators() async throws {
        let prompts = [[5, 9, 12, 5, 9, 1], [4, 1], [20, 3, 8, 8, 8, 8, 1], [7, 7, 1], [21, 22, 23, 24, 6, 1]]
        for name in ["t5", "bart", "marian"] {
            let generator = try TextGenerator(path: fixtures + "EncoderDecoders/" + name)
            let shared = generator.shared()
            @Sendable func written(_ generator: TextGenerator, _ place: Int) throws -> [TextGenerator.Written] {
                var own = generator
                (own.configuration.newTokenLimit, own.configuration.beamSize) = (4 + place, 1 + place % 3)
                return try withPrecision(.exact) { try own.generate(tokens: prompts[place]) }
            }
            let expected = try prompts.indices.map { try written(generator, $0) }
            let found = try await Self.onThreads(prompts.count) { try written(shared, $0) }
            #expect(found == expected, "\(name)")
        }
    }

    @Test func sharingTwiceIsSharingOnce() throws {
        let translator = Translator(folder: try .tiny())
        let shared = translator.shared()
        #expect(!translator.model.isShared && shared.model.isShared && shared.shared().model.isShared)
        #expect(shared.heads == translator.heads)
    }
}
