/// Which components a scan brings, by which codes, and which part of their coefficients (T.81, section B.2.3).
struct JPEGScan {
    /// A component with the numbers of its tables.
    struct Part {
        let component: Int
        let (direct, alternating): (Int, Int)
    }

    let parts: [Part]
    /// The first and last coefficient, in zigzag order.
    let (first, last): (Int, Int)
    /// The bits that earlier scans brought end above `high` (0 if there were none); these end at `low`.
    let (high, low): (Int, Int)

    init(_ fields: ByteFields, at place: Int, size: Int, frame: JPEGFrame) throws(SignalError) {
        let count = try fields.byte(place)
        guard 1...4 ~= count, size == 4 + 2 * count else {
            throw fields.malformed("a scan header of 1 to 4 components", found: "\(count) in \(size) bytes")
        }
        var parts: [Part] = []
        for index in 0..<count {
            let (identifier, tables) = (try fields.byte(place + 1 + 2 * index), try fields.byte(place + 2 + 2 * index))
            guard let component = frame.components.firstIndex(where: { $0.identifier == identifier }),
                !parts.contains(where: { $0.component == component }), tables >> 4 < 4, tables & 15 < 4
            else { throw fields.malformed("components of the frame, each once", found: "number \(identifier)") }
            parts.append(Part(component: component, direct: tables >> 4, alternating: tables & 15))
        }
        let end = place + 1 + 2 * count
        let bits = try fields.byte(end + 2)
        (first, last) = frame.isProgressive ? (try fields.byte(end), try fields.byte(end + 1)) : (0, 63)
        (high, low) = frame.isProgressive ? (bits >> 4, bits & 15) : (0, 0)
        self.parts = parts
        guard !frame.isProgressive || isProgression else {
            throw fields.malformed(
                "a part of the coefficients that may come alone", found: "\(first) to \(last), bits \(high) to \(low)")
        }
        let blocks = parts.reduce(0) {
            $0 + frame.components[$1.component].across * frame.components[$1.component].down
        }
        guard count == 1 || blocks <= 10 else {
            throw fields.malformed("at most 10 blocks in a unit", found: "\(blocks)")
        }
    }

    /// Whether the first coefficients come alone, the others of one component alone, and each bit behind the one above (section G.1.1.1).
    private var isProgression: Bool {
        let isPart = first == 0 ? last == 0 : first <= last && last <= 63 && parts.count == 1
        return isPart && low <= 13 && (high == 0 || high == low + 1)
    }
}
