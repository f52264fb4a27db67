public import AttentionLayers

/// How many heads each layer of a model has, by who looks at whom: those that can be left out (`Ablation`).
public struct HeadCounts: Sendable, Hashable {
    private let counts: [AttentionKind: [Int]]

    /// So many heads in each layer.
    public init(encoder: [Int] = [], decoder: [Int] = [], cross: [Int] = []) {
        counts = [.encoder: encoder, .decoder: decoder, .cross: cross].filter { $0.value.contains { $0 > 0 } }
    }

    /// The heads of each layer; empty where nobody looks so.
    public subscript(kind: AttentionKind) -> [Int] { counts[kind] ?? [] }

    /// Who looks at whom.
    public var kinds: [AttentionKind] { AttentionKind.allCases.filter { counts[$0] != nil } }

    /// Every head.
    public var all: [Head] {
        kinds.flatMap { kind in
            self[kind].enumerated().flatMap { layer, count in (0..<count).map { Head(kind, layer: layer, head: $0) } }
        }
    }

    /// What there is, in words; layers and heads from 1.
    public var text: String {
        kinds.map { kind in "\(kind.rawValue) 1.1 to \(self[kind].count).\(self[kind].max() ?? 0)" }
            .joined(separator: ", ")
    }
}

/// A head of a model.
public struct Head: Sendable, Hashable {
    /// Who looks at whom.
    public let kind: AttentionKind
    /// The layer, counted from 0.
    public let layer: Int
    /// The head, counted from 0.
    public let head: Int

    /// A head of a layer, both counted from 0.
    public init(_ kind: AttentionKind, layer: Int, head: Int) {
        (self.kind, self.layer, self.head) = (kind, layer, head)
    }

    /// `encoder 3.5`: layer and head counted from 1.
    public var text: String { "\(kind.rawValue) \(layer + 1).\(head + 1)" }
}

/// A model that may have heads.
public protocol HeadedModel: Sendable {
    /// The heads that can be left out; none unless a model says otherwise.
    var heads: HeadCounts { get }
}

extension HeadedModel {
    public var heads: HeadCounts { HeadCounts() }
}
