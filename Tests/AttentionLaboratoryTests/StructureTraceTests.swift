import Attention
import AttentionCatalogue
import AttentionLaboratory
import AttentionOperators
import AttentionVariants
import Testing

/// Traces of structured and of hard attention.
@Suite struct StructureTraceTests {
    /// Two words, of which either hangs from the root or from the other, never both from each other.
    @Test func aTree() throws {
        // Trees: both from the root, e^0; 1 from 2, 2 from the root, e^1; 2 from 1, 1 from the root, e^0.
        let alignment = try DependencyAttention(.nonprojective, roots: .multiple).align(
            arc: Tensor([0, 0, 1, 0], shape: [1, 2, 2]), root: .zeros([1, 2]), values: .zeros([1, 2, 1]))
        let trace = try ModelTrace(name: "trees", words: ["old", "cat"], alignment)
        let (part, e) = (trace.attention[0], Float(2.718_281_8))
        #expect(part.kind == .encoder && part.structure == .arcs)
        // From "old" to its head "cat", from "cat" to "old".
        let expected: [Float] = [0, e / (2 + e), 1 / (2 + e), 0]
        #expect(zip(part.weights, expected).allSatisfy { abs($0 - $1) < 1e-5 } && part.weights.count == 4)
        // The header keeps what weights are.
        #expect(try ModelTrace(trace.header, weights: [part.weights]) == trace)
        let svg = try trace.figure(.arcs, of: .encoder).svg
        #expect(svg.contains("<title>old → cat: 0.576</title>") && svg.contains("<title>cat → old: 0.212</title>"))
        #expect(throws: TraceError.self) { try ModelTrace(name: "", words: ["old"], alignment) }
    }

    /// Without transitions each key is read by itself, σ(s).
    @Test func segments() throws {
        let keys = try Tensor([2, 2, -2, 2], shape: [1, 4, 1])
        let found = try SegmentationAttention(transition: .zeros([2, 2])).align(
            query: Tensor([1], shape: [1, 1, 1]), keys: keys, values: keys)
        let trace = try ModelTrace(name: "segments", reading: ["q"], of: ["a", "b", "c", "d"], found)
        #expect(trace.attention[0].structure == .segments && trace.attention[0].kind == .cross)
        let (read, left) = (Float(0.880797), Float(0.119203))
        #expect(zip(trace.attention[0].weights, [read, read, left, read]).allSatisfy { abs($0 - $1) < 1e-5 })
        let matrix = try trace.matrix(.segments, of: .cross)
        #expect(matrix.segments(ofRow: 0) == [0..<2, 3..<4])
        let svg = try trace.figure(.segments, of: .cross).svg
        #expect(svg.contains("<title>a b</title>") && svg.contains("<title>d</title>"))
    }

    @Test func hardAttentionIsOnesAndZeros() throws {
        let query = try Tensor([1, 2, 3], shape: [1, 1, 3, 1])
        let mechanism = AttentionMechanism()
        let memory = try mechanism.remember(keys: query, values: query)
        let sample = try mechanism.sample(query, memory, uniform: .zeros([1, 1, 3]))
        let words = ["a", "b", "c"]
        let trace = try ModelTrace(name: "hard", reading: words, of: words, sample)
        // A number of 0 draws the first key.
        #expect(trace.attention[0].weights == [1, 0, 0, 1, 0, 0, 1, 0, 0])
        #expect(trace.attention[0].structure == nil && trace.attention[0].heads == [0])
    }

    /// Every mechanism with a picture has a trace; trees and selections say so.
    @Test(arguments: Catalogue.complete.entries.filter { $0.hasPicture && $0.family == .structured }.map(\.name))
    func picturesAsTraces(_ name: String) throws {
        let material = try ExampleMaterial(sentence: "The cat sat on a mat.", translator: .standard())
        let entry = try Catalogue.complete.entry(named: name)
        let trace = try #require(try Encyclopedia(material).trace(of: entry))
        let expected: TracedAttention.Structure? =
            name.hasSuffix("dependency") ? .arcs : name == "segmentation_crf" ? .segments : nil
        #expect(trace.attention[0].structure == expected && trace.name == entry.title)
        guard expected == .arcs else { return }
        // A word has one head at most, whichever side it stands on.
        let rows = try trace.map(of: .encoder).weights[0][0]
        #expect(rows.allSatisfy { $0.reduce(0, +) <= 1.0001 })
    }
}
