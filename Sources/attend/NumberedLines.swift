import AttentionCommand
import AttentionFiles

/// The texts given as arguments, or the lines of standard input if there are none; complaints about one name its number.
struct NumberedLines: ~Copyable {
    private var reader = LineReader.standardInput(byteLimit: 1 << 26)
    /// nil where standard input is read.
    private var arguments: ArraySlice<String>?
    private var number = 0
    /// How many could not be used.
    private(set) var unusableCount = 0

    init(arguments: [String]) { self.arguments = arguments.isEmpty ? nil : arguments[...] }

    /// What `read` makes of the next line, nil inside if it cannot be used, which is said; nil at the end.
    mutating func next<Value>(_ read: (String) throws(TokenLineError) -> Value) throws(FileError) -> Value?? {
        guard let line = try nextLine() else { return nil }
        number += 1
        switch line {
        case .line(let text):
            do { return .some(try read(text)) } catch { return complain("\(error)") }
        case .invalid(let reason): return complain("\(reason)")
        }
    }

    private mutating func nextLine() throws(FileError) -> LineReader.Line? {
        arguments == nil ? try reader.next() : arguments?.popFirst().map(LineReader.Line.line)
    }

    private mutating func complain<Value>(_ reason: String) -> Value?? {
        unusableCount += 1
        Diagnostics.print("attend: \(arguments == nil ? "line" : "text") \(number): \(reason)")
        return .some(nil)
    }
}
