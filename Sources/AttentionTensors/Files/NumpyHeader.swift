/// What a file of numpy's (`.npy`) says of its array.
///
///     \x93NUMPY  version (2 bytes)  length of what follows (u16; u32 from version 2 on)  {'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }
///
/// Source: numpy, *NEP 1: A simple file format for NumPy arrays*.
struct NumpyHeader {
    /// The type of the numbers, such as `<f4`.
    let type: String
    let sizes: [Int]
    /// Where the numbers begin.
    let start: Int

    /// nil if it is no such header, or the array lies column by column.
    init?(_ bytes: [UInt8]) {
        guard bytes.starts(with: [0x93] + Array("NUMPY".utf8)), bytes.count >= 12 else { return nil }
        let width = bytes[6] == 1 ? 2 : 4
        let length = (0..<width).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
        let start = 8 + width + length
        guard start <= bytes.count else { return nil }
        let text = String(decoding: bytes[8 + width..<start], as: UTF8.self)
        guard let type = Self.value(of: "descr", in: text), type.first == "'", type.last == "'",
            Self.value(of: "fortran_order", in: text) == "False",
            let shape = Self.value(of: "shape", in: text), shape.first == "(", shape.last == ")"
        else { return nil }
        var sizes: [Int] = []
        for part in shape.dropFirst().dropLast().split(separator: ",") {
            let digits = part.filter { $0 != " " }
            if digits.isEmpty { continue }
            guard let size = Int(digits), size >= 0 else { return nil }
            sizes.append(size)
        }
        (self.type, self.sizes, self.start) = (String(type.dropFirst().dropLast()), sizes, start)
    }

    /// What stands behind a name: up to the next comma, or the end of brackets.
    private static func value(of name: String, in text: String) -> Substring? {
        guard let key = text.firstRange(of: "'\(name)':") else { return nil }
        let rest = text[key.upperBound...].drop { $0 == " " }
        let end: Substring.Index?
        if rest.first == "(" {
            end = rest.firstIndex(of: ")").map(rest.index(after:))
        } else {
            end = rest.firstIndex { $0 == "," || $0 == "}" }
        }
        return end.map { rest[..<$0] }
    }
}
