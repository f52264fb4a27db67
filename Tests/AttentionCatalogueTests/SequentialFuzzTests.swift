import AttentionCatalogue
import AttentionMechanisms
import AttentionOperators
import AttentionTensors
import AttentionTestSupport
import FoundationEssentials
import Testing

/// The tensors of a case, to be damaged: written anew as a file.
private struct Tensors {
    var reals: [String: Tensor] = [:]
    var integers: [String: (values: [Int64], shape: [Int])] = [:]

    init(_ location: GoldenCaseLocation) throws {
        let file = try SafetensorsFile(path: location.folder + "/" + location.name + ".safetensors")
        for name in file.names where !name.hasPrefix("expected") {
            if try file.elementType(of: name) == .int64 {
                integers[name] = (try file.integers(named: name).map(Int64.init), try file.shape(of: name).dimensions)
            } else {
                reals[name] = try file.tensor(named: name)
            }
        }
    }

    func file() throws -> SafetensorsFile {
        var (header, data): ([String], [UInt8]) = ([], [])
        func append(_ name: String, _ type: String, _ shape: [Int], _ bytes: [UInt8]) {
            let range = "[\(data.count),\(data.count + bytes.count)]"
            header.append("\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":\(range)}")
            data += bytes
        }
        for (name, tensor) in reals.sorted(by: { $0.key < $1.key }) {
            append(name, "F32", tensor.shape.dimensions, tensor.values.flatMap { littleEndian($0.bitPattern) })
        }
        for (name, tensor) in integers.sorted(by: { $0.key < $1.key }) {
            append(name, "I64", tensor.shape, tensor.values.flatMap { littleEndian($0) })
        }
        let json = Array("{\(header.joined(separator: ","))}".utf8)
        return try SafetensorsFile(littleEndian(UInt64(json.count)) + json + data, source: "fuzz")
    }

    /// Changes one thing at random: a tensor's shape, its presence, or a number.
    mutating func damage(_ generator: inout RandomGenerator) {
        let names = reals.keys.sorted() + integers.keys.sorted()
        guard let name = names.randomElement(using: &generator) else { return }
        if let tensor = reals[name] {
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: reals[name] = nil
            case 1:
                reals[name] = .uniform(
                    Shape((0..<Int.random(in: 0...4, using: &generator)).map { _ in 2 }), in: -1...1,
                    key: RandomKey(seed: 1))
            default:
                var sizes = tensor.shape.dimensions
                guard let axis = sizes.indices.randomElement(using: &generator) else { return }
                sizes[axis] = [0, 1, sizes[axis] + 1].randomElement(using: &generator) ?? 0
                reals[name] = .uniform(Shape(sizes), in: -1...1, key: RandomKey(seed: 2))
            }
        } else if let tensor = integers[name], let place = tensor.values.indices.randomElement(using: &generator) {
            let value: Int64 = [-1, 0, 1, 1 << 40].randomElement(using: &generator) ?? 0
            integers[name]?.values[place] = value
        }
    }
}

private func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
}

@Suite struct SequentialFuzzTests {
    /// Whatever the tensors' shapes, a computation gives results or a typed error.
    @Test(arguments: GoldenCaseLocation.all(of: names(of: .sequential)).filter { $0.folder.contains("Fixtures") })
    func nothingTraps(_ location: GoldenCaseLocation) throws {
        let json = try Data(contentsOf: URL(filePath: location.folder + "/" + location.name + ".json"))
        var specification = try JSONDecoder().decode(Specification.self, from: json)
        specification.expected = nil
        let tensors = try Tensors(location)
        var generator = RandomKey(seed: 7).generator()
        for round in 0..<300 {
            var (damaged, options) = (tensors, specification)
            for _ in 0...(round % 3) { damaged.damage(&generator) }
            if round % 5 == 0, let name = options.options.keys.sorted().randomElement(using: &generator) {
                let values: [AttentionMechanisms.OptionValue?] = [
                    nil, .number(0), .number(-3), .number(2.5), .text("other"), .list([]),
                ]
                options.options[name] = values.randomElement(using: &generator) ?? nil
            }
            do {
                _ = try options.compute(damaged.file())
            } catch {
                #expect(
                    error is ShapeError || error is RequestError || error is SafetensorsError,
                    "\(location.name): \(error)")
            }
        }
    }

    @Test func refusalsAreSentences() throws {
        let all = GoldenCaseLocation.all(of: ["location_sensitive", "local_p"])
        let tiny = try #require(all.first { $0.name == "local_p-tiny" })
        var tensors = try Tensors(tiny)
        tensors.reals["weight_position"] = nil
        let options: [String: AttentionMechanisms.OptionValue] = [
            "half_width": .number(1), "score": .fields(["kind": .text("dot")]),
        ]
        #expect {
            try Specification(mechanism: "local_p", options: options).compute(tensors.file())
        } throws: {
            "\($0)" == "local_p: expected a tensor weight_position in fuzz, found none; add it under that name"
        }
        #expect {
            try Specification(mechanism: "local_p", options: ["half_width": .number(0)]).compute(Tensors(tiny).file())
        } throws: {
            "\($0)" == "local-p: expected a half width above 0, found 0.0"
        }
        #expect {
            try Specification(mechanism: "locatoin_sensitive").compute(Tensors(tiny).file())
        } throws: {
            "\($0)".hasSuffix("did you mean location_sensitive?")
        }
    }
}
