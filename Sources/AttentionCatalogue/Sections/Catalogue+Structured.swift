extension Catalogue {
    static let structured: [CatalogueEntry] = []
}
