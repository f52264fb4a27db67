import AttentionSignals
import AttentionTraining

extension Sound {
    /// The sounds of a table, compressed or not, of lines `file TAB text`, one after the other, where files are looked for from the table's folder.
    /// - Parameters:
    ///   - expected: what stands in a line, in words.
    ///   - onShortage: told of each file that is cut short, with its path.
    /// - Throws: `CorpusError` or `FineTuningError` naming the table and the line, `SoundTrainingError` the file that cannot be read.
    static func read(
        table path: String, expected: String, _ onShortage: (String, SoundShortage) -> Void,
        receive: (Sound, _ text: String) throws -> Void
    ) throws {
        let cut = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        try CorpusFile(reading: path).forEachRow(of: 2...2, expected) {
            try receive(try Sound(file: $0[0].hasPrefix("/") ? $0[0] : path[..<cut] + $0[0], onShortage), $0[1])
        }
    }

    /// A sound to learn from.
    init(file path: String, _ onShortage: (String, SoundShortage) -> Void) throws(SoundTrainingError) {
        do { self = try Sound(contentsOf: path) { onShortage(path, $0) } } catch { throw .unreadable(path, error) }
    }
}
