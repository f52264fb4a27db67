import Attention
import AttentionCommand
import AttentionFiles

/// A command on texts while it works: what its options say of the run, and what it tells a person besides the answers.
struct TaskSession {
    private let options: TaskOptions
    private var run: TaskRun
    private var ablation = Ablation.none
    private var hasWarned = false

    /// - Throws: `FileError` if the place for the weights of attention cannot be written to: before the work, not after it.
    init(_ options: TaskOptions) throws {
        self.options = options
        options.threads.apply()
        if let path = options.attention.attention { try AtomicFile.check(path) }
        run = TaskRun(longTexts: options.noTruncate ? .refused : .cut, observing: options.attention.selection)
    }

    /// Leaves heads of the model out, if options say so.
    /// - Throws: `HeadSelectionError` if it has no such heads.
    mutating func leaveOut(of model: some HeadedModel) throws { ablation = try options.ablation.ablation(of: model) }

    /// Does a part of the work; says once that texts are cut, if they are.
    mutating func callAsFunction<Result>(_ body: (inout TaskRun) throws -> Result) throws -> Result {
        let (precision, ablation) = (options.precision, ablation)
        var run = self.run
        defer {
            self.run = run
            warn()
        }
        return try precision { try withAblation(ablation) { try body(&run) } }
    }

    private mutating func warn() {
        guard !hasWarned, let text = run.cutTexts.first else { return }
        hasWarned = true
        Diagnostics.print(
            "attend: a text of \(text.pieceCount) pieces was cut to the \(text.readCount) that the model reads, as any longer one is; "
                + "--no-truncate refuses them")
    }

    /// Writes what was seen.
    func finish() throws { try options.attention.write(run) }
}
