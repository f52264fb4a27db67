import AttentionMechanisms
import AttentionTensors

extension Catalogue {
    static let efficient: [CatalogueEntry] = recurrences
}
