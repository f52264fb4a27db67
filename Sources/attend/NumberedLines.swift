import AttentionCommand
import AttentionFiles

/// The lines of standard input; complaints about one name its number.
struct NumberedLines: ~Copyable {
    private var reader = LineReader.standardInput(byteLimit: 1 << 26)
    private var number = 0
    /// How many could not be used.
    private(set) var unusableCount = 0

    /// What `read` makes of the next line, nil inside if it cannot be used, which is said; nil at the end.
    mutating func next<Value>(_ read: (String) throws(TokenLineError) -> Value) throws(FileError) -> Value?? {
        guard let line = try reader.next() else { return nil }
        number += 1
        switch line {
        case .line(let text):
            do { return .some(try read(text)) } catch { return complain("\(error)") }
        case .invalid(let reason): return complain("\(reason)")
        }
    }

    private mutating func complain<Value>(_ reason: String) -> Value?? {
        unusableCount += 1
        Diagnostics.print("attend: line \(number): \(reason)")
        return .some(nil)
    }
}
