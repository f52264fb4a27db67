import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

struct ScoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score", abstract: "Say how likely a language model finds texts.",
        discussion: """
            Without TEXT, each line of standard input is a text. An answer is a line: ln P of the text behind its first token, a tab, its \
            perplexity exp(−mean ln P), a tab, the number of tokens; with --json ln P of each token besides. --attention writes where each token \
            looked at those before it.
            """)

    @Argument(help: "The texts.")
    var text: [String] = []
    @Option(help: ArgumentHelp("Tokens instead of a text, with commas between them.", valueName: "ids"))
    var inputIds: String?
    @OptionGroup var cache: CacheOptions
    @OptionGroup var options: WriterOptions

    private struct Answer: Encodable {
        let text: String?
        let tokens: [Int]
        let logProbabilities: [Float]
        let logProbability: Double
        let perplexity: Double?
    }

    func validate() throws {
        try options.attention.validate(count: text.count)
        guard text.isEmpty || inputIds == nil else {
            throw ValidationError("expected TEXT or --input-ids, found both")
        }
        _ = try inputIds.map { try TokenList($0, option: "--input-ids") }
    }

    func run() throws {
        options.threads.apply()
        if let path = options.attention.attention { try AtomicFile.check(path) }
        let scorer = try TextScorer(path: options.model, cache: cache.cache)
        func computed(_ body: () throws -> TextScorer.Score) throws -> TextScorer.Score {
            try options.precision { try options.ablation(of: scorer, body) }
        }
        var run = TaskRun(observing: options.attention.selection)
        if let inputIds {
            let tokens = try TokenList(inputIds, option: "--input-ids").tokens
            try print(nil, try computed { try scorer.score(tokens: tokens, in: &run) })
        } else {
            try TextSource(arguments: text).forEachBatch { texts in
                for text in texts { try print(text, try computed { try scorer.score(text, in: &run) }) }
            }
        }
        try options.attention.write(run)
    }

    private func print(_ text: String?, _ score: TextScorer.Score) throws {
        guard options.json else {
            let numbers = [score.logProbability.shown(4), score.perplexity.shown(4), "\(score.tokens.count)"]
            return try Results.print(numbers.joined(separator: "\t"))
        }
        try Results.print(
            try JSONEncoding.text(
                of: Answer(
                    text: text, tokens: score.tokens, logProbabilities: score.logProbabilities,
                    logProbability: score.logProbability,
                    perplexity: score.logProbabilities.isEmpty ? nil : score.perplexity)))
    }
}
