public import AttentionTensors

/// What a model of pictures that is yet to be trained is made of: the sizes of one kind of network.
///
/// One type a kind, one line in `ImageArchitectures.all` for each network that has a name; nothing else asks which of them a model is.
public protocol ImageArchitecture: Codable, Sendable, Hashable {
    /// Throws what is wrong with these sizes, if anything is.
    func validate() throws(ConfigurationError)
    /// A model of random parameters that tells classes apart.
    ///
    /// - Parameters:
    ///   - imageSize: the size of pictures.
    ///   - labels: what the classes are called.
    /// - Throws: `ConfigurationError` with the size that cannot be.
    func trainable(imageSize: ImageSize, labels: [String], key: RandomKey) throws -> TrainableModel<ImageModel>
}

/// The networks that can be trained on pictures.
public enum ImageArchitectures {
    /// All of them with their names, one line each; the first is the default.
    public static let all: [(name: String, sizes: any ImageArchitecture)] = [
        ("cct", CCT.Sizes()),
        ("vit", ViT.Sizes()),
        ("cnn", AttentiveCNN.Sizes(attention: .none)),
        ("cnn-se", AttentiveCNN.Sizes(attention: .squeezeExcitation)),
        ("cnn-spatial", AttentiveCNN.Sizes(attention: .spatial)),
        ("cnn-cbam", AttentiveCNN.Sizes(attention: .convolutionalBlock)),
    ]

    /// How the command line calls them.
    public static var names: [String] { all.map(\.name) }

    /// The network of this name; nil if there is none.
    public static func named(_ name: String) -> (any ImageArchitecture)? { all.first { $0.name == name }?.sizes }
}
