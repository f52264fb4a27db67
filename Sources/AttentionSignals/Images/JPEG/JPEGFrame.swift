/// The sizes of a picture and of its components: what a frame header says (T.81, section B.2.2).
struct JPEGFrame {
    /// One of the colours, in blocks of 8 by 8 coefficients.
    struct Component {
        let identifier: Int
        /// Samples in a unit of the picture, across and down.
        let (across, down): (Int, Int)
        let quantizationTable: Int
        /// Its size in samples, and in blocks that hold them.
        let (width, height): (Int, Int)
        let (columns, rows): (Int, Int)
        /// How many blocks a line of the coefficients has: the blocks of all units.
        let (storedColumns, storedRows): (Int, Int)
        /// Where its coefficients begin.
        let offset: Int
    }

    let width: Int
    let height: Int
    let isProgressive: Bool
    let components: [Component]
    /// The most samples in a unit, across and down.
    let (across, down): (Int, Int)
    /// How many units the picture has, across and down.
    let (unitColumns, unitRows): (Int, Int)
    let coefficientCount: Int

    init(
        _ fields: ByteFields, at place: Int, size: Int, marker: Int, limit: Int
    ) throws(SignalError) {
        guard size >= 6 else { throw fields.malformed("a frame header of 6 bytes or more", found: "\(size)") }
        let precision = try fields.byte(place)
        guard precision == 8 else {
            throw .unsupported(
                operation: "jpeg", expected: "samples of 8 bits", found: "\(precision)", wayOut: "convert it to PNG")
        }
        (height, width) = (try fields.short(place + 1), try fields.short(place + 3))
        try Image.check(width: width, height: height, limit: limit, for: "jpeg")
        let count = try fields.byte(place + 5)
        guard count == 1 || count == 3 || count == 4, size == 6 + 3 * count else {
            throw .unsupported(
                operation: "jpeg", expected: "1, 3 or 4 components", found: "\(count)", wayOut: "convert it to PNG")
        }
        isProgressive = marker == 0xC2
        var factors: [(across: Int, down: Int)] = []
        for index in 0..<count {
            let both = try fields.byte(place + 7 + 3 * index)
            // One component alone is stored block by block, whatever it says.
            factors.append(count == 1 ? (1, 1) : (both >> 4, both & 15))
            guard 1...4 ~= both >> 4, 1...4 ~= both & 15 else {
                throw fields.malformed("sampling factors of 1 to 4", found: "\(both >> 4) and \(both & 15)")
            }
        }
        let (across, down) = (factors.map(\.across).max() ?? 1, factors.map(\.down).max() ?? 1)
        guard factors.allSatisfy({ across % $0.across == 0 && down % $0.down == 0 }) else {
            throw .unsupported(
                operation: "jpeg", expected: "colours at a whole part of the picture's size",
                found: "the sampling factors \(factors.map { "\($0.across)x\($0.down)" }.joined(separator: ", "))",
                wayOut: "convert it to PNG")
        }
        (self.across, self.down) = (across, down)
        (unitColumns, unitRows) = (Self.parts(width, 8 * across), Self.parts(height, 8 * down))
        var (components, offset): ([Component], Int) = ([], 0)
        for index in 0..<count {
            let factor = factors[index]
            let (width, height) = (Self.parts(width * factor.across, across), Self.parts(height * factor.down, down))
            let component = Component(
                identifier: try fields.byte(place + 6 + 3 * index), across: factor.across, down: factor.down,
                quantizationTable: try fields.byte(place + 8 + 3 * index), width: width, height: height,
                columns: Self.parts(width, 8), rows: Self.parts(height, 8),
                storedColumns: unitColumns * factor.across, storedRows: unitRows * factor.down, offset: offset)
            components.append(component)
            offset += 64 * component.storedColumns * component.storedRows
        }
        (self.components, coefficientCount) = (components, offset)
    }

    private static func parts(_ size: Int, _ part: Int) -> Int { (size + part - 1) / part }
}
