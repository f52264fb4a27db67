/// What a model is fine-tuned on, and with that what for: examples to learn from, and others to choose the best model by.
public enum FineTuningData: Sendable {
    /// Texts, alone or in pairs, and the class of each.
    case classes(train: [ClassifiedText], valid: [ClassifiedText])
    /// Questions on texts that hold the answers.
    case answers(train: [AskedQuestion], valid: [AskedQuestion])
    /// Words of texts, and what each of them is.
    case tags(train: [TaggedWords], valid: [TaggedWords])
    /// Texts that belong together.
    case pairs(train: [AlikeTexts], valid: [AlikeTexts])
}

extension FineTuningData {
    /// How many examples there are of either kind.
    var counts: (train: Int, valid: Int) {
        switch self {
        case .classes(let train, let valid): (train.count, valid.count)
        case .answers(let train, let valid): (train.count, valid.count)
        case .tags(let train, let valid): (train.count, valid.count)
        case .pairs(let train, let valid): (train.count, valid.count)
        }
    }
}

/// A text, perhaps with its pair, and its class.
public struct ClassifiedText: Sendable, Hashable {
    /// The text.
    public var text: String
    /// What it is compared with; nil for a text alone.
    public var pair: String?
    /// What its class is called.
    public var label: String

    /// A text of this class.
    public init(_ text: String, pair: String? = nil, label: String) {
        (self.text, self.pair, self.label) = (text, pair, label)
    }
}

/// A question on a text, and where the text answers it.
public struct AskedQuestion: Sendable, Hashable {
    /// An answer in the context.
    public struct Answer: Sendable, Hashable {
        /// What it says.
        public var text: String
        /// Where it begins, in Unicode scalars of the context.
        public var start: Int

        /// An answer that begins there.
        public init(_ text: String, start: Int) { (self.text, self.start) = (text, start) }
    }

    /// By what the question is told from others.
    public var id: String
    /// What is asked.
    public var question: String
    /// The text.
    public var context: String
    /// The answers, any of which is right; the first is learnt.
    public var answers: [Answer]

    /// A question with these answers.
    public init(id: String, question: String, context: String, answers: [Answer]) {
        (self.id, self.question, self.context, self.answers) = (id, question, context, answers)
    }
}

/// The words of a text, and what each of them is.
public struct TaggedWords: Sendable, Hashable {
    /// The words.
    public var words: [String]
    /// As many tags: `B-PER`, `I-PER`, `O`.
    public var tags: [String]

    /// Words with their tags.
    public init(words: [String], tags: [String]) { (self.words, self.tags) = (words, tags) }
}

/// Two texts that belong together: a question and its answer, a text and the same in other words.
public struct AlikeTexts: Sendable, Hashable {
    /// The one.
    public var anchor: String
    /// What belongs to it more than what belongs to others.
    public var positive: String

    /// Two texts.
    public init(_ anchor: String, _ positive: String) { (self.anchor, self.positive) = (anchor, positive) }
}
