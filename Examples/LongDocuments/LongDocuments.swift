package import Attention
import Foundation

/// What does a long document cost? Six layers that read it, forward and backward: time and memory by length, by where words look, and by what is kept.
///
///     swift run -c release LongDocuments 16384 window recomputed
///
/// says the seconds of one pass, the second of two, and the most memory that the process has held.
@main
struct LongDocuments {
    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count == 3, let length = Int(arguments[0]), length > 0,
            let view = DocumentModel.View(rawValue: arguments[1]),
            let activations = Activations(rawValue: arguments[2])
        else {
            print("usage: LongDocuments LENGTH \(names(DocumentModel.View.self)) \(names(Activations.self))")
            exit(64)
        }
        let model = DocumentModel(view, key: RandomKey(seed: 1)).tracked()
        let clock = ContinuousClock()
        var last = Duration.zero
        for round in 0..<2 {
            let document = DocumentModel.document(length, key: RandomKey(seed: 2)[round])
            last = try clock.measure { _ = try withActivations(activations) { try model.loss(document).gradients() } }
        }
        let seconds = Double(last.components.seconds) + Double(last.components.attoseconds) * 1e-18
        print(
            "\(length)\t\(view.rawValue)\t\(activations.rawValue)\t\(String(format: "%.2f s\t%.0f MB", seconds, try peak()))"
        )
    }

    private static func names<Choice: RawRepresentable & CaseIterable>(_ type: Choice.Type) -> String
    where Choice.RawValue == String { type.allCases.map(\.rawValue).joined(separator: "|") }

    /// The most memory that this process has held, as Linux counts it, in megabytes.
    private static func peak() throws -> Double {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        return (line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) } ?? 0) * 1024 / 1e6
    }
}

/// Six layers of 256 features and four heads over a vocabulary of 8,000 words, that say for each word of a document which one it is.
package struct DocumentModel: Module {
    /// Where words look.
    package enum View: String, CaseIterable, Sendable {
        /// At the 128 words on either side (Beltagy, Peters & Cohan 2020, *Longformer*, sec. 3.1).
        case window
        /// At all words.
        case full
    }

    var words: Embedding
    var layers: [TransformerEncoderLayer]

    package init(_ view: View, layerCount: Int = 6, key: RandomKey) {
        words = Embedding(8000, 256, deviation: 0.06, key: key[0])
        let mechanism =
            switch view {
            case .window: AttentionMechanism(scope: .slidingWindow(left: 128, right: 128))
            case .full: AttentionMechanism()
            }
        layers = (0..<layerCount).map { layer in
            TransformerEncoderLayer(
                selfAttention: MultiHeadAttention(256, headCount: 4, mechanism: mechanism, key: key[1][layer]),
                selfAttentionResidual: Residual(256, order: .pre, dropout: 0),
                feedForward: FeedForward(256, 1024, activation: .gelu, key: key[2][layer]),
                feedForwardResidual: Residual(256, order: .pre, dropout: 0))
        }
    }

    package mutating func visit<V: ParameterVisitor>(_ visitor: inout V, _ path: ParameterPath) throws(V.Failure) {
        try words.visit(&visitor, path / "words")
        try layers.visit(&visitor, path / "layers")
    }

    /// So many words, drawn evenly.
    package static func document(_ length: Int, key: RandomKey) -> [Int] {
        var generator = key.generator()
        return (0..<length).map { _ in Int.random(in: 0..<8000, using: &generator) }
    }

    /// The mean of −ln P of all words.
    package func loss(_ document: [Int]) throws -> Tensor {
        var x = try SinusoidalPositions()(words(PaddedBatch([document], padding: 0)), positions: .from(0))
        for layer in layers { x = try layer(x) }
        let rows = try x.reshaped(to: [document.count, 256])
        return try linearCrossEntropy(rows, weight: words.weight, bias: nil, targets: document.map(Optional.some))
            * (1 / Float(document.count))
    }
}
