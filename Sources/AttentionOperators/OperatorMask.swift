import AttentionMechanisms
import AttentionTensors

/// All that keeps pairs apart in ONNX's Attention: `attn_mask`, causality, windows and `nonpad_kv_seqlen`.
struct OperatorMask {
    /// The finite part of a float mask, which is added to the scores.
    private(set) var bias: Tensor?
    /// The type of the float mask.
    private(set) var biasType: ElementType?
    /// The pairs that may meet; nil when all may.
    private(set) var visible: Mask?

    /// - Parameters:
    ///   - query: [B, H, Q, D].
    ///   - keyCount: K, the cache included.
    ///   - past: how many keys the cache holds, if there is one.
    /// - Throws: `ShapeError` if a mask does not fit or holds anything but numbers and −∞.
    init(_ operation: OperatorRequest, query: Shape, keyCount: Int, past: Int?) throws {
        let (batch, queryCount) = (query[0], query[2])
        let scores: Shape = [batch, query[1], queryCount, keyCount]
        if operation.request.contains("attn_mask") {
            if try operation.request.elementType(of: "attn_mask") == .boolean {
                visible = try operation.request.mask("attn_mask").padded(to: keyCount)
            } else {
                try takeBias(operation, keyCount: keyCount)
            }
            let shape = bias?.shape ?? visible?.shape ?? scores
            guard shape.broadcast(with: scores) == scores else {
                throw ShapeError(
                    "attn_mask", expected: "a mask that can be repeated to \(scores)", found: "\(shape)")
            }
        }
        let lengths = try operation.request.lengths("nonpad_kv_seqlen")
        if let lengths {
            guard past == nil else {
                throw RequestError.unfitTensor("nonpad_kv_seqlen", expected: "no cache beside it", found: "past_key")
            }
            guard lengths.count == batch, lengths.allSatisfy({ (0...keyCount).contains($0) }) else {
                throw ShapeError(
                    "nonpad_kv_seqlen", expected: "\(batch) lengths of 0 … \(keyCount)", found: "\(lengths)")
            }
        }
        let pairs = try OperatorPairs(
            operation.attributes, offsets: lengths.map { $0.map { $0 - queryCount } } ?? [past ?? 0], lengths: lengths)
        if !pairs.admitsAll {
            let own = pairs.mask(queryCount: queryCount, keyCount: keyCount)
            visible = try visible?.intersection(own) ?? own
        }
    }

    private mutating func takeBias(_ operation: OperatorRequest, keyCount: Int) throws {
        var given = try operation.tensor("attn_mask")
        biasType = try operation.realType(of: "attn_mask")
        guard given.shape.rank > 0 else {
            throw ShapeError("attn_mask", expected: "a mask of rank 1 to 4", found: "\(given.shape)")
        }
        let values = given.values
        if let index = values.firstIndex(where: { $0.isNaN || $0 == .infinity }) {
            throw ShapeError(
                "attn_mask", expected: "numbers, or −∞ to exclude a pair", found: "\(values[index]) at \(index)")
        }
        let missing = keyCount - given.shape[-1]
        let finite = try Mask(values.map { $0 != -.infinity }, shape: given.shape).padded(to: keyCount)
        visible = finite.admitsAll ? nil : finite
        given = given.mapped({ $0 == -.infinity ? 0 : $0 }, derivative: { x, _ in x == -.infinity ? 0 : 1 })
        bias =
            missing > 0
            ? try concatenated(
                [given, .zeros(Shape(given.shape.dimensions.dropLast() + [missing]))], axis: given.shape.rank - 1)
            : given
    }
}

/// The pairs that positions alone let meet, for each item or for all alike.
private struct OperatorPairs {
    private let isCausal: Bool
    private let left: Int
    private let right: Int
    private let offsets: [Int]
    private let lengths: [Int]?

    init(_ attributes: Options, offsets: [Int], lengths: [Int]?) throws {
        isCausal = try attributes.truth("is_causal")
        left = try attributes.integer("left_window_size")
        right = try attributes.integer("right_window_size")
        (self.offsets, self.lengths) = (offsets, lengths)
    }

    var admitsAll: Bool { !isCausal && left < 0 && right < 0 && lengths == nil }

    /// [B or 1, 1, Q, K].
    func mask(queryCount: Int, keyCount: Int) -> Mask {
        Mask(
            shape: [offsets.count, 1, queryCount, keyCount],
            bytes: offsets.enumerated().flatMap { item, offset -> [UInt8] in
                (0..<queryCount).flatMap { (i: Int) -> [UInt8] in
                    (0..<keyCount).map { (j: Int) -> UInt8 in
                        admits(j - i - offset, j, lengths?[item] ?? keyCount) ? 1 : 0
                    }
                }
            })
    }

    private func admits(_ distance: Int, _ j: Int, _ length: Int) -> Bool {
        j < length && (!isCausal || distance <= 0) && (left < 0 || -distance <= left)
            && (right < 0 || distance <= right)
    }
}

extension Mask {
    /// This mask with rows of `count` entries, the missing ones forbidden.
    /// - Throws: `ShapeError` if the rows are longer, or there are none.
    fileprivate func padded(to count: Int) throws(ShapeError) -> Mask {
        guard shape.rank > 0, shape[-1] <= count else {
            throw ShapeError("attn_mask", expected: "rows of at most \(count) entries", found: "\(shape)")
        }
        let width = shape[-1]
        guard width < count else { return self }
        let rows = shape.dimensions.dropLast().reduce(1, *)
        return Mask(
            shape: Shape(shape.dimensions.dropLast() + [count]),
            bytes: (0..<rows).flatMap { (row: Int) -> [UInt8] in
                Array(bytes[row * width..<(row + 1) * width]) + [UInt8](repeating: 0, count: count - width)
            })
    }

    fileprivate var admitsAll: Bool { !bytes.contains(0) }
}
