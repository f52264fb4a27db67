extension Catalogue {
    /// Attention over images and feature maps, and poolings.
    static let vision: [CatalogueEntry] =
        imageReading + channelsAndPlaces + imageSelfAttention + imageSampling + pooling
}
