import AttentionFiles
import AttentionTensors
import Testing

private struct Block: Module {
    var weight = Parameter(.ones([2, 3]))
    var bias = Parameter(.zeros([2]))
    var mean = Parameter(.zeros([3]), role: .buffer)

    mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try weight.visit(&visitor, path / "weight")
        try bias.visit(&visitor, path / "bias")
        try mean.visit(&visitor, path / "mean")
    }
}

@Suite struct ModuleRoleTests {
    private func names(_ role: Parameter.Role, _ model: [Block]) -> [String] {
        model.parameters { $1.role == role }.map(\.name)
    }

    @Test func patternsFreeze() throws {
        let model = try [Block(), Block()].frozen(matching: "0.*", "*.bias")
        #expect(names(.frozen, model) == ["0.weight", "0.bias", "1.bias"])
        #expect(names(.trained, model) == ["1.weight"])
        #expect(names(.buffer, model) == ["0.mean", "1.mean"])
        #expect(model.parameterCount == 16 && model.trainedCount == 6)
        let thawed = try model.trained(matching: "*")
        #expect(names(.trained, thawed) == ["0.weight", "0.bias", "1.weight", "1.bias"])
        #expect(model.tracked().parameters { $1.isTracked }.map(\.name) == ["1.weight"])
    }

    @Test func patternsThatMatchNothingAreNamed() {
        let error = #expect(throws: ParameterPatternError.self) {
            try [Block(), Block()].frozen(matching: "0.*", "encoder.*")
        }
        #expect(
            error?.description
                == "parameters: expected a pattern that matches a parameter of the model, found encoder.*; "
                + "it has 0.weight, 0.bias, 0.mean, 1.weight and 2 more")
        #expect(throws: ParameterPatternError.self) { try [Block]().frozen(matching: "*") }
    }

    @Test(arguments: [
        ("*", "a.b", true), ("a.*", "a.b.c", true), ("a.*", "ab", false), ("*.bias", "x.bias", true),
        ("*.bias", "x.bias.y", false), ("a*b*c", "aXbYbZc", true), ("a*b*c", "aXcYb", false), ("a", "a", true),
        ("a", "ab", false), ("**", "", true), ("", "", true), ("", "a", false), ("*a", "aab", false),
    ])
    func starsStandForAnything(_ pattern: String, _ name: String, _ matches: Bool) {
        #expect(NamePattern(pattern).matches(name) == matches)
    }

    @Test func theSummaryIsATable() throws {
        let model = try Block().frozen(matching: "weight").stored(as: .int8)
        #expect(
            model.parameterSummary.description == """
                name    shape   type     role     bytes
                weight  [2, 3]  int8     frozen      14
                bias    [2]     float32  trained      8
                mean    [3]     float32  buffer      12
                """)
        #expect(model.parameterSummary.byteCount == 34 && model.parameterSummary.packedByteCount == 0)
        #expect(model.parameterSummary.byteCounts.map(\.byteCount) == [14, 20])
    }

    /// What is told beforehand is what products then lay out.
    @Test(arguments: Precision.allCases)
    func packedBytesAreForetold(_ precision: Precision) throws {
        let weight = Parameter(.ones([70, 90]))
        _ = try withPrecision(precision) { try linear(.ones([40, 90]), weight: weight) }
        #expect((0..<4).contains(weight.packedByteCount - weight.packedByteCount(at: precision)))
    }
}
