public import AttentionTensors

/// What multi-head latent attention remembers of a position: one short vector for the keys and values of all heads, and one key that knows the
/// position. A cache of R + Dr numbers per position, whatever the number of heads.
public struct LatentMemory: Sendable {
    /// c^KV, normalised, [B, K, R].
    public let latents: Tensor
    /// k^R, turned by its position, [B, K, Dr].
    public let positionKeys: Tensor

    /// The number of positions.
    public var count: Int { latents.shape[1] }

    /// This memory followed by another.
    /// - Throws: `ShapeError` if the sizes differ.
    /// - Complexity: O(K): both are copied.
    public func appending(_ other: LatentMemory) throws(ShapeError) -> LatentMemory {
        LatentMemory(
            latents: try concatenated([latents, other.latents], axis: 1),
            positionKeys: try concatenated([positionKeys, other.positionKeys], axis: 1))
    }
}
