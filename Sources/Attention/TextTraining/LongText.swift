import AttentionFiles
import AttentionTraining

/// A long text and a short one that says the same.
public struct LongText: Sendable, Hashable {
    /// The long text.
    public var text: String
    /// The short one.
    public var summary: String

    /// A text with its summary.
    public init(_ text: String, summary: String) { (self.text, self.summary) = (text, summary) }

    /// Reads files one after the other: lines `text TAB summary`; in `.jsonl` files objects with both, under these names. Blank lines hold nothing.
    /// - Throws: `CorpusError` or `FineTuningError` naming the file and the line.
    public static func read(
        _ paths: [String], textName: String = "text", summaryName: String = "summary"
    ) throws -> [LongText] {
        var texts: [LongText] = []
        for file in try paths.map({ try CorpusFile(reading: $0) }) {
            if file.isJSON {
                try file.forEachRecord {
                    texts.append(LongText(try $0.text(textName), summary: try $0.text(summaryName)))
                }
            } else {
                try file.forEachRow(of: 2...2, "a text and its summary with a tab between them") {
                    texts.append(LongText($0[0], summary: $0[1]))
                }
            }
        }
        return texts
    }
}
