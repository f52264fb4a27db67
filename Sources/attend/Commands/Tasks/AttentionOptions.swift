import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

/// Which heads a command on texts looks into, and where it writes what it sees.
struct AttentionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Also write where heads look, attentions.N for layer N, with the pieces of the texts beside them; of one text, picture or sound also as a page (.html), or as a trace (.trace), which attend inspect --trace shows in every view.",
            valueName: "file.safetensors"))
    var attention: String?
    @Option(help: "The layers that are looked into, from 1: 1,3-5; all unless given.")
    var layers: IndexList?
    @Option(help: "The heads of each that are looked into, from 1; all unless given.")
    var heads: IndexList?

    func validate() throws {
        if let attention { try FileEnding.check(attention, "--attention", among: Form.allCases.map(\.rawValue)) }
        guard attention == nil, let name = layers != nil ? "--layers" : heads != nil ? "--heads" : nil else { return }
        throw ValidationError("\(name): expected --attention FILE beside it")
    }

    /// Refuses a page or trace of several texts, pictures or sounds: before the work, where their number is known before it.
    func validate(count: Int) throws {
        guard let form = attention.flatMap({ Form(path: $0) }), form != .tensors, count > 1 else { return }
        throw ValidationError(UnfitTrace(count: count, unit: Self.unit).description)
    }

    /// What has a row of its own in most commands.
    private static let unit = "text, picture or sound"

    /// What is written, by the ending of the file.
    enum Form: String, CaseIterable {
        case tensors = ".safetensors"
        case page = ".html"
        case trace = ".trace"

        init?(path: String) {
            guard let ending = FileEnding.of(path, among: Self.allCases.map(\.rawValue)) else { return nil }
            self.init(rawValue: ending)
        }
    }

    var selection: AttentionSelection {
        attention == nil ? .none : AttentionSelection(layers: layers?.indices, heads: heads?.indices)
    }

    /// Writes what was seen in a run, if that was asked for: rows side by side, [rows, heads, L, K], with zeros beyond the pieces and places of
    /// a row. Texts that were written have traces and no rows.
    ///
    /// - Parameters:
    ///   - name: what the tensors of rows are called.
    ///   - unit: what has a row or a trace of its own.
    func write(_ run: TaskRun, name: String = "attentions", each unit: String = AttentionOptions.unit) throws {
        guard let path = attention else { return }
        let rows = run.attentions
        let count = rows.count + run.traces.count
        guard Form(path: path) == .tensors || count == 1 else { throw UnfitTrace(count: count, unit: unit) }
        guard run.traces.isEmpty else { return try write(run.traces, to: path) }
        guard Form(path: path) == .tensors else {
            return try write(ModelTrace(name: "", rows[0], heads: heads?.indices), to: path)
        }
        let layers = rows.first?.layers.map(\.layer) ?? []
        let entries = try layers.indices.map { place in
            Safetensors.Entry("\(name).\(layers[place])", try stacked(rows.map { $0.layers[place].weights }))
        }
        var metadata = [
            "tokens": try JSONEncoding.text(of: rows.map(\.pieces)), "layers": try JSONEncoding.text(of: layers),
            "heads": try JSONEncoding.text(
                of: heads?.indices ?? Array(0..<(rows.first?.layers.first?.weights.shape[0] ?? 0))),
        ]
        if rows.contains(where: { !$0.places.isEmpty && $0.places != $0.pieces }) {
            metadata["places"] = try JSONEncoding.text(of: rows.map(\.places))
        }
        try Safetensors.write(entries, metadata: metadata, to: path)
    }

    /// As a page, or as it is.
    func write(_ trace: ModelTrace, to path: String) throws {
        guard Form(path: path) == .page else { return try trace.write(to: path) }
        try AtomicFile.write(Array(HTMLRenderer().render(trace).utf8), to: path)
    }

    /// [heads, L, K] of each row → [rows, heads, L, K].
    func stacked(_ weights: [Tensor]) throws(ShapeError) -> Tensor {
        var rows: [Tensor] = []
        for row in weights {
            var filled = row
            for axis in 1...2 {
                let missing = (weights.map { $0.shape[axis] }.max() ?? 0) - row.shape[axis]
                if missing > 0 { filled = try filled.padded(axis: axis, before: 0, after: missing) }
            }
            rows.append(filled.unsqueezed(axis: 0))
        }
        return rows.count == 1 ? rows[0] : try concatenated(rows, axis: 0)
    }
}

/// A page or trace has one row.
private struct UnfitTrace: UsageFault, CustomStringConvertible {
    let count: Int
    /// What has a row of its own.
    let unit: String

    var description: String {
        "--attention: expected one \(unit) for a page or trace, found \(count); "
            + (count == 0 ? "nothing was read" : "write .safetensors for several")
    }
}

/// Layers or heads, counted from 1 as everywhere in the commands: numbers and ranges of them with commas between, `1,3-5`.
struct IndexList: ExpressibleByArgument {
    /// Counted from 0, as the library does.
    let indices: [Int]

    init?(argument: String) {
        var (indices, seen): ([Int], Set<Int>) = ([], [])
        for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard ends.count <= 2, let first = ends[0], let last = ends.count == 2 ? ends[1] : first, 1 <= first,
                first <= last, last <= 1 << 16
            else { return nil }
            for index in first - 1...last - 1 where seen.insert(index).inserted { indices.append(index) }
        }
        self.indices = indices
    }
}
