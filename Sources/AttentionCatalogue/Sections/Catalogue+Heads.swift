extension Catalogue {
    static let heads: [CatalogueEntry] = []
}
