extension Catalogue {
    static let vision: [CatalogueEntry] = []
}
