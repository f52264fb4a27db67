extension Catalogue {
    static let sequential: [CatalogueEntry] = []
}
