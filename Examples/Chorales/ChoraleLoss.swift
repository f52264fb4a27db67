package import AttentionModels
package import AttentionMusic
import AttentionTensors

/// How surprised a model is by chorales: −ln P of what each voice does at each step, given all voices before and the higher ones now.
///
/// Pieces are read in stretches of as many tokens as in training, each beginning in the middle of the one before: of all stretches but the first
/// only the second half is counted, so that every token but those at the beginning has half a stretch before it. The end is not counted.
package struct ChoraleLoss: Sendable, Hashable {
    /// Σ −ln P.
    package private(set) var total = 0.0
    /// How many tokens were judged: four a step.
    package private(set) var tokenCount = 0

    /// The mean of a token, in nats: what papers call note-wise.
    package var perToken: Double { total / Double(max(1, tokenCount)) }
    /// The mean of a step of four voices, in nats: what papers call frame-wise.
    package var perStep: Double { perToken * Double(ChoraleGrid.voiceCount) }

    /// Judges a model by pieces.
    package init(of model: CausalLanguageModel, on pieces: [ChoraleGrid], length: Int, batchSize: Int = 16) throws {
        var stretches: [(tokens: [Int], firstJudged: Int)] = []
        for piece in pieces {
            let tokens = try ChoraleVocabulary.tokens(of: piece).dropLast()
            var start = 0
            repeat {
                let end = min(tokens.count - 1, start + length)
                stretches.append((Array(tokens[start...end]), start == 0 ? 0 : length / 2))
                start += length / 2
            } while start + length / 2 < tokens.count - 1
        }
        stretches.sort { $0.tokens.count < $1.tokens.count }
        while !stretches.isEmpty {
            let batch = stretches.suffix(batchSize)
            stretches.removeLast(batch.count)
            let tokens = try TokenBatch(batch.map { Array($0.tokens.dropLast()) }, padding: ChoraleVocabulary.end)
            let targets = batch.flatMap { stretch in
                (0..<tokens.length).map { place in
                    place >= stretch.firstJudged && place + 1 < stretch.tokens.count ? stretch.tokens[place + 1] : nil
                }
            }
            total += Double(try model.loss(tokens, targets: targets).scalar)
            tokenCount += targets.count { $0 != nil }
        }
    }
}
