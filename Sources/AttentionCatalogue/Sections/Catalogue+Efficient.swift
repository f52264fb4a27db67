extension Catalogue {
    static let efficient: [CatalogueEntry] = []
}
