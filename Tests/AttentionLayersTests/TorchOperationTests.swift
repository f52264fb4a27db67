import AttentionLayers
import AttentionTensors
import FoundationEssentials
import Testing

/// Convolution, pooling, resizing and norms by channel against torch's, from `scripts/make-convolution-fixtures.py`.
@Suite struct TorchOperationTests {
    private struct Fixture: Decodable {
        let cases: [Case]
    }

    private struct Case: Decodable {
        let operation: String
        let options: [String: [Int]]
        let inputs: [Numbers]
        let expected: Numbers

        func pair(_ name: String) throws -> (rows: Int, columns: Int) {
            let values = try #require(options[name])
            return (values[0], values[1])
        }

        func one(_ name: String) throws -> Int { try #require(options[name]?.first) }
    }

    private struct Numbers: Decodable {
        let shape: [Int]
        let values: [Float]

        var tensor: Tensor { get throws { try Tensor(values, shape: Shape(shape)) } }
    }

    @Test func resultsAreTorchs() throws {
        let path = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/")
        let file = try Data(contentsOf: URL(filePath: path + "/Fixtures/Operations/torch.json"))
        let cases = try JSONDecoder().decode(Fixture.self, from: file).cases
        #expect(cases.count > 25)
        for entry in cases {
            let found = try Self.result(of: entry, try entry.inputs.map { try $0.tensor })
            #expect(found.shape == Shape(entry.expected.shape), "\(entry.operation)")
            let isClose = zip(found.values, entry.expected.values).allSatisfy { abs($0 - $1) <= 1e-5 * (1 + abs($1)) }
            #expect(isClose, "\(entry.operation) \(entry.options): \(found) instead of \(entry.expected)")
        }
    }

    private static func result(of entry: Case, _ x: [Tensor]) throws -> Tensor {
        switch entry.operation {
        case "convolution2D":
            let layer = Convolution2D(
                weight: Parameter(x[1]), bias: Parameter(x[2]), stride: try entry.pair("stride"),
                padding: try entry.pair("padding"), dilation: try entry.pair("dilation"),
                groupCount: try entry.one("groups"))
            return try layer(x[0])
        case "convolution1D":
            let layer = Convolution1D(
                weight: Parameter(x[1]), bias: Parameter(x[2]), stride: try entry.one("stride"),
                padding: try entry.one("padding"), dilation: try entry.one("dilation"),
                groupCount: try entry.one("groups"))
            return try layer(x[0])
        case "transposedConvolution2D":
            return try transposedConvolution2D(
                x[0], weight: x[1], bias: x[2], stride: try entry.pair("stride"), padding: try entry.pair("padding"),
                outputPadding: try entry.pair("output_padding"), dilation: try entry.pair("dilation"),
                groupCount: try entry.one("groups"))
        case "transposedConvolution1D":
            return try transposedConvolution1D(
                x[0], weight: x[1], bias: x[2], stride: try entry.one("stride"), padding: try entry.one("padding"),
                outputPadding: try entry.one("output_padding"), dilation: try entry.one("dilation"),
                groupCount: try entry.one("groups"))
        case "maximumPooling2D":
            return try maximumPooling2D(
                x[0], kernel: try entry.pair("kernel_size"), stride: try entry.pair("stride"),
                padding: try entry.pair("padding"), dilation: try entry.pair("dilation"))
        case "averagePooling2D":
            return try averagePooling2D(
                x[0], kernel: try entry.pair("kernel_size"), stride: try entry.pair("stride"),
                padding: try entry.pair("padding"))
        case "adaptiveAveragePooling2D":
            let size = try entry.pair("size")
            return try adaptiveAveragePooling2D(x[0], rows: size.rows, columns: size.columns)
        case "resizedBilinearly":
            let size = try entry.pair("size")
            return try x[0].resizedBilinearly(rows: size.rows, columns: size.columns)
        case "groupNormalized":
            return try GroupNorm(groupCount: try entry.one("groups"), gain: x[1], bias: x[2])(x[0])
        case "batchNormalized", "batchTrained", "batchMean", "batchVariance":
            var norm = BatchNorm(gain: x[3], bias: x[4], mean: x[1], variance: x[2])
            if entry.operation == "batchNormalized" { return try norm(x[0]) }
            let output = try norm.train(on: x[0])
            return entry.operation == "batchTrained"
                ? output : entry.operation == "batchMean" ? norm.mean.tensor : norm.variance.tensor
        default:
            Issue.record("an operation that no test knows: \(entry.operation)")
            return x[0]
        }
    }

    @Test func statisticsAreSavedAndNotTrained() {
        let norm = BatchNorm(3)
        #expect(norm.parameters().map(\.name) == ["weight", "bias", "running_mean", "running_var"])
        #expect((norm.parameterCount, norm.trainedCount) == (6, 6))
        #expect(norm.tracked().parameters().map(\.parameter.tensor.isTracked) == [true, true, false, false])
    }
}
