extension Catalogue {
    static let relativeHeads: [CatalogueEntry] = []
}
