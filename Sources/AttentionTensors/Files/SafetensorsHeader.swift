/// What a safetensors file says about its tensors.
///
/// The layout: 8 bytes with the size N of the header (little-endian), N bytes of JSON, then the tensors' bytes one after another
/// without gaps. The JSON maps each name to `dtype`, `shape` and `data_offsets`, and `__metadata__` to strings.
/// Source: the format's description at https://huggingface.co/docs/safetensors.
struct SafetensorsHeader {
    /// Where and how one tensor is stored.
    struct Entry: Equatable {
        let name: String
        let elementType: ElementType
        let shape: Shape
        /// The tensor's bytes, counted from the end of the header.
        let range: Range<Int>
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
        var scanner = try HeaderScanner(json, source: source)
        guard json.first == UInt8(ascii: "{") else {
            throw .malformed(source: source, expected: "a header that begins with {", found: "something else")
        }
        var (entries, metadata) = (entries, metadata)
        try scanner.object { (scanner, name) throws(SafetensorsError) in
            guard name == Self.metadataKey else { return entries.append(try Self.entry(name, from: &scanner)) }
            try scanner.object { (scanner, key) throws(SafetensorsError) in metadata[key] = try scanner.string() }
        }
        try scanner.end()
        entries.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
        (self.entries, self.metadata) = (entries, metadata)
        try checkCoverage(of: dataSize, source: source)
    }

    private static func entry(_ name: String, from scanner: inout HeaderScanner) throws(SafetensorsError) -> Entry {
        var (type, sizes, offsets): (String?, [Int]?, [Int]?) = (nil, nil, nil)
        try scanner.object { (scanner, key) throws(SafetensorsError) in
            switch key {
            case "dtype": type = try scanner.string()
            case "shape": sizes = try scanner.counts()
            case "data_offsets": offsets = try scanner.counts()
            default: throw scanner.error("dtype, shape and data_offsets of \(name)", found: key)
            }
        }
        guard let type, let sizes, let offsets else {
            throw scanner.error("dtype, shape and data_offsets of \(name)", found: "not all of them")
        }
        guard let elementType = ElementType(rawValue: type) else {
            let known = ElementType.allCases.map(\.rawValue).joined(separator: ", ")
            throw scanner.error("one of \(known) as dtype of \(name)", found: type)
        }
        guard offsets.count == 2, offsets[0] <= offsets[1] else {
            throw scanner.error("a start and an end as data_offsets of \(name)", found: "\(offsets)")
        }
        guard byteCount(sizes, elementType) == offsets[1] - offsets[0] else {
            throw scanner.error(
                "as many bytes for \(name) as \(sizes) elements of \(type) take",
                found: "\(offsets[1] - offsets[0]) bytes")
        }
        return Entry(name: name, elementType: elementType, shape: Shape(sizes), range: offsets[0]..<offsets[1])
    }

    /// The bytes of a tensor; nil if no buffer could hold its other axes, even where one is 0.
    private static func byteCount(_ sizes: [Int], _ type: ElementType) -> Int? {
        var count = MemoryLayout<Double>.size
        for size in sizes where size > 0 {
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            if overflow { return nil }
            count = product
        }
        return sizes.contains(0) ? 0 : count / MemoryLayout<Double>.size * type.byteCount
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
