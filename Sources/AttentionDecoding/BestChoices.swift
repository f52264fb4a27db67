/// The likeliest few of many tokens, selected without sorting all of them.
///
/// Tokens above a threshold are gathered; when twice as many as wanted have come together, the better half stays and its worst one is
/// the new threshold.
struct BestChoices {
    private typealias Lanes = SIMD16<Float>

    private let count: Int
    private let capacity: Int
    private var gathered: [TokenChoice] = []
    /// No later token that is not above this can be among the best: of equals the first stays. −∞ is never among them.
    private var threshold = -Float.infinity

    /// Selects `count` tokens.
    init(count: Int) {
        self.count = count
        capacity = max(2 * count, 64)
        gathered.reserveCapacity(capacity)
    }

    /// The selected tokens, best first.
    mutating func sorted() -> [TokenChoice] {
        keepTheBest()
        return gathered
    }

    /// Selects from ln P of the tokens 0..<size; false if one of them is NaN or +∞.
    mutating func read(_ line: UnsafePointer<Float>, count size: Int) -> Bool {
        guard count > 0 else { return true }
        var token = 0
        while token + Lanes.scalarCount <= size {
            let lanes = UnsafeRawPointer(line + token).loadUnaligned(as: Lanes.self)
            // Not "above", so that NaN is noticed.
            if any(.!(lanes .<= threshold)) {
                for next in token..<token + Lanes.scalarCount where !gather(next, line[next]) { return false }
            }
            token += Lanes.scalarCount
        }
        for next in token..<size where !gather(next, line[next]) { return false }
        return true
    }

    private mutating func gather(_ token: Int, _ logProbability: Float) -> Bool {
        guard logProbability < .infinity else { return false }
        guard logProbability > threshold else { return true }
        gathered.append(TokenChoice(token: token, logProbability: logProbability))
        if gathered.count == capacity { keepTheBest() }
        return true
    }

    private mutating func keepTheBest() {
        gathered.sort { $0.precedes($1) }
        guard gathered.count >= count else { return }
        gathered.removeLast(gathered.count - count)
        threshold = gathered.last?.logProbability ?? threshold
    }
}
