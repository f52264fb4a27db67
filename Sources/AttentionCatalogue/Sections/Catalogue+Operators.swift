extension Catalogue {
    static let operators: [CatalogueEntry] = []
}
