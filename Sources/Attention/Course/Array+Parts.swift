import AttentionTensors

extension Array {
    /// The elements in two parts, each in their order: those that stay, and so many that are drawn with a key; nil unless some stay.
    func parted(holdingOut count: Int, key: RandomKey) -> (rest: [Element], held: [Element])? {
        guard indices ~= count else { return nil }
        var generator = key.generator()
        let held = Set(indices.shuffled(using: &generator).prefix(count))
        return (indices.filter { !held.contains($0) }.map { self[$0] }, held.sorted().map { self[$0] })
    }
}
