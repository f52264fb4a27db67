/// Mechanisms by name: what each is, where it comes from, and how to compute it from named tensors.
///
/// The command `attend-lab compute`, the encyclopedia and the golden tests all read such a table.
public struct Catalogue: Sendable {
    /// All mechanisms, family by family.
    public let entries: [CatalogueEntry]
    private let byName: [String: CatalogueEntry]

    /// A table of these mechanisms.
    /// - Precondition: no two have the same name.
    public init(_ entries: [CatalogueEntry]) {
        self.entries = entries
        byName = Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0) })
    }

    /// The mechanisms of the literature.
    public static let mechanisms = Catalogue(
        [
            scores, modifiers, scopes, normalizers, core, structured, sequential, heads, relativeHeads, efficient,
            vision,
            compositions,
        ].flatMap(\.self))

    /// The mechanism of this name.
    /// - Throws: `CatalogueError.unknown`, with the nearest known name.
    public func entry(named name: String) throws(CatalogueError) -> CatalogueEntry {
        guard let entry = byName[name] else {
            throw .unknown(kind: "mechanism", name: name, known: entries.map(\.name))
        }
        return entry
    }
}
