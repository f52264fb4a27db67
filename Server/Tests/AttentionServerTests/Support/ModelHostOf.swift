import AttentionServer

/// Hosts of one model.
enum ModelHostOf {
    static func translator() throws -> ModelHost { try ModelHost([.standard()]) }
}
