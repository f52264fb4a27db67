import CAttentionKernels
import Glibc
import Testing

/// One head in memory, rows apart by more than their size.
struct AttentionCase {
    var a: attn_attention
    let query: Floats, key: Floats, value: Floats, upstream: Floats
    let bias: Floats, distanceBias: Floats
    var mask: [UInt8]
    let outputStride: Int

    init(
        queries: Int, keys: Int, headSize: Int, valueSize: Int, range: Float = 1, using generator: inout Generator
    ) {
        let (queryStride, keyStride, valueStride) = (headSize + 3, headSize + 5, valueSize + 2)
        query = Floats(generator.floats(queries * queryStride, in: -range...range))
        key = Floats(generator.floats(keys * keyStride, in: -range...range))
        value = Floats(generator.floats(keys * valueStride))
        outputStride = valueSize + 4
        upstream = Floats(generator.floats(queries * outputStride))
        bias = Floats(generator.floats(queries * keys))
        distanceBias = Floats(generator.floats(queries + keys - 1))
        mask = (0..<queries * keys).map { _ in Int.random(in: 0..<3, using: &generator) == 0 ? 0 : 1 }
        a = attn_attention(
            queries: queries, keys: keys, head_size: headSize, value_size: valueSize, query: query.pointer,
            key: key.pointer, value: value.pointer, query_stride: queryStride, key_stride: keyStride,
            value_stride: valueStride, visible_keys: keys, offset: 0, left: .max, right: .max, mask: nil,
            mask_stride: keys, scale: 0.5, cap: 0, bias: nil, bias_stride: keys, distance_bias: nil, dropout: 0,
            dropout_seed: 42, dropout_base: (1 << 32) - 30, dropout_stride: keys)
    }

    /// Between the rows of the output stands 5.
    func forward(_ method: attn_attention_method) -> (output: Floats, logSum: Floats) {
        let output = Floats(repeating: 5, count: a.queries * outputStride)
        let logSum = Floats(count: a.queries)
        withUnits(method) { a, workspace in
            let packed = GuardedMemory(byteCount: method.packed_size(a))
            method.pack(packed.start, a)
            method.forward(output.pointer, outputStride, logSum.pointer, a, packed.start, workspace)
            #expect(packed.guardIsIntact)
        }
        return (output, logSum)
    }

    func weights(_ method: attn_attention_method, logSum: Floats) -> Floats {
        let result = Floats(count: a.queries * (a.keys + 1))
        withUnits(method) { method.weights(result.pointer, a.keys + 1, $0, logSum.pointer, $1) }
        return result
    }

    /// The gradients of query, key, value, bias and distance bias, each added to `start`.
    func backward(_ method: attn_attention_method, addedTo start: Float = 0) -> [Floats] {
        backward(method, after: forward(method), addedTo: start)
    }

    func backward(
        _ method: attn_attention_method, after forward: (output: Floats, logSum: Floats), addedTo start: Float = 0
    ) -> [Floats] {
        let (output, logSum) = forward
        let result = [query, key, value, bias, distanceBias].map { Floats(repeating: start, count: $0.count) }
        var gradients = attn_attention_gradients(
            query: result[0].pointer, key: result[1].pointer, value: result[2].pointer, query_stride: a.query_stride,
            key_stride: a.key_stride, value_stride: a.value_stride, bias: a.bias == nil ? nil : result[3].pointer,
            bias_stride: a.bias_stride,
            distance_bias: a.distance_bias == nil ? nil : result[4].pointer + a.queries - 1)
        withUnits(method) {
            method.backward(
                &gradients, $0, output.pointer, outputStride, logSum.pointer, upstream.pointer, outputStride, $1)
        }
        return result
    }

    private func withUnits(
        _ method: attn_attention_method, _ body: (UnsafePointer<attn_attention>, UnsafeMutableRawPointer) -> Void
    ) {
        mask.withUnsafeBufferPointer { bytes in
            var a = a
            if a.mask != nil { a.mask = bytes.baseAddress }
            let workspace = GuardedMemory(byteCount: method.workspace_size(&a))
            body(&a, workspace.start)
            #expect(workspace.guardIsIntact)
        }
    }

    /// Puts the mask in force; which memory it is in is said anew for each call.
    mutating func hide() { a.mask = mask.withUnsafeBufferPointer { $0.baseAddress } }

    func sees(_ i: Int, _ j: Int) -> Bool {
        guard j < a.visible_keys, a.mask == nil || mask[i * a.mask_stride + j] != 0 else { return false }
        let centre = i + a.offset
        return (a.left == .max || j >= centre - a.left) && (a.right == .max || j <= centre + a.right)
    }

    func keeps(_ i: Int, _ j: Int) -> Bool {
        let bits = attn_random_bits(a.dropout_seed, a.dropout_base + UInt64(i * a.dropout_stride + j))
        return Double(bits >> 8) >= (Double(a.dropout) * 0x1p24).rounded(.down)
    }

    func score(_ i: Int, _ j: Int) -> Double {
        let inner = (0..<a.head_size).reduce(0.0) {
            $0 + Double(query[i * a.query_stride + $1]) * Double(key[j * a.key_stride + $1])
        }
        let scaled = Double(a.scale) * inner
        return (a.cap == 0 ? scaled : Double(a.cap) * tanh(scaled / Double(a.cap)))
            + (a.bias == nil ? 0 : Double(bias[i * a.bias_stride + j]))
            + (a.distance_bias == nil ? 0 : Double(distanceBias[j - i + a.queries - 1]))
    }

    /// The definition, in double precision.
    func context(_ i: Int) -> (context: [Double], logSum: Double) {
        let scores = (0..<a.keys).map { score(i, $0) }
        let visible = (0..<a.keys).filter { sees(i, $0) }
        let sum = visible.reduce(0.0) { $0 + exp(scores[$1]) }
        let context = (0..<a.value_size).map { d in
            visible.reduce(0.0) {
                $0 + (keeps(i, $1) ? exp(scores[$1]) / sum / (1 - Double(a.dropout)) : 0)
                    * Double(value[$1 * a.value_stride + d])
            }
        }
        return (context, log(sum))
    }
}
