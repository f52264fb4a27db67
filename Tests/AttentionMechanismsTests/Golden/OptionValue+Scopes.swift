import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport

/// What of a golden case's options is unknown here.
struct UnknownOption: Error, CustomStringConvertible {
    let description: String
}

extension OptionValue {
    /// The scope that these options describe, with the case's tensors.
    func scope(in golden: GoldenCase) throws -> any Scope {
        switch kind {
        case "query_padding": QueryPaddingScope.queryPadding(lengths: try golden.integers("query_lengths"))
        case "key_mask": KeyMaskScope.keyMask(try golden.mask("key_mask"))
        case "mask": MaskScope.mask(try golden.mask("mask"))
        case "causal": CausalScope.causal(alignment: self["alignment"]?.text == "bottom_right" ? .bottomRight : .offset)
        case "prefix": PrefixScope.prefix(lengths: try golden.integers("prefix_lengths"))
        case "sliding_window": SlidingWindowScope.slidingWindow(left: try side("left"), right: try side("right"))
        case "local_m": SlidingWindowScope.localM(halfWidth: try count("half_width"))
        case "dilated":
            DilatedScope.dilated(left: try count("left"), right: try count("right"), dilation: try count("dilation"))
        case "strided": StridedScope.strided(try count("stride"), part: try choice("part", default: .union))
        case "fixed":
            FixedScope.fixed(
                try count("stride"), summary: try count("summary"), part: try choice("part", default: .union))
        case "longformer":
            LongformerScope.longformer(window: try count("window"), globalMask: try golden.mask("global_mask"))
        case "block_sparse":
            BlockSparseScope.blockSparse(
                try golden.mask("block_mask"), queryBlock: try count("block_query"), keyBlock: try count("block_key"))
        case "big_bird":
            BigBirdScope.bigBird(
                block: try count("block_query"), windowBlocks: try count("window_blocks"),
                globalFirst: try count("global_first"), globalLast: try count("global_last"),
                randomBlocks: try count("random_blocks"), seed: UInt64(try count("seed")))
        case "streaming": StreamingScope.streaming(sinks: try count("sinks"), window: try count("window"))
        case "chunked": ChunkedScope.chunked(try count("chunk"), causal: self["causal"] != .truth(false))
        case "log_sparse": LogSparseScope.logSparse
        case "segment":
            SegmentScope.segment(
                querySegments: try golden.integerRows("segment_query"),
                keySegments: try golden.integerRows("segment_key"))
        case "axial":
            AxialScope.axial(
                try choice("axis", default: .cross), height: try count("height"), width: try count("width"))
        case "swin":
            SwinScope.swin(
                height: try count("height"), width: try count("width"), window: try count("window"),
                shift: try count("shift"))
        case "neighborhood":
            NeighborhoodScope.neighborhood(
                height: try count("height"), width: try count("width"), kernel: try count("kernel"))
        case "lsh": LSHScope.lsh(rotations: try golden.tensor("rotations"))
        default: throw UnknownOption(description: "scope \(kind)")
        }
    }

    /// A number that must be there.
    func count(_ name: String) throws -> Int {
        guard let number = self[name]?.integer else { throw UnknownOption(description: "\(kind) without \(name)") }
        return number
    }

    /// One side of a window; −1 leaves it open.
    private func side(_ name: String) throws -> Int? {
        let side = try count(name)
        return side == -1 ? nil : side
    }

    /// One of several words.
    func choice<Choice: RawRepresentable<String>>(_ name: String, default standard: Choice) throws -> Choice {
        guard let text = self[name]?.text else { return standard }
        guard let choice = Choice(rawValue: text) else { throw UnknownOption(description: "\(name) \(text)") }
        return choice
    }
}

extension GoldenCase {
    /// The rows of a matrix of integers with one row per item of the batch.
    fileprivate func integerRows(_ name: String) throws -> [[Int]] {
        let (all, rows) = (try integers(name), try tensor("query").shape[0])
        let size = all.count / rows
        return (0..<rows).map { Array(all[$0 * size..<($0 + 1) * size]) }
    }
}
