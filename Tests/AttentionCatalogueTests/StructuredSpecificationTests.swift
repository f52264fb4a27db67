import AttentionCatalogue
import AttentionMechanisms
import AttentionOperators
import AttentionTensors
import Testing

/// Structured mechanisms by name: defaults, refusals, and whatever shapes a file may hold.
@Suite struct StructuredSpecificationTests {
    /// A file of real tensors, and of lengths under the names that have any.
    private func file(_ tensors: [String: Tensor], lengths: [String: [Int]] = [:]) throws -> SafetensorsFile {
        var (header, data): ([String], [UInt8]) = ([], [])
        func add(_ name: String, _ type: String, _ shape: [Int], _ bytes: [UInt8]) {
            header.append(
                #""\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":[\#(data.count),\#(data.count + bytes.count)]}"#
            )
            data += bytes
        }
        for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
            add(name, "F32", tensor.shape.dimensions, tensor.values.flatMap { bytes(UInt64($0.bitPattern), 4) })
        }
        for (name, lengths) in lengths {
            add(name, "I64", [lengths.count], lengths.flatMap { bytes(UInt64(bitPattern: Int64($0)), 8) })
        }
        let text = Array("{\(header.joined(separator: ","))}".utf8)
        return try SafetensorsFile(bytes(UInt64(text.count), 8) + text + data, source: "test")
    }

    private func bytes(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
    }

    private let names = ["linear_chain", "segmentation_crf", "nonprojective_dependency", "projective_dependency"]

    @Test func `trees may have several roots unless it is said otherwise`() throws {
        let tensors = try file([
            "arc": .zeros([1, 2, 2]), "root": .zeros([1, 2]), "value": .zeros([1, 2, 1]),
        ])
        for name in names.suffix(2) {
            guard
                case .real(let several) = try Specification(mechanism: name).compute(tensors, withGradients: false)[
                    "log_partition"],
                case .real(let one) = try Specification(
                    mechanism: name, options: ["single_root": .truth(true)]
                ).compute(tensors, withGradients: false)["log_partition"]
            else {
                Issue.record("\(name): no log partition")
                continue
            }
            #expect(abs(several.scalar - 1.0986123) < 1e-6, "three trees")
            #expect(abs(one.scalar - 0.6931472) < 1e-6, "two trees")
        }
    }

    @Test func `what is missing or unfit is named`() throws {
        let tensors = try file(["arc": .zeros([1, 2, 2]), "root": .zeros([1, 2]), "value": .zeros([1, 2, 1])])
        func sentence(_ specification: Specification) -> String {
            do {
                _ = try specification.compute(tensors)
                return "computed"
            } catch { return "\(error)" }
        }
        #expect(
            sentence(Specification(mechanism: "linear_chain"))
                == "linear_chain: expected a tensor transition in test, found none; add it under that name")
        #expect(
            sentence(Specification(mechanism: "projective_dependency", options: ["single_root": .text("yes")]))
                == "option single_root of projective_dependency: expected true or false, found \"yes\"")
    }

    /// Every combination is computed or refused by a typed error; none traps.
    @Test func `no shapes and lengths do harm`() throws {
        var generator = RandomKey(seed: 70).generator()
        var (computed, refused) = (0, 0)
        for _ in 0..<600 {
            let mechanism = names[Int.random(in: 0..<names.count, using: &generator)]
            let (batch, length) = (Int.random(in: 0...2, using: &generator), Int.random(in: 0...3, using: &generator))
            var shapes =
                switch mechanism {
                case "linear_chain": ["unary": [batch, length, 2], "transition": [2, 2], "start": [2], "end": [2]]
                case "segmentation_crf":
                    [
                        "query": [batch, 2, 3], "key": [batch, length, 3], "value": [batch, length, 1],
                        "transition": [2, 2],
                    ]
                default: ["arc": [batch, length, length], "root": [batch, length], "value": [batch, length, 2]]
                }
            if Bool.random(using: &generator), let spoilt = shapes.keys.sorted().randomElement(using: &generator) {
                shapes[spoilt] = (0..<Int.random(in: 0...4, using: &generator)).map { _ in
                    Int.random(in: 0...3, using: &generator)
                }
            }
            let lengths = (0..<max(0, batch + Int.random(in: -1...1, using: &generator))).map { _ in
                Int.random(in: -1...length + 1, using: &generator)
            }
            let name = mechanism == "segmentation_crf" ? "key_lengths" : "lengths"
            let tensors = try file(
                shapes.mapValues { .full(1, Shape($0)) },
                lengths: Bool.random(using: &generator) ? [name: lengths] : [:])
            let options: [String: OptionValue] =
                mechanism.hasSuffix("dependency")
                ? ["single_root": .truth(batch == 1)] : mechanism == "segmentation_crf" ? ["scale": .number(-1)] : [:]
            do {
                _ = try Specification(mechanism: mechanism, options: options).compute(tensors, withGradients: false)
                computed += 1
            } catch is ShapeError {
                refused += 1
            }
        }
        #expect(computed > 100 && refused > 100)
    }
}
