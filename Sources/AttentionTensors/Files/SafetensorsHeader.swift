import AttentionFiles

/// What a safetensors file says about its tensors.
///
/// The layout: 8 bytes with the size N of the header (little-endian), N bytes of JSON, then the tensors' bytes one after another
/// without gaps. The JSON maps each name to `dtype`, `shape` and `data_offsets`, and `__metadata__` to strings.
/// Source: the format's description at https://huggingface.co/docs/safetensors.
struct SafetensorsHeader {
    /// Where and how one tensor is stored.
    struct Entry: Equatable {
        let name: String
        /// How the file calls the type of its numbers.
        let typeName: String
        let shape: Shape
        /// The tensor's bytes, counted from the end of the header.
        let range: Range<Int>

        /// The type of its numbers, if it can be read here: the format has more, and a tensor that nobody reads may be of any.
        var elementType: ElementType? { ElementType(rawValue: typeName) }

        /// Nil if the bytes are not as many as the elements take, or no buffer could hold the axes that are not 0.
        init?(name: String, typeName: String, sizes: [Int], range: Range<Int>) {
            var count = MemoryLayout<Double>.size
            for size in sizes where size > 0 {
                let (product, overflow) = count.multipliedReportingOverflow(by: size)
                if overflow { return nil }
                count = product
            }
            count = sizes.contains(0) ? 0 : count / MemoryLayout<Double>.size
            (self.name, self.typeName, shape, self.range) = (name, typeName, Shape(sizes), range)
            if let elementType, count * elementType.byteCount != range.count { return nil }
        }
    }

    /// The key that no tensor may have.
    static let metadataKey = "__metadata__"
    /// The bytes before the JSON.
    static let prefixSize = 8
    /// No header is longer: the format forbids it, so that a reader need not fear what it cannot check.
    static let sizeLimit = 100_000_000

    /// In the order of their bytes.
    private(set) var entries: [Entry] = []
    private(set) var metadata: [String: String] = [:]

    /// Reads the JSON of a file whose tensors take `dataSize` bytes, and checks that they do.
    init(json: [UInt8], dataSize: Int, source: String) throws(SafetensorsError) {
        guard String(validating: json, as: UTF8.self) != nil else {
            throw .malformed(source: source, expected: "a header in UTF-8", found: "bytes that are not")
        }
        guard json.first == UInt8(ascii: "{") else {
            throw .malformed(source: source, expected: "a header that begins with {", found: "something else")
        }
        do {
            try read(json)
        } catch .malformed(let byte, let expected, let found) {
            throw .malformed(source: source, expected: "\(expected) before byte \(byte) of the header", found: found)
        } catch {
            throw .malformed(source: source, expected: "a header of tensors", found: "\(error)")
        }
        entries.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
        try checkCoverage(of: dataSize, source: source)
    }

    private mutating func read(_ json: [UInt8]) throws(JSONError) {
        var (entries, metadata) = (entries, metadata)
        try JSONParser.forEachMember(of: json, duplicates: .refused) { (name, value, end) throws(JSONError) in
            guard case .object(let members) = value else {
                throw .malformed(byte: end, expected: "an object for \(name)", found: value.summary)
            }
            guard name == Self.metadataKey else {
                return entries.append(try Self.entry(name, members, end))
            }
            for member in members { metadata[member.key] = try Self.string(member, end) }
        }
        (self.entries, self.metadata) = (entries, metadata)
    }

    private static func entry(_ name: String, _ members: [JSONMember], _ end: Int) throws(JSONError) -> Entry {
        var (type, sizes, offsets): (String?, [Int]?, [Int]?) = (nil, nil, nil)
        func error(_ expected: String, found: String) -> JSONError {
            .malformed(byte: end, expected: expected, found: found)
        }
        for member in members {
            switch member.key {
            case "dtype": type = try string(member, end)
            case "shape": sizes = try counts(member, end)
            case "data_offsets": offsets = try counts(member, end)
            default: throw error("dtype, shape and data_offsets of \(name)", found: member.key)
            }
        }
        guard let type, let sizes, let offsets else {
            throw error("dtype, shape and data_offsets of \(name)", found: "not all of them")
        }
        guard offsets.count == 2, offsets[0] <= offsets[1] else {
            throw error("a start and an end as data_offsets of \(name)", found: "\(offsets)")
        }
        let entry = Entry(name: name, typeName: type, sizes: sizes, range: offsets[0]..<offsets[1])
        guard let entry else {
            throw error(
                "as many bytes for \(name) as \(sizes) elements of \(type) take",
                found: "\(offsets[1] - offsets[0]) bytes")
        }
        return entry
    }

    private static func string(_ member: JSONMember, _ end: Int) throws(JSONError) -> String {
        guard case .string(let text) = member.value else {
            throw .malformed(byte: end, expected: "a string as \(member.key)", found: member.value.summary)
        }
        return text
    }

    private static func counts(_ member: JSONMember, _ end: Int) throws(JSONError) -> [Int] {
        guard case .array(let values) = member.value else {
            throw .malformed(byte: end, expected: "an array of counts as \(member.key)", found: member.value.summary)
        }
        var counts: [Int] = []
        for value in values {
            guard case .number(let number) = value, let count: Int = number.exactly(), count >= 0 else {
                throw .malformed(byte: end, expected: "counts as \(member.key)", found: value.summary)
            }
            counts.append(count)
        }
        return counts
    }

    private func checkCoverage(of dataSize: Int, source: String) throws(SafetensorsError) {
        var end = 0
        for entry in entries {
            guard entry.range.lowerBound == end else {
                throw .malformed(
                    source: source, expected: "\(entry.name) to begin where the tensor before it ends, at \(end)",
                    found: "\(entry.range.lowerBound)")
            }
            end = entry.range.upperBound
        }
        guard end == dataSize else {
            throw .malformed(
                source: source, expected: "\(end) bytes of tensors after the header", found: "\(dataSize) bytes")
        }
    }
}
