/// In what format the matrices of each layer of a model are stored.
public struct LayerFormats: Sendable, Hashable {
    /// Of the layers that are not named; nil leaves them as they are.
    public var rest: BlockFormat?
    /// Of these layers, by name; nil leaves one as it is.
    public var named: [String: BlockFormat?]

    /// Formats of the layers of these names, and of the rest.
    public init(rest: BlockFormat?, named: [String: BlockFormat?] = [:]) { (self.rest, self.named) = (rest, named) }

    /// The format of the matrix of this parameter.
    public func format(of parameter: String) -> BlockFormat? { format(ofLayer: Self.layer(of: parameter)) }

    /// The format of the matrices of this layer.
    public func format(ofLayer layer: String) -> BlockFormat? { named[layer] ?? rest }

    /// The layer that a parameter belongs to: its name up to the first number, `encoder.layers.3`, or else its first part, `embedding`; of what stands
    /// around the layers of a side, its first two, `encoder.embeddings`.
    public static func layer(of parameter: String) -> String {
        let parts = parameter.split(separator: ".")
        if let place = parts.firstIndex(where: { Int($0) != nil }) { return parts[...place].joined(separator: ".") }
        return parts.prefix(parts.count > 3 ? 2 : 1).joined(separator: ".")
    }
}

extension Module {
    /// The layers that have matrices to store, in the order of `visit`, and the bytes that those take.
    public var storedLayers: [(name: String, byteCount: Int)] {
        var layers: [(name: String, byteCount: Int)] = []
        for (name, parameter) in parameters() where parameter.shape.rank == 2 && name.hasSuffix("weight") {
            let layer = LayerFormats.layer(of: name)
            if let place = layers.firstIndex(where: { $0.name == layer }) {
                layers[place].byteCount += parameter.byteCount
            } else {
                layers.append((layer, parameter.byteCount))
            }
        }
        return layers
    }
}
