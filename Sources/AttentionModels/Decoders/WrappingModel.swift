public import AttentionLayers
public import AttentionMechanisms
public import AttentionTensors

/// A language model around another one, which says whatever the outer one does not say itself.
public protocol WrappingModel: LanguageModel {
    /// What is inside.
    associatedtype Base: LanguageModel
    /// The model inside.
    var base: Base { get }
}

extension WrappingModel {
    public static var inputNames: [String] { Base.inputNames }

    public var languageModel: (any LanguageModel)? { self }
    public var heads: HeadCounts { base.heads }
    public var vocabularySize: Int { base.vocabularySize }
    public var lengthLimit: Int? { base.lengthLimit }
    public var pageFormat: PageFormat { base.pageFormat }
    public var dependsOnLongestText: Bool { base.dependsOnLongestText }

    public func splitHeads(_ ids: [Int], at places: [Int], ofLayer index: Int) throws(ShapeError) -> SplitHeads? {
        try base.splitHeads(ids, at: places, ofLayer: index)
    }

    public func forward(_ inputs: SafetensorsFile, observing: Observation) throws -> [NamedTensor] {
        try base.forward(inputs, observing: observing)
    }
}
