import AttentionTensors
import FoundationEssentials
import Testing

/// Operations against numpy's, from `scripts/make-operation-fixtures.py`.
@Suite struct NumpyOperationTests {
    private struct Fixture: Decodable {
        let cases: [Case]
    }

    private struct Case: Decodable {
        let operation: String
        let inputs: [Numbers]
        let expected: [Numbers]
    }

    private struct Numbers: Decodable {
        let shape: [Int]
        let values: [Float]

        var tensor: Tensor { get throws { try Tensor(values, shape: Shape(shape)) } }
    }

    @Test func resultsAreNumpys() throws {
        let path = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        let file = try Data(contentsOf: URL(filePath: path + "/Fixtures/Operations/numpy.json"))
        let cases = try JSONDecoder().decode(Fixture.self, from: file).cases
        #expect(cases.count > 60)
        for entry in cases {
            let inputs = try entry.inputs.map { try $0.tensor }
            let found = try Self.result(of: entry.operation, inputs)
            try #require(found.count == entry.expected.count, "\(entry.operation)")
            for (found, expected) in zip(found, entry.expected) {
                #expect(found.shape == Shape(expected.shape), "\(entry.operation)")
                let isClose = zip(found.values, expected.values).allSatisfy { abs($0 - $1) <= 2e-6 * (1 + abs($1)) }
                #expect(isClose, "\(entry.operation): \(found.values) instead of \(expected.values)")
            }
        }
    }

    private static func result(of operation: String, _ x: [Tensor]) throws -> [Tensor] {
        if operation.contains("->") { return [try einsum(operation, x)] }
        let axis = operation.last.flatMap { $0.wholeNumberValue } ?? -1
        switch operation {
        case "less": return [(x[0] .< x[1]).numbers]
        case "lessOrEqual": return [(x[0] .<= x[1]).numbers]
        case "greater": return [(x[0] .> x[1]).numbers]
        case "greaterOrEqual": return [(x[0] .>= x[1]).numbers]
        case "equal": return [(x[0] .== x[1]).numbers]
        case "notEqual": return [(x[0] .!= x[1]).numbers]
        case "where": return [try .select(where: x[0] .> 0, x[1], else: x[2])]
        case "minimum": return [minimum(x[0], x[1])]
        case "maximum": return [maximum(x[0], x[1])]
        case "minimumOverAxis": return [try x[0].minimum(axis: 1)]
        case "clamp": return [x[0].clamped(to: -0.5...1.25)]
        case "absolute": return [x[0].absolute()]
        case "power": return [x[0].power(x[1])]
        case "power2.5": return [x[0].power(2.5)]
        case "power3": return [x[0].power(3)]
        case "oneHot": return [try .oneHot(x[0].values.map { Int($0) }, classCount: 4)]
        case "logSoftmax": return [try x[0].logSoftmax()]
        case "constantLong": return [try x[0].padded(axis: 0, before: 3, after: 2, .constant(-7))]
        case "reflectLong": return [try x[0].padded(axis: 0, before: 3, after: 2, .reflect)]
        case "edgeLong": return [try x[0].padded(axis: 0, before: 3, after: 2, .edge)]
        default: break
        }
        switch String(operation.dropLast()) {
        case "cumulativeSum": return [try x[0].cumulativeSum(axis: axis)]
        case "cumulativeProduct": return [try x[0].cumulativeProduct(axis: axis)]
        case "cumulativeMaximum": return [try x[0].cumulativeMaximum(axis: axis)]
        case "sortedAscending": return try x[0].sorted(axis: axis).both
        case "sortedDescending": return try x[0].sorted(axis: axis, .descending).both
        case "top2of": return try x[0].topK(2, axis: axis).both
        case "constant": return [try x[0].padded(axis: axis, before: 2, after: 1, .constant(-7))]
        case "reflect": return [try x[0].padded(axis: axis, before: 1, after: 1, .reflect)]
        case "edge": return [try x[0].padded(axis: axis, before: 2, after: 1, .edge)]
        default:
            Issue.record("an operation that no test knows: \(operation)")
            return []
        }
    }
}

extension Mask {
    fileprivate var numbers: Tensor {
        Tensor(shape: shape) { out in for (index, byte) in bytes.enumerated() { out[index] = Float(byte) } }
    }
}

extension RankedElements {
    fileprivate var both: [Tensor] {
        get throws { [values, try Tensor(indices.map(Float.init), shape: values.shape)] }
    }
}
