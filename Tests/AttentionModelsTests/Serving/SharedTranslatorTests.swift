import AttentionDecoding
import AttentionFiles
import AttentionLayers
import AttentionModels
import AttentionTensors
import Foundation
import Synchronization
import Testing

/// Sentences that are translated beside one another are what they are alone, whoever joins and leaves when.
@Suite struct SharedTranslatorTests {
    private static let root =
        #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/Fixtures/"

    /// Every architecture that translates.
    private static let kinds =
        ["bart", "m2m_100", "marian", "mbart", "mt5", "pegasus", "t5", "t5-gated"].map { "EncoderDecoders/" + $0 } + [
            "Marian/ssru", "Marian/attention", "pre", "post", "none", "additive",
        ]

    private static func model(_ kind: String) throws -> any SequenceToSequence {
        switch kind {
        case "pre", "post":
            var sizes = TransformerConfiguration()
            (sizes.vocabularySize, sizes.modelSize, sizes.headCount, sizes.feedForwardSize) = (29, 16, 2, 24)
            (sizes.encoderLayerCount, sizes.decoderLayerCount) = (1, 2)
            sizes.normOrder = kind == "pre" ? .pre : .post
            return try Transformer(sizes, key: RandomKey(seed: 3))
        case "none", "additive":
            var sizes = RecurrentTranslatorConfiguration()
            (sizes.vocabularySize, sizes.embeddingSize, sizes.hiddenSize, sizes.attention) = (29, 6, 8, kind)
            return try RecurrentTranslator(sizes, key: RandomKey(seed: 3))
        case _ where kind.hasPrefix("Marian"):
            return try FirefoxModel.load(MarianFile(path: root + kind + "/model.xxyy.intgemm.alphas.bin"))
        default: return try #require(try PretrainedFolder(path: root + kind).model().sequenceToSequence)
        }
    }

    /// Whether rows of different sources are stepped as one.
    private static func isJoined(_ kind: String) -> Bool { kind != "additive" }

    // MARK: Step by step

    /// A sentence on its way: its hypotheses are 1, 2 or 3 from its second token on, and change places before its fourth.
    private struct Sentence<State: DecoderState> {
        let source: [Int]
        let target: [Int]
        let rowCount: Int
        var state: State
        var place = 0

        var isDone: Bool { place == target.count }

        /// The next token of each row.
        var tokens: [[Int]] { (0..<state.rowCount).map { [3 + (target[place] + 5 * $0) % 20] } }

        /// A step was taken.
        mutating func move(to next: State) throws {
            state = next
            if place == 0 { state = try state.selecting([Int](repeating: 0, count: rowCount)) }
            if place == 2 { state = try state.selecting(Array((0..<rowCount).reversed())) }
            place += 1
        }
    }

    private static func sentences<Model: SequenceToSequence>(
        _ model: Model, _ generator: inout RandomGenerator
    ) throws -> [Sentence<Model.State>] {
        try (0..<7).map { number in
            let source = (0..<Int.random(in: 1...9, using: &generator)).map { _ in
                Int.random(in: 3...22, using: &generator)
            }
            let target = (0..<Int.random(in: 2...7, using: &generator)).map { _ in
                Int.random(in: 3...22, using: &generator)
            }
            return Sentence(
                source: source, target: target, rowCount: 1 + number % 3,
                state: try model.start(PaddedBatch([source], padding: 1)))
        }
    }

    private static let outputs: [DecoderOutputs] = [.logits, [.logits, .alignments], [.hidden, .allLogits]]

    /// Every number of a step, by what it is.
    private static func numbers(_ step: DecoderStep) -> [[Float]] {
        [step.logits, step.allLogits, step.hidden, step.alignments].map { $0?.values ?? [] }
    }

    /// At each tick whoever is there, and has a mind to, is stepped on with the others.
    private static func check<Model: SequenceToSequence>(
        _ model: Model, _ kind: String, _ precision: Precision, _ outputs: DecoderOutputs, seed: UInt64
    ) throws {
        var generator = RandomKey(seed: seed).generator()
        var sentences = try sentences(model, &generator)
        let expected = try sentences.map { sentence in
            var (alone, numbers) = (sentence, [[[Float]]]())
            while !alone.isDone {
                var state = alone.state
                numbers.append(Self.numbers(try model.step(alone.tokens, &state, wanting: outputs)))
                try alone.move(to: state)
            }
            return numbers
        }
        while sentences.contains(where: { !$0.isDone }) {
            let there = sentences.indices.filter { _ in Int.random(in: 0..<3, using: &generator) > 0 }
                .filter { !sentences[$0].isDone }
            guard !there.isEmpty else { continue }
            var joined = try Model.State.joining(there.map { sentences[$0].state })
            let length = joined.alignedLength ?? 0
            let step = try model.step(there.flatMap { sentences[$0].tokens }, &joined, wanting: outputs)
            var first = 0
            for place in there {
                let rows = first..<first + sentences[place].state.rowCount
                first = rows.upperBound
                let state = try joined.selecting(Array(rows))
                let missing = length - (state.alignedLength ?? length)
                var own = DecoderStep()
                own.logits = try step.logits?.sliced(axis: 0, rows)
                own.allLogits = try step.allLogits?.sliced(axis: 0, rows)
                own.hidden = try step.hidden?.sliced(axis: 0, rows)
                own.alignments = try step.alignments.map {
                    try $0.sliced(axis: 0, rows).sliced(axis: 4, 0..<$0.shape[4] - missing)
                }
                compare(
                    numbers(own), expected[place][sentences[place].place], precision == .exact ? 0 : 1e-5,
                    "\(kind), \(outputs), sentence \(place), step \(sentences[place].place)")
                try sentences[place].move(to: state)
            }
            #expect(first == joined.rowCount)
        }
    }

    private static func compare(
        _ found: [[Float]], _ expected: [[Float]], _ tolerance: Float, _ place: String
    ) {
        for (numbers, wanted) in zip(found, expected) {
            #expect(numbers.count == wanted.count, "\(place)")
            let isClose = zip(numbers, wanted).allSatisfy { abs($0 - $1) <= tolerance * (1 + abs($1)) }
            #expect(isClose, "\(place)")
        }
    }

    @Test(arguments: kinds.filter(isJoined), [Precision.exact, .float32])
    func whoJoinsAndLeavesChangesNothing(_ kind: String, _ precision: Precision) throws {
        let model = try Self.model(kind)
        for (seed, outputs) in Self.outputs.enumerated() {
            try withPrecision(precision) {
                try Self.check(model, kind, precision, outputs, seed: UInt64(seed))
            }
        }
    }

    @Test func whatCannotBeJoinedIsRefused() throws {
        func check<Model: SequenceToSequence>(_ model: Model) throws {
            let state = try model.start(PaddedBatch([[4, 5]], padding: 1))
            #expect(throws: ShapeError.self) { try Model.State.joining([state, state]) }
            #expect(throws: ShapeError.self) { try Model.State.joining([]) }
        }
        try check(try Self.model("additive"))
    }

    // MARK: Read together

    /// Sources of one row and of several, of different lengths and of the same.
    private static let batches = [
        [[5, 9, 12, 5, 9], [4]], [[20, 3, 8, 8, 8, 8, 19, 21]], [[7, 7]], [[6, 6, 6], [4, 5], [21]], [[9, 4]],
    ]

    /// More than are read between two steps, of 1 to 11 tokens.
    private static let many: [[Int]] = (0..<30).map { row in
        (0...row * 5 % 11).map { place in 3 + (place * 7 + row) % 20 }
    }

    /// All numbers of three steps, whatever is likely.
    private static func numbers<Model: SequenceToSequence>(
        _ model: Model, behind start: Model.State
    ) throws -> [[Float]] {
        var state = start
        return try [4, 9, 5].flatMap { token -> [[Float]] in
            let tokens = (0..<start.rowCount).map { [token + $0 % 7] }
            return numbers(try model.step(tokens, &state, wanting: [.logits, .alignments]))
        }
    }

    @Test(arguments: kinds) func whoIsReadTogetherIsWhatTheyAreAlone(_ kind: String) throws {
        func check<Model: SequenceToSequence>(_ model: Model) throws {
            let sources = Self.batches.map { PaddedBatch($0, padding: 1) }
            let found = try model.starts(sources)
            #expect(found.count == sources.count)
            for (source, state) in zip(sources, found) {
                let alone = try model.start(source)
                #expect(state.rowCount == source.rowCount && state.alignedLength == alone.alignedLength)
                Self.compare(
                    try Self.numbers(model, behind: state), try Self.numbers(model, behind: alone), 1e-5,
                    "\(kind), \(source.lengths)")
            }
            #expect(try model.starts([]).isEmpty)
        }
        try check(try Self.model(kind))
    }

    /// Each on a thread of its own, all at the same moment, one of them with more than may be read at once.
    @Test(arguments: kinds) func whoComesAtOnceIsWhatTheyAreAlone(_ kind: String) async throws {
        func check<Model: SequenceToSequence>(_ plain: Model) async throws {
            let (gathering, batches) = (GatheringTranslator(plain), Self.batches + [Self.many])
            @Sendable func found(_ model: some SequenceToSequence, _ batch: [[Int]]) throws -> [[Float]] {
                try Self.numbers(model, behind: try model.start(PaddedBatch(batch, padding: 1)))
            }
            let expected = try batches.map { try found(plain, $0) }
            for _ in 0..<3 {
                let own = try await Self.onThreads(batches.count) { try found(gathering, batches[$0]) }
                for (place, numbers) in own.enumerated() {
                    Self.compare(numbers, expected[place], 1e-5, "\(kind), \(batches[place].prefix(2))")
                }
            }
            // Whoever is alone brings more than is read beside others.
            Self.compare(try found(gathering, Self.many), expected[batches.count - 1], 1e-5, "\(kind), alone")
        }
        try await check(try Self.model(kind))
    }

    /// Whoever asks for a word that there is none of is refused, and nobody else.
    @Test func aSourceThatIsRefusedHarmsNobody() async throws {
        func check<Model: SequenceToSequence>(_ plain: Model) async throws {
            let gathering = GatheringTranslator(plain)
            let refused = try await Self.onThreads(4) { thread in
                (0..<20).filter { place in
                    let source = [4 + place % 5, thread == 0 ? 10_000 : 5]
                    return (try? gathering.start(PaddedBatch([source], padding: 1))) == nil
                }.count
            }
            #expect(refused == [20, 0, 0, 0])
        }
        try await check(try Self.model("pre"))
    }

    /// Whoever has gone is not read, and may come again.
    @Test func whoHasGoneIsNotRead() async throws {
        func check<Model: SequenceToSequence>(_ plain: Model) async throws {
            let gathering = GatheringTranslator(plain)
            let source = PaddedBatch([[4, 5, 6]], padding: 1)
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                #expect(throws: ShapeError.self) { try gathering.start(source) }
                var (state, isRefused) = (try plain.start(source), false)
                do { _ = try gathering.step([[4]], &state, wanting: .logits) } catch { isRefused = true }
                #expect(isRefused)
                return Self.numbers(try plain.step([[4]], &state, wanting: .logits))
            }
            var state = try gathering.start(source)
            let expected = Self.numbers(try gathering.step([[4]], &state, wanting: .logits))
            // A step that was not taken has left the state as it was.
            Self.compare(try await task.value, expected, 1e-5, "behind a refusal")
        }
        try await check(try Self.model("pre"))
    }

    // MARK: By searches

    /// What each of so many threads of its own gives.
    private static func onThreads<Value: Sendable>(
        _ count: Int, _ body: @escaping @Sendable (Int) throws -> Value
    ) async throws -> [Value] {
        let results = Results<Value>()
        await withCheckedContinuation { continuation in
            let group = DispatchGroup()
            for index in 0..<count {
                group.enter()
                Thread.detachNewThread {
                    let result = Result { try body(index) }
                    results.noted.withLock { $0[index] = result }
                    group.leave()
                }
            }
            group.notify(queue: .global()) { continuation.resume() }
        }
        return try (0..<count).map { index in
            try #require(results.noted.withLock { $0[index] }).get()
        }
    }

    private final class Results<Value: Sendable>: Sendable {
        let noted = Mutex<[Int: Result<Value, any Error>]>([:])
    }

    /// What a search finds, as far as it can be compared.
    private struct Found: Equatable, Sendable {
        let tokens: [Int]
        let logProbabilities: [Float]
        let score: Double
        let alignments: [Float]?
    }

    private static let sources = [
        [5, 9, 12, 5, 9], [4], [20, 3, 8, 8, 8, 8, 19, 21], [5, 9, 12, 7, 11, 2], [7, 7], [21, 20, 3, 4], [6, 6, 6],
    ]

    private static func search(_ model: some SequenceToSequence, _ number: Int) throws -> [Found] {
        let search = BeamSearch(beamSize: 1 + number % 4, hypothesisCount: 1, tokens: TokenRules(endTokens: [2]))
        return try withPrecision(.exact) {
            try search.search(
                model, from: try model.start(PaddedBatch([sources[number]], padding: 1)), prompts: [[3]],
                stepLimits: [4 + number], aligning: number % 2 == 0)[0]
        }
        .map { hypothesis in
            Found(
                tokens: hypothesis.tokens, logProbabilities: hypothesis.tokenLogProbabilities, score: hypothesis.score,
                alignments: hypothesis.alignments?.values)
        }
    }

    /// Bit for bit, each on a thread of its own, some with alignments and some without.
    @Test(arguments: kinds) func companyChangesNothing(_ kind: String) async throws {
        func check<Model: SequenceToSequence>(_ plain: Model) async throws {
            let gathering = GatheringTranslator(plain)
            let expected = try Self.sources.indices.map { try Self.search(plain, $0) }
            for _ in 0..<3 {
                let found = try await Self.onThreads(Self.sources.count) { try Self.search(gathering, $0) }
                for (place, own) in found.enumerated() {
                    #expect(own == expected[place], "\(kind), \(Self.sources[place])")
                }
            }
        }
        try await check(try Self.model(kind))
    }

    /// Who wants what cannot be done harms nobody, and keeps what they had.
    @Test func aRefusalIsOnesOwn() async throws {
        func check<Model: SequenceToSequence>(_ plain: Model) async throws {
            let gathering = GatheringTranslator(plain)
            let refused = try await Self.onThreads(4) { thread in
                var (state, count) = (try gathering.start(PaddedBatch([[4, 5, 6]], padding: 1)), 0)
                for _ in 0..<20 {
                    do {
                        _ = try gathering.step([[thread == 0 ? 10_000 : 5]], &state, wanting: .logits)
                    } catch { count += 1 }
                    #expect(state.rowCount == 1)
                }
                return count
            }
            #expect(refused == [20, 0, 0, 0])
        }
        try await check(try Self.model("pre"))
    }
}
