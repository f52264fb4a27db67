/// Which pieces of a vocabulary may follow, for states of a language's automaton.
///
/// Pieces are looked through in the order of their bytes, so that what begins alike is followed once, and what begins wrongly is passed over at
/// once.
struct PieceMask {
    private let ids: [Int]
    private let bytes: [[UInt8]]
    /// How many bytes each piece has in common with the one before it.
    private let common: [Int]

    /// - Parameter pieces: the bytes that each token adds to a text; nil where a token may not be written.
    init(_ pieces: [[UInt8]?]) {
        let usable = pieces.indices.filter { pieces[$0]?.isEmpty == false }
        let ordered = usable.map { (id: $0, bytes: pieces[$0] ?? []) }.sorted {
            $0.bytes.lexicographicallyPrecedes($1.bytes)
        }
        ids = ordered.map(\.id)
        bytes = ordered.map(\.bytes)
        common = ordered.indices.map { index in
            guard index > 0 else { return 0 }
            return zip(ordered[index - 1].bytes, ordered[index].bytes).prefix { $0 == $1 }.count
        }
    }

    /// The number of pieces.
    var count: Int { ids.count }

    /// The bytes that are pieces by themselves.
    var singleBytes: Set<UInt8> { Set(bytes.filter { $0.count == 1 }.map { $0[0] }) }

    /// The tokens that may follow in a state, each with the state that it leads to.
    /// - Complexity: O(bytes of the pieces that begin rightly + pieces).
    func followers(of state: Int, _ automaton: inout LanguageAutomaton) -> [(id: Int, state: Int)] {
        var result: [(id: Int, state: Int)] = []
        var path = [state]
        // So many bytes of the last piece lead nowhere.
        var deadCount = Int.max
        for index in ids.indices where common[index] < deadCount {
            path.removeLast(path.count - 1 - common[index])
            deadCount = .max
            for byte in bytes[index].dropFirst(common[index]) {
                let next = automaton.next(path[path.count - 1], byte)
                guard next != LanguageAutomaton.nowhere else {
                    deadCount = path.count
                    break
                }
                path.append(next)
            }
            if deadCount == .max { result.append((ids[index], path[path.count - 1])) }
        }
        return result
    }
}
