import AttentionCatalogue
import AttentionOperators
import AttentionTensors
import AttentionTestSupport
import FoundationEssentials

/// A golden case made to fit no longer: some of its tensors have other shapes or are missing, some of its options are odd or missing.
struct UnfitRequest {
    let specification: Specification
    let tensors: SafetensorsFile

    /// A variation of the case at this place; the same generator state gives the same one.
    init(_ location: GoldenCaseLocation, using generator: inout RandomGenerator) throws {
        let path = location.folder + "/" + location.name
        let json = try Data(contentsOf: URL(filePath: path + ".json"))
        var specification = try JSONDecoder().decode(Specification.self, from: json)
        specification.expected = nil
        for name in specification.options.keys.sorted() where name != "iterations" && generator.next() % 4 == 0 {
            specification.options[name] =
                [.number(-3), .number(0), .number(1), .number(2), .number(0.5), .number(1e6), .text("?"), nil]
                .randomElement(using: &generator) ?? nil
        }
        let file = try SafetensorsFile(path: path + ".safetensors")
        var bytes = UnfitBytes()
        for name in file.names where !name.hasPrefix("expected") && generator.next() % 8 != 0 {
            let isChanged = generator.next() % 4 == 0
            var sizes = try file.shape(of: name).dimensions
            if isChanged, generator.next() % 2 == 0, !sizes.isEmpty {
                sizes[sizes.indices.randomElement(using: &generator) ?? 0] = Int.random(in: 0...4, using: &generator)
            } else if isChanged {
                let rank = Int.random(in: 0...6, using: &generator)
                sizes = (0..<rank).map { _ in Int.random(in: 0...4, using: &generator) }
            }
            bytes.append(name, try file.elementType(of: name), sizes, using: &generator)
        }
        self.specification = specification
        tensors = try SafetensorsFile(bytes.file, source: location.name)
    }
}

/// The bytes of a safetensors file of random elements of any type.
private struct UnfitBytes {
    private var entries: [String] = []
    private var data: [UInt8] = []

    mutating func append(_ name: String, _ type: ElementType, _ sizes: [Int], using generator: inout RandomGenerator) {
        let start = data.count
        for _ in 0..<sizes.reduce(1, *) {
            switch type {
            case .boolean: data.append(UInt8(generator.next() % 2))
            case .int64: data += bytes(of: Int64.random(in: -1...5, using: &generator))
            default: data += bytes(of: generator.nextNormal())
            }
        }
        let format = [ElementType.boolean: "BOOL", .int64: "I64"][type] ?? "F32"
        entries.append(
            "\"\(name)\":{\"dtype\":\"\(format)\",\"shape\":\(sizes),\"data_offsets\":[\(start),\(data.count)]}")
    }

    var file: [UInt8] {
        let header = Array("{\(entries.joined(separator: ","))}".utf8)
        return bytes(of: UInt64(header.count)) + header + data
    }

    private func bytes(of value: some BitwiseCopyable) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }
}
