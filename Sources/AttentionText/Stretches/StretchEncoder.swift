/// Encodes text stretch by stretch, where the stages of a tokenizer see no further than a stretch.
///
/// What comes out is what the stages give for the whole text: `StretchTests` hold both against each other.
struct StretchEncoder: Sendable {
    /// How a tokenizer makes tokens of a stretch that stands first, last or between others.
    private let variants: [(any Normalizer)?]
    private let caches = StretchCaches()
    /// The first bytes of added tokens that are found in the text as it is, and all their bytes.
    private let isFirstByte: [Bool]
    private let addedTokens: [[UInt8]]

    /// - Parameter tokens: the added tokens that are found in the text as it is.
    /// - Returns: `nil` if the stages may see further.
    init?(
        normalizer: (any Normalizer)?, preTokenizer: (any PreTokenizer)?, added tokens: [String],
        normalizedSpellings: [String]
    ) {
        guard normalizer?.isLocal ?? true, let preTokenizer else { return nil }
        let variants = (0..<4).map { variant in
            normalizer?.part(isFirst: variant & 1 != 0, isLast: variant & 2 != 0)
        }
        // What a space becomes decides whether text is cut there.
        for text in [" x", "  x"] {
            let aligned = AlignedText(text)
            guard let first = (variants[0]?.normalize(aligned) ?? aligned).first,
                preTokenizer.cutsBeforeSpaces(writtenAs: first.scalar)
            else { return nil }
        }
        let isLocal = normalizedSpellings.allSatisfy { spelling in
            spelling.unicodeScalars.allSatisfy { !$0.isWhiteSpace && $0 != "▁" }
        }
        guard isLocal else { return nil }
        self.variants = variants
        addedTokens = tokens.map { Array($0.utf8) }
        var isFirstByte = [Bool](repeating: false, count: 256)
        for token in addedTokens { isFirstByte[Int(token[0])] = true }
        self.isFirstByte = isFirstByte
    }

    /// What is known of a stretch; the buffers are there while it is looked at.
    struct Stretch {
        let ids: UnsafeBufferPointer<Int32>
        let tokens: UnsafeBufferPointer<Token>
        /// How its tokens are spelt that the vocabulary spells otherwise.
        let spellings: UnsafeBufferPointer<String>
        let segmentCount: Int32
        let scalarCount: Int32
    }

    /// Calls `body` with each stretch of `text`. False, and no call, if an added token stands in the text, or
    /// it begins with what a character map may leave out: that moves the offsets of all that follows, in the reference.
    ///
    /// - Parameter encode: The tokens of a stretch as the stages make them.
    @inline(__always)
    func forEachStretch(
        of text: String, encode: (AlignedText, (any Normalizer)?) -> TextTokens,
        _ body: (Stretch) -> Void
    ) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            guard StretchCutter.canBegin(bytes), !hasAddedToken(bytes) else { return false }
            caches.withCache { cache in
                var start = 0
                while start < bytes.count {
                    let end = StretchCutter.end(in: bytes, from: start)
                    let variant: Int32 = (start == 0 ? 1 : 0) | (end == bytes.count ? 2 : 0)
                    let key = UnsafeBufferPointer(rebasing: bytes[start..<end])
                    let hash = StretchCache.hash(of: key, variant: variant)
                    if let entry = cache.entry(of: key, variant: variant, hash: hash) {
                        cache.withTokens(of: entry, body)
                    } else {
                        let made = encoded(key, variant: variant, encode)
                        cache.insert(key, variant: variant, hash: hash, made)
                        made.withStretch(body)
                    }
                    start = end
                }
            }
            return true
        }
    }

    /// The tokens of a stretch, counted from its beginning.
    private func encoded(
        _ key: UnsafeBufferPointer<UInt8>, variant: Int32,
        _ encode: (AlignedText, (any Normalizer)?) -> TextTokens
    ) -> EncodedStretch {
        // Number 0 is the beginning of the text, which some stages ask about.
        let start: Int32 = variant & 1 != 0 ? 0 : 1
        let text = AlignedText(String(decoding: key, as: UTF8.self), from: start)
        let made = encode(text, variants[Int(variant)])
        return EncodedStretch(
            tokens: made.tokens.map { $0.moved(by: -start, words: 0, from: $0.origin) }, spellings: made.spellings,
            segmentCount: Int32(truncatingIfNeeded: made.segmentCount),
            scalarCount: Int32(truncatingIfNeeded: text.count))
    }

    @inline(__always)
    private func hasAddedToken(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        if addedTokens.isEmpty { return false }
        return isFirstByte.withUnsafeBufferPointer { isFirstByte in
            for index in 0..<bytes.count where isFirstByte[Int(bytes[index])] {
                let rest = UnsafeBufferPointer(rebasing: bytes[index...])
                if addedTokens.contains(where: { rest.starts(with: $0) }) { return true }
            }
            return false
        }
    }
}

/// A stretch as the stages encode it.
struct EncodedStretch {
    let tokens: [Token]
    let spellings: [String]
    let segmentCount: Int32
    let scalarCount: Int32

    func withStretch(_ body: (StretchEncoder.Stretch) -> Void) {
        tokens.map(\.id).withUnsafeBufferPointer { ids in
            tokens.withUnsafeBufferPointer { tokens in
                spellings.withUnsafeBufferPointer { spellings in
                    body(
                        StretchEncoder.Stretch(
                            ids: ids, tokens: tokens, spellings: spellings, segmentCount: segmentCount,
                            scalarCount: scalarCount))
                }
            }
        }
    }
}
