public import AttentionLayers
public import AttentionTensors

/// What decides, behind the convolutions of a block, which channels and which places of an image count.
public enum BlockAttention: Module {
    /// Nothing: all count alike.
    case none
    /// Channels (Hu, Shen & Sun 2018).
    case channels(SqueezeExcitation)
    /// Places (Woo et al. 2018, eq. 3).
    case places(SpatialAttention)
    /// First channels, then places (Woo et al. 2018).
    case channelsAndPlaces(ConvolutionalBlockAttention)

    /// The sorts of it, as configurations call them.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        case none
        case squeezeExcitation = "squeeze_excitation"
        case spatial
        case convolutionalBlock = "cbam"

        /// Whether places are weighed.
        var weighsPlaces: Bool { self == .spatial || self == .convolutionalBlock }
    }

    /// Attention of a sort to so many channels, which are squeezed to a part of them.
    init(_ kind: Kind, channelCount: Int, reduction: Int, kernelSize: Int) {
        let reducedSize = max(1, channelCount / reduction)
        self =
            switch kind {
            case .none: .none
            case .squeezeExcitation:
                .channels(SqueezeExcitation(channelCount, reducedSize: reducedSize, key: .blank))
            case .spatial: .places(SpatialAttention(kernelSize: kernelSize, key: .blank))
            case .convolutionalBlock:
                .channelsAndPlaces(
                    ConvolutionalBlockAttention(
                        channelCount, reducedSize: reducedSize, kernelSize: kernelSize, key: .blank))
            }
    }

    /// Images [B, C, H, W] weighted, and how much each place counts, [B, 1, H, W]; nil where places are not weighed.
    /// - Throws: `ShapeError` if there are not C channels.
    public func callAsFunction(_ x: Tensor) throws(ShapeError) -> (output: Tensor, places: Tensor?) {
        switch self {
        case .none: return (x, nil)
        case .channels(let attention): return (try attention(x).output, nil)
        case .places(let attention):
            let (output, weights) = try attention(x)
            return (output, weights)
        case .channelsAndPlaces(let attention):
            let result = try attention(x)
            return (result.output, result.spatialWeights)
        }
    }

    /// Those of the mechanism.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        switch self {
        case .none: break
        case .channels(var attention):
            try attention.visit(&visitor, path)
            self = .channels(attention)
        case .places(var attention):
            try attention.visit(&visitor, path)
            self = .places(attention)
        case .channelsAndPlaces(var attention):
            try attention.visit(&visitor, path)
            self = .channelsAndPlaces(attention)
        }
    }
}
