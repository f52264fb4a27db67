import AttentionCatalogue
import AttentionMechanisms
import AttentionOperators
import AttentionTensors
import AttentionTestSupport
import FoundationEssentials
import Testing

/// Whatever a specification and its tensors hold, computing gives outputs or a sentence; it never traps.
@Suite struct FuzzTests {
    private static let mutantsPerCase = 60

    @Test(arguments: GoldenCaseLocation.all(of: Set(Catalogue.complete.entries.map(\.name))).filter(\.isFixture))
    func anythingGivesOutputsOrASentence(_ location: GoldenCaseLocation) throws {
        let path = location.folder + "/" + location.name
        let json = try Data(contentsOf: URL(filePath: path + ".json"))
        var specification = try JSONDecoder().decode(Specification.self, from: json)
        specification.expected = nil
        let original = FuzzCase(
            specification: specification,
            tensors: try StoredTensor.inputs(of: SafetensorsFile(path: path + ".safetensors")))
        var generator = RandomKey(seed: location.name.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) }).generator()
        for _ in 0..<Self.mutantsPerCase {
            var mutant = original
            var changes: [String] = []
            for _ in 0...Int.random(in: 0...1, using: &generator) { changes.append(mutant.mutate(&generator)) }
            try mutant.run(after: changes)
        }
    }
}

extension GoldenCaseLocation {
    /// Whether the case is one of the package's own.
    fileprivate var isFixture: Bool { folder.hasSuffix("Fixtures/Vectors") }
}

/// A specification and the tensors that go with it, to be damaged.
private struct FuzzCase {
    var specification: Specification
    var tensors: [StoredTensor]

    /// Computes everything, gradients included.
    func run(after changes: [String]) throws {
        let file = try SafetensorsFile(StoredTensor.encoded(tensors), source: "fuzz")
        do {
            for (name, output) in try specification.compute(file, in: .complete) {
                // Reading a result finds views that reach outside their storage.
                if case .real(let tensor) = output {
                    #expect(tensor.values.count == tensor.shape.elementCount, "\(name) after \(changes)")
                }
            }
        } catch {
            let isTyped = error is RequestError || error is ShapeError || error is SafetensorsError
            #expect(isTyped && "\(error)".contains(" "), "\(specification.mechanism) after \(changes): \(error)")
        }
    }

    /// Changes one thing and says what.
    mutating func mutate(_ generator: inout RandomGenerator) -> String {
        if Int.random(in: 0..<5, using: &generator) < 2, !specification.options.isEmpty {
            return Self.mutate(&specification.options, &generator)
        }
        guard !tensors.isEmpty else { return "nothing" }
        if Int.random(in: 0..<3, using: &generator) == 0 { return resize(&generator) }
        let index = Int.random(in: 0..<tensors.count, using: &generator)
        let name = tensors[index].name
        guard Int.random(in: 0..<8, using: &generator) > 0 else {
            tensors.remove(at: index)
            return "without \(name)"
        }
        tensors[index].mutate(&generator)
        return "\(name) \(tensors[index].type.rawValue) \(tensors[index].shape)"
    }

    /// Changes one size wherever it occurs, so that shapes still fit each other.
    private mutating func resize(_ generator: inout RandomGenerator) -> String {
        guard let old = tensors.flatMap(\.shape).randomElement(using: &generator) else { return "nothing" }
        let new = [0, 1, 2, old + 1, max(0, old - 1)][Int.random(in: 0..<5, using: &generator)]
        for index in tensors.indices { tensors[index].reshape(to: tensors[index].shape.map { $0 == old ? new : $0 }) }
        return "\(new) for \(old)"
    }

    /// Replaces one option, possibly one inside a list or a table.
    private static func mutate(
        _ options: inout [String: AttentionMechanisms.OptionValue], _ generator: inout RandomGenerator
    ) -> String {
        guard let name = options.keys.sorted().randomElement(using: &generator) else { return "no options" }
        switch options[name] {
        case .fields(var fields) where Bool.random(using: &generator):
            let change = mutate(&fields, &generator)
            options[name] = .fields(fields)
            return "\(name).\(change)"
        case .list(var list) where !list.isEmpty && Bool.random(using: &generator):
            let index = Int.random(in: 0..<list.count, using: &generator)
            guard case .fields(var fields) = list[index] else { break }
            let change = mutate(&fields, &generator)
            list[index] = .fields(fields)
            options[name] = .list(list)
            return "\(name)[\(index)].\(change)"
        default: break
        }
        let values: [AttentionMechanisms.OptionValue?] = [
            nil, .nothing, .truth(true), .truth(false), .number(-1), .number(0), .number(1), .number(2), .number(3),
            .number(7), .number(0.5), .number(-1e300), .number(1e300), .number(0x1p40), .number(-0x1p40),
            .text("unheard of"), .list([]), .list([.number(-1)]), .fields([:]),
        ]
        let value = values[Int.random(in: 0..<values.count, using: &generator)]
        options[name] = value
        return "\(name) = \(value.map { "\($0)" } ?? "none")"
    }
}

/// A tensor as a file holds it.
private struct StoredTensor {
    let name: String
    var type: ElementType
    var shape: [Int]
    /// The elements, whatever their type.
    var numbers: [Double]

    /// All tensors of a golden case but the expected ones.
    static func inputs(of file: SafetensorsFile) throws -> [StoredTensor] {
        try file.names.filter { !$0.hasPrefix("expected") }.map { name in
            StoredTensor(
                name: name, type: try file.elementType(of: name), shape: try file.shape(of: name).dimensions,
                numbers: try file.tensor(named: name).values.map(Double.init))
        }
    }

    /// A safetensors file of these.
    static func encoded(_ tensors: [StoredTensor]) -> [UInt8] {
        var (members, data): ([String], [UInt8]) = ([], [])
        for tensor in tensors {
            let start = data.count
            for number in tensor.numbers { data += tensor.bytes(of: number) }
            let sizes = tensor.shape.map(String.init).joined(separator: ",")
            members.append(
                #""\#(tensor.name)":{"dtype":"\#(tensor.type.rawValue)","shape":[\#(sizes)],"#
                    + #""data_offsets":[\#(start),\#(data.count)]}"#)
        }
        let json = "{" + members.joined(separator: ",") + "}"
        return (0..<8).map { UInt8(truncatingIfNeeded: json.utf8.count >> (8 * $0)) } + json.utf8 + data
    }

    /// A number as it is written: as an integer of 64 bits, a truth value, or a float of 32 bits.
    private func bytes(of number: Double) -> [UInt8] {
        func little<Bits: FixedWidthInteger>(_ bits: Bits) -> [UInt8] {
            (0..<Bits.bitWidth / 8).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
        }
        return switch type {
        case .int64: little(number.isFinite ? Int64(clamping: Int(max(-0x1p62, min(0x1p62, number)))) : 0)
        case .boolean: [number == 0 ? 0 : 1]
        default: little(Float(number).bitPattern)
        }
    }

    /// Changes the shape, the type or a number.
    mutating func mutate(_ generator: inout RandomGenerator) {
        let axis = shape.isEmpty ? 0 : Int.random(in: 0..<shape.count, using: &generator)
        var shape = shape
        switch Int.random(in: 0..<8, using: &generator) {
        case 0 where !shape.isEmpty: shape.remove(at: axis)
        case 1: shape.insert(Int.random(in: 1...2, using: &generator), at: axis)
        case 2 where !shape.isEmpty: shape[axis] = max(0, shape[axis] - 1)
        case 3 where !shape.isEmpty: shape[axis] = 0
        case 4 where !shape.isEmpty: shape[axis] += 1
        case 5: shape = [0, 3, 1, 2, 5].shuffled(using: &generator).dropLast(Int.random(in: 0...4, using: &generator))
        case 6: type = [.float32, .int64, .boolean].randomElement(using: &generator) ?? .float32
        default:
            guard !numbers.isEmpty else { return }
            let values = [0, -1, 1, 1e4, -1e4, 1e30, .nan, .infinity, -.infinity]
            numbers[Int.random(in: 0..<numbers.count, using: &generator)] =
                values[Int.random(in: 0..<values.count, using: &generator)]
        }
        reshape(to: shape)
    }

    /// Takes on another shape: the numbers are repeated, or the last ones dropped.
    mutating func reshape(to shape: [Int]) {
        self.shape = shape
        let (old, count) = (numbers.isEmpty ? [0] : numbers, shape.reduce(1, *))
        numbers = (0..<count).map { old[$0 % old.count] }
    }
}
