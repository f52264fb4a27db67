import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "See whether a model still looks where it did.",
        discussion: """
            Reads the texts of a folder of attend snapshot again and compares every weight. The exit code is 1 if one has moved further than the \
            snapshot allows, with a table of the heads that moved most, and 0 if none has.
            """)

    @Argument(help: ArgumentHelp("The folder.", valueName: "folder"))
    var snapshot: String
    @OptionGroup var model: ModelOptions
    @OptionGroup var choice: TranslatorOptions
    @Option(parsing: .unconditional, help: "How far a weight may move, from 0 to 1; as the snapshot says unless given.")
    var tolerance: Float?
    @Option(parsing: .unconditional, help: "Heads shown at most.")
    var limit = 20
    @Flag(help: "Write one JSON object per head that moved too far, all of them.")
    var json = false
    @OptionGroup var precision: PrecisionOptions
    @OptionGroup var threads: ThreadOptions

    private struct Line: Encodable {
        let before: Float
        let change: Float
        let head: String
        let key: String
        let now: Float
        let query: String
        let rows: Int
        let text: Int
        let turnedRows: Int

        init(_ move: TraceComparison.HeadMove, text: Int) {
            (before, now, change, head) = (move.before, move.now, move.change, move.name)
            (query, key, rows, turnedRows, self.text) = (move.query, move.key, move.rowCount, move.turnedRowCount, text)
        }
    }

    func validate() throws {
        if let tolerance, !(0...1).contains(tolerance) {
            throw ValidationError("--tolerance: expected a number from 0 to 1, found \(tolerance)")
        }
        guard limit > 0 else { throw ValidationError("--limit: expected a number from 1, found \(limit)") }
    }

    func run() throws {
        threads.apply()
        let snapshot = try AttentionSnapshot(path: snapshot)
        func comparisons(with model: some TraceableModel) throws -> [TraceComparison] {
            try snapshot.comparisons(with: model)
        }
        let model = try choice.traceableModel(at: model.model ?? "default")
        let compared = try precision { try comparisons(with: model) }
        let all = compared.enumerated().flatMap { index, comparison in
            comparison.moves.map { (text: index + 1, move: $0) }
        }
        let limitOfMoves = tolerance ?? snapshot.tolerance
        // What is no number has not stayed.
        let moved = all.filter { !($0.move.change <= limitOfMoves) }
            .sorted { ($1.move.change, $0.text) < ($0.move.change, $1.text) }
        if json {
            for (text, move) in moved { try Results.print(try JSONEncoding.text(of: Line(move, text: text))) }
        } else {
            try printTable(moved, of: all, texts: compared.count, limitOfMoves)
        }
        if !moved.isEmpty { throw ExitCode(1) }
    }

    private func printTable(
        _ moved: [(text: Int, move: TraceComparison.HeadMove)], of all: [(text: Int, move: TraceComparison.HeadMove)],
        texts: Int, _ tolerance: Float
    ) throws {
        if !moved.isEmpty {
            try Results.print("text\thead\tmoved\tbefore\tnow\tfrom\tto\trows that look elsewhere")
            for (text, move) in moved.prefix(limit) {
                let numbers = [move.change, move.before, move.now].map { Double($0).fixedPoint(digits: 3) }
                let cells =
                    ["\(text)", move.name] + numbers + [
                        move.query, move.key, "\(move.turnedRowCount) of \(move.rowCount)",
                    ]
                try Results.print(cells.joined(separator: "\t"))
            }
            if moved.count > limit { try Results.print("and \(moved.count - limit) more; --limit shows them") }
        }
        let greatest = all.map(\.move.change).max() ?? 0
        try Results.print(
            "\(moved.count) of \(all.count) heads in \(texts) \(texts == 1 ? "text" : "texts") moved by more than \(tolerance); the greatest move is "
                + Double(greatest).fixedPoint(digits: 4))
    }
}

extension TraceComparison.HeadMove {
    /// As `--ablate` names it.
    fileprivate var name: String { "\(kind.rawValue) \(layer).\(head)" }
}
