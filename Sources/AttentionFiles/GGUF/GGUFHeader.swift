/// What a GGUF file says about its tensors.
///
/// The layout, all little-endian: `GGUF`, a version, the counts of tensors and of metadata; the metadata, each a key, a type and a value;
/// for each tensor its name, the sizes of its axes with the innermost first, its type and where it begins; then, at the next multiple of the
/// alignment, the tensors' bytes.
struct GGUFHeader {
    struct Tensor {
        let name: String
        let sizes: [Int]
        let type: GGUFTensorType
        /// Its bytes in the file.
        let range: Range<Int>
    }

    private(set) var metadata: [String: GGUFValue] = [:]
    private(set) var tensors: [Tensor] = []

    init(_ bytes: SharedBytes, source: String) throws(GGUFError) {
        var reader = GGUFReader(bytes, source: source)
        let magic: UInt32 = try reader.load()
        guard magic == 0x4655_4747 else { throw reader.error("a file that begins with GGUF", found: "something else") }
        let version: UInt32 = try reader.load()
        guard version == 2 || version == 3 else {
            let isSwapped = [1, 2, 3].contains(version.byteSwapped)
            throw reader.error(
                "version 2 or 3, little-endian", found: isSwapped ? "a big-endian file" : "version \(version)")
        }
        // A tensor takes at least 24 bytes of the header, a pair of the metadata 13.
        let tensorCount = try reader.count("tensors", ofAtLeast: 24)
        let pairCount = try reader.count("metadata", ofAtLeast: 13)
        for _ in 0..<pairCount {
            let key = try reader.string()
            let value = try reader.value(try reader.valueType())
            guard metadata.updateValue(value, forKey: key) == nil else {
                throw reader.error("each key once", found: "\(key) twice")
            }
        }
        try checkSplit(reader)
        let alignment = try alignment(reader)
        var places: [Place] = []
        for _ in 0..<tensorCount { places.append(try Place(&reader)) }
        let start = (reader.position + alignment - 1) / alignment * alignment
        try locate(places, from: start, alignment: alignment, fileSize: bytes.count, reader)
    }

    private func checkSplit(_ reader: GGUFReader) throws(GGUFError) {
        guard case .integer(let count)? = metadata["split.count"], count > 1 else { return }
        throw reader.error("a whole model", found: "one part of \(count) (join them first, with llama-gguf-split)")
    }

    private func alignment(_ reader: GGUFReader) throws(GGUFError) -> Int {
        guard let value = metadata["general.alignment"] else { return 32 }
        guard case .integer(let alignment) = value, (1...1 << 20).contains(alignment),
            alignment & (alignment - 1) == 0
        else { throw reader.error("a power of two as general.alignment", found: value.summary) }
        return alignment
    }

    /// What the header says of a tensor.
    private struct Place {
        let name: String
        let sizes: [Int]
        let type: GGUFTensorType
        let offset: UInt64
        let byteCount: Int

        init(_ reader: inout GGUFReader) throws(GGUFError) {
            name = try reader.string()
            let rank: UInt32 = try reader.load()
            guard rank <= 4 else { throw reader.error("at most 4 axes of \(name)", found: "\(rank)") }
            var (sizes, count): ([Int], Int) = ([], 1)
            for _ in 0..<rank {
                let number: UInt64 = try reader.load()
                guard let size = Int(exactly: number), size > 0,
                    case (let product, let overflow) = count.multipliedReportingOverflow(by: size), !overflow,
                    product < 1 << 56
                else { throw reader.error("axes of \(name) that any memory could hold", found: "one of \(number)") }
                count = product
                sizes.append(size)
            }
            let number: UInt32 = try reader.load()
            guard let type = GGUFTensorType(number: number) else {
                throw reader.error("a type of ggml's as that of \(name)", found: "type \(number)")
            }
            guard (sizes.first ?? 1) % type.numberCount == 0 else {
                throw reader.error(
                    "rows of \(name) of whole blocks of \(type.numberCount), as \(type.name) has them",
                    found: "rows of \(sizes.first ?? 1)")
            }
            offset = try reader.load()
            (self.sizes, self.type) = (sizes.reversed(), type)
            byteCount = count / type.numberCount * type.byteCount
        }
    }

    private mutating func locate(
        _ places: [Place], from start: Int, alignment: Int, fileSize: Int, _ reader: GGUFReader
    ) throws(GGUFError) {
        var names: Set<String> = []
        for place in places {
            guard names.insert(place.name).inserted else {
                throw reader.error("each tensor once", found: "\(place.name) twice")
            }
            guard place.offset % UInt64(alignment) == 0 else {
                throw reader.error("\(place.name) at a multiple of \(alignment)", found: "\(place.offset)")
            }
            guard let offset = Int(exactly: place.offset), start <= fileSize, offset <= fileSize - start,
                place.byteCount <= fileSize - start - offset
            else {
                throw reader.error(
                    "\(place.name) within the \(fileSize) bytes of the file",
                    found: "\(place.byteCount) bytes from \(place.offset) behind the header")
            }
            tensors.append(
                Tensor(
                    name: place.name, sizes: place.sizes, type: place.type,
                    range: start + offset..<start + offset + place.byteCount))
        }
        let sorted = tensors.sorted { $0.range.lowerBound < $1.range.lowerBound }
        for (first, second) in zip(sorted, sorted.dropFirst()) where second.range.lowerBound < first.range.upperBound {
            throw reader.error("tensors beside each other", found: "\(second.name) within \(first.name)")
        }
    }
}
