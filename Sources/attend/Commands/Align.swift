public import ArgumentParser
import Attention
import AttentionCommand
import AttentionFiles

struct Align: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say which words of sentences and their translations belong together.",
        discussion: """
            Both files have a sentence a line, words parted by white space. The model is made to write each translation, and its heads tell \
            where they look, while a word is written and once it has been read; those count most that lead back most surely, from the one \
            side to the other and again, in these files. Links are i-j, source and target words counted from 0. --gold compares \
            with links made by people (i-j sure, ipj possible) and prints precision, recall and alignment error rate instead; with --head all, \
            those of every head.
            """)

    @Option(help: ArgumentHelp("The sentences, one a line.", valueName: "file"))
    var source: String
    @Option(help: ArgumentHelp("Their translations, one a line.", valueName: "file"))
    var target: String
    @OptionGroup var model: ModelOptions
    @OptionGroup var choice: TranslatorOptions
    @Option(help: "What aligns: attention of the model, a statistical aligner trained on the files, or the diagonal.")
    var by = Kind.attention
    @Option(
        help: ArgumentHelp(
            "The heads that are asked: auto, model (the one its folder names), average (the mean of all while words are written), L.H (layer and head from 1) or L.H+ (once the word has been read), or all with --gold.",
            valueName: "head"))
    var head = HeadChoice.automatic
    @Option(
        help: """
            Make links of both directions one: intersection, grow-diag, grow-diag-final-and, grow-diag-final or union; from the target \
            alone unless given, grow-diag-final-and for the statistical aligner.
            """)
    var symmetrize: Symmetrization?
    @Option(help: "pharaoh (links), matrix (shares as shades, a picture a pair), or json (words, links and shares).")
    var format = Format.pharaoh
    @Option(help: ArgumentHelp("Links made by people, a line for each pair.", valueName: "file"))
    var gold: String?
    @Option(parsing: .unconditional, help: "The number of the first word in --gold: 0 or 1.")
    var goldFrom = 0
    @OptionGroup var precision: PrecisionOptions
    @OptionGroup var threads: ThreadOptions

    enum Kind: String, ExpressibleByArgument, CaseIterable { case attention, statistical, diagonal }
    enum Format: String, ExpressibleByArgument, CaseIterable { case pharaoh, matrix, json }

    func validate() throws {
        guard (0...1).contains(goldFrom) else {
            throw ValidationError("--gold-from: expected 0 or 1, found \(goldFrom)")
        }
        if goldFrom != 0, gold == nil { throw ValidationError("--gold-from: expected --gold FILE beside it") }
        if by == .diagonal, symmetrize != nil {
            throw ValidationError("--symmetrize: expected an aligner of two directions, found --by diagonal")
        }
        if head != .automatic, head != .all, by != .attention {
            throw ValidationError("--head: expected --by attention, found --by \(by.rawValue)")
        }
        if head == .all, gold == nil || by != .attention {
            throw ValidationError("--head all: expected --gold FILE and --by attention, to compare the heads")
        }
    }

    func run() throws {
        threads.apply()
        let pairs = try AlignmentFiles.pairs(source, target).map { WordPair($0.source, $0.target) }
        let references = try gold.map { try AlignmentFiles.references($0, count: pairs.count, firstIndex: goldFrom) }
        try precision { try answer(pairs, references) }
    }

    private func answer(_ pairs: [WordPair], _ references: [ReferenceAlignment]?) throws {
        if let references, head == .all {
            try printHeads(try attentionAligner(.automatic).ratings(of: pairs, references: references))
        } else if let references {
            let found = try aligner().align(pairs)
            let rate = zip(found, references).reduce(into: AlignmentErrorRate()) {
                $0 += AlignmentErrorRate(of: $1.0.links, reference: $1.1)
            }
            try Results.print("links\tprecision\trecall\tAER\n\(rate.line)")
        } else {
            for (pair, found) in zip(pairs, try aligner().align(pairs)) { try show(found, of: pair) }
        }
    }

    private func aligner() throws -> any WordAligner {
        switch by {
        case .attention:
            switch head {
            case .automatic, .all: try attentionAligner(.automatic)
            case .model: try attentionAligner(.chosen)
            case .average: try attentionAligner(.average)
            case .one(let look): try attentionAligner(.one(look))
            }
        case .statistical: StatisticalAligner(symmetrization: symmetrize ?? .growDiagonalFinalAnd)
        case .diagonal: DiagonalAligner()
        }
    }

    private func attentionAligner(_ heads: AttentionAligner.Heads) throws -> AttentionAligner {
        AttentionAligner(
            try choice.translator(of: model.model ?? "default"), heads: heads, symmetrization: symmetrize)
    }

    private func show(_ found: WordAlignment, of pair: WordPair) throws {
        switch format {
        case .pharaoh: try Results.print(found.links.pharaoh)
        case .matrix:
            let picture = TextRenderer(style: Terminal.shading, width: Terminal.width)
            try Results.print(picture.render(try found.matrix ?? Self.matrix(of: found.links, pair)))
        case .json:
            struct Line: Encodable {
                let source: [String]
                let target: [String]
                let links: String
                let weights: [[Float]]?
            }
            try Results.print(
                try JSONEncoding.text(
                    of: Line(
                        source: pair.source, target: pair.target, links: found.links.pharaoh,
                        weights: found.matrix?.weights)))
        }
    }

    /// Links as shares: all or nothing.
    private static func matrix(of links: HardAlignment, _ pair: WordPair) throws -> AlignmentMatrix {
        let weights: [[Float]] = pair.target.indices.map { target in
            pair.source.indices.map { links.links.contains(Link(source: $0, target: target)) ? 1 : 0 }
        }
        return try AlignmentMatrix(source: pair.source, target: pair.target, weights: weights)
    }

    private func printHeads(_ ratings: [AttentionAligner.LookRating]) throws {
        try Results.print("layer\thead\tword\tlinks\tprecision\trecall\tAER\tagreement")
        for rating in ratings {
            let look = rating.look
            let agreement = rating.agreement.fixedPoint(digits: 4)
            try Results.print(
                "\(look.head.layer + 1)\t\(look.head.head + 1)\t\(look.isRead ? "read" : "written")\t\(rating.rate.line)\t"
                    + agreement)
        }
    }
}

/// Which head is asked.
enum HeadChoice: ExpressibleByArgument, Hashable {
    case automatic, model, average, all
    case one(AttentionLook)

    init?(argument: String) {
        switch argument {
        case "auto": self = .automatic
        case "model": self = .model
        case "average": self = .average
        case "all": self = .all
        default:
            let isRead = argument.hasSuffix("+")
            guard let selector = HeadSelector(String(argument.dropLast(isRead ? 1 : 0))), let one = selector.single,
                selector.kind ?? .cross == .cross
            else { return nil }
            self = .one(AttentionLook(HeadIndex(layer: one.layer, head: one.head), isRead: isRead))
        }
    }

    var defaultValueDescription: String { "auto" }
}

extension AlignmentErrorRate {
    /// Links, precision, recall and rate, with tabs between.
    fileprivate var line: String {
        ([String(linkCount)] + [precision, recall, rate].map { $0.fixedPoint(digits: 4) }).joined(separator: "\t")
    }
}

extension Symmetrization: ExpressibleByArgument {}
