/// A stretch of text whose inline markup has been taken out and is remembered: which element covered what.
///
/// Places are counted in Unicode scalars of `plain`.
public struct MarkedText: Sendable, Equatable {
    /// An element that covers a part of the text: `<b>…</b>`.
    public struct Element: Sendable, Equatable {
        /// The tag that opens it, as it was written.
        public let opening: String
        /// The tag that closes it.
        public let closing: String
        /// What it covers.
        public internal(set) var range: Range<Int>
        /// The element around it, by its place in `elements`, which comes first; nil for none.
        public let parent: Int?
        /// Whether it is the rest of an element that a block parted.
        public let isRest: Bool
    }

    /// A tag or a comment that stands at a place and covers nothing: `<br>`.
    public struct Mark: Sendable, Equatable {
        /// As it was written.
        public let text: String
        /// Where.
        public let place: Int
    }

    /// The text without markup, character references read.
    public internal(set) var plain = ""
    /// The elements, in the order in which they begin.
    public internal(set) var elements: [Element] = []
    /// What stands between letters, in order.
    public internal(set) var marks: [Mark] = []
    /// What must stay as it is, such as `<code>…</code>`, by the placeholder that stands for it in `plain`.
    public internal(set) var kept: [(placeholder: String, text: String)] = []

    /// Nothing yet.
    init() {}

    public static func == (left: MarkedText, right: MarkedText) -> Bool {
        left.plain == right.plain && left.elements == right.elements && left.marks == right.marks
            && left.kept.map(\.placeholder) == right.kept.map(\.placeholder)
            && left.kept.map(\.text) == right.kept.map(\.text)
    }

    /// The innermost element that covers a place; nil for none.
    public func element(at place: Int) -> Int? { elements.lastIndex { $0.range.contains(place) } }

    /// An element and those around it, from the outermost.
    public func path(to element: Int?) -> [Int] {
        var path: [Int] = []
        var next = element
        while let element = next {
            path.append(element)
            next = elements[element].parent
        }
        return path.reversed()
    }
}

/// A document in HTML or XML as what a translator sees of it: text between things that are left alone.
public struct MarkedDocument: Sendable, Equatable {
    /// A part of a document.
    public enum Part: Sendable, Equatable {
        /// What stays as it is: tags of blocks, scripts, styles.
        case verbatim(String)
        /// Text with inline markup.
        case text(MarkedText)
    }

    /// The parts, in order.
    public let parts: [Part]

    /// Reads a document, or a piece of one. What is no tag is text: nothing is refused.
    ///
    /// - Complexity: linear.
    public init(_ document: String, _ form: MarkupForm) {
        var reader = MarkupReader(document, form)
        parts = reader.read()
    }
}
