extension TracedSequence {
    /// What people read for each piece: the part of the text it stands for, or what it adds to a text; the vocabulary's spelling where neither is
    /// known.
    public var labels: [String] {
        zip(pieces, pieceTexts).map { piece, text in text.map { $0.label.isEmpty ? piece : $0.label } ?? piece }
    }

    /// For each piece whether a space stands before it; not told where no word is cut, so that every piece begins one. Before the first of a text
    /// nothing stands, whatever space its vocabulary spells with it.
    public var followsSpace: [Bool] {
        let isCut = zip(words, words.dropFirst()).contains { $0 != nil && $0 == $1 }
        var begun: Set<Int> = []
        return zip(pieceTexts, segments).map { text, segment in
            guard let text else { return false }
            let isFirst = begun.insert(segment ?? 0).inserted
            return isCut && !isFirst && text.followsSpace
        }
    }

    /// The labels where pieces stand one by one: those that a space stands before show it.
    package var markedLabels: [String] {
        zip(labels, followsSpace).map { $1 ? String.visibleSpace + $0 : $0 }
    }

    /// What is seen of each piece; nil where nothing is known but its spelling.
    private var pieceTexts: [PieceText?] {
        let scalars = Array(text.unicodeScalars)
        return zip(offsets, texts).map { range, added in
            guard let range, !range.isEmpty else { return added.map { PieceText($0) } }
            var part = String.UnicodeScalarView()
            part.append(contentsOf: scalars[range])
            return PieceText(String(part), behind: range.lowerBound > 0 ? scalars[range.lowerBound - 1] : nil)
        }
    }
}
