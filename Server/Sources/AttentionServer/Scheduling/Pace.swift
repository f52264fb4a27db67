/// How fast batches went lately, which tells how long somebody who comes now will wait.
struct Pace {
    /// The last batches, each counting four fifths of the one behind it.
    private var (tokens, seconds) = (0.0, 0.0)

    /// A batch took so long, with so many beside one another.
    mutating func note(tokens: Int, took: Duration, width: Int) {
        self.tokens = 0.8 * self.tokens + Double(tokens)
        seconds = 0.8 * seconds + took.seconds / Double(width)
    }

    /// How long so many tokens will take; nothing before the first batch.
    func duration(of tokens: Double) -> Duration { self.tokens > 0 ? .seconds(tokens / self.tokens * seconds) : .zero }
}
