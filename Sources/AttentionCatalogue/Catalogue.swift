/// All mechanisms by name: what each is, where it comes from, and how to compute it from named tensors.
///
/// The command `attend compute`, the encyclopedia and the golden tests all read this one table.
public enum Catalogue {
    /// All mechanisms, family by family.
    public static let entries: [CatalogueEntry] = [
        scores, modifiers, scopes, normalizers, core, structured, sequential, heads, relativeHeads, efficient, vision,
        compositions, operators,
    ].flatMap { $0 }

    /// The mechanism of this name.
    /// - Throws: `CatalogueError.unknown`, with the nearest known name.
    public static func entry(named name: String) throws(CatalogueError) -> CatalogueEntry {
        guard let entry = byName[name] else {
            throw .unknown(kind: "mechanism", name: name, known: entries.map(\.name))
        }
        return entry
    }

    private static let byName = Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0) })
}
