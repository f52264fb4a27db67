import Glibc

/// An argument that is no text: refused as a line of standard input is, instead of being repaired in silence.
struct UnreadableArgument: DataFault, CustomStringConvertible {
    /// Which, counted from 1 behind the program's name.
    let position: Int
    /// The byte that does not fit, counted from 0.
    let byte: Int

    var description: String {
        "argument \(position): expected UTF-8 text, found byte \(byte + 1) of the argument not to fit; convert the text to UTF-8"
    }

    /// Refuses the first argument that is not UTF-8.
    static func check() throws(UnreadableArgument) {
        for position in 1..<max(1, Int(CommandLine.argc)) {
            guard let pointer = CommandLine.unsafeArgv[position] else { continue }
            let bytes = UnsafeRawBufferPointer(start: pointer, count: strlen(pointer)).bindMemory(to: UInt8.self)
            if let byte = firstInvalidByte(of: bytes) { throw UnreadableArgument(position: position, byte: byte) }
        }
    }

    private static func firstInvalidByte(of bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        do {
            _ = try UTF8Span(validating: bytes.span)
            return nil
        } catch {
            return error.byteOffsets.lowerBound
        }
    }
}
