extension TracedSequence {
    /// What people read for each piece: the part of the text it stands for, or what it adds to a text; the vocabulary's spelling where neither is
    /// known.
    public var labels: [String] {
        zip(pieces, pieceTexts).map { piece, text in text.map { $0.label.isEmpty ? piece : $0.label } ?? piece }
    }

    /// For each piece whether a space stands before it; not told where no word is cut, so that every piece begins one.
    public var followsSpace: [Bool] {
        let isCut = zip(words, words.dropFirst()).contains { $0 != nil && $0 == $1 }
        return pieceTexts.map { isCut && $0?.followsSpace == true }
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
