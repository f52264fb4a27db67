extension Catalogue {
    static let compositions: [CatalogueEntry] = []
}
