extension Catalogue {
    /// Mechanisms made of others.
    static let compositions: [CatalogueEntry] = sequenceCompositions + readingCompositions + setCompositions
}
