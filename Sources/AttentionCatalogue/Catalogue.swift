import AttentionLayers
public import AttentionMechanisms
import AttentionVariants

/// Mechanisms by name: what each is, where it comes from, and how to compute it from named tensors.
///
/// The command `attend-lab compute`, the encyclopedia and the golden tests all read such a table, which is made of the descriptors beside the
/// mechanisms.
public struct Catalogue: Sendable {
    /// All mechanisms, family by family.
    public let entries: [MechanismDescriptor]
    private let byName: [String: MechanismDescriptor]

    /// A table of these mechanisms.
    /// - Precondition: no two have the same name.
    public init(_ mechanisms: [MechanismDescriptor]) {
        entries = MechanismFamily.allCases.flatMap { family in mechanisms.filter { $0.family == family } }
        byName = Dictionary(uniqueKeysWithValues: mechanisms.map { ($0.name, $0) })
    }

    /// The mechanisms of the literature.
    public static let mechanisms = Catalogue(
        AttentionParts.mechanisms + LayerParts.mechanisms + VariantParts.mechanisms)

    /// The mechanism of this name.
    /// - Throws: `RequestError.unknown`, with the nearest known name.
    public func entry(named name: String) throws(RequestError) -> MechanismDescriptor {
        guard let entry = byName[name] else {
            throw .unknown(kind: "mechanism", name: name, known: entries.map(\.name))
        }
        return entry
    }
}
