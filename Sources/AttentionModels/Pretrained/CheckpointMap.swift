/// Where the parameters of a model lie in checkpoints that spell them otherwise.
///
/// ```swift
/// [
///     "encoder.layers.*.self_attention.query": ".encoder.layer.*.attention.self.query",
///     "encoder.layers.*.self_attention.key": .rows(".encoder.layer.*.attention.qkv", 1, of: 3),
/// ]
/// ```
///
/// A rule is for all parameters whose names begin like its left side, `*` standing for one part; the first that fits is taken, and what follows
/// (`weight`, `bias`) is the same on both sides. A place that begins with a dot lies behind the name of the backbone, which checkpoints
/// of the bare backbone leave out. A place with fewer stars than the rule is shared by all that the rule is for.
public struct CheckpointMap: Sendable {
    /// Where one parameter lies.
    public struct Place: Sendable, ExpressibleByStringLiteral {
        /// What has to be done to what lies there.
        enum Change: Sendable, Hashable {
            case none
            case transposed
            /// One of several blocks of rows of equal size.
            case rows(Int, of: Int)
            /// These rows.
            case range(Range<Int>)
            /// One of several blocks of rows of equal size within each of so many groups.
            case groupedRows(Int, of: Int, groups: Int)
            /// Rows that lie in pairs within each head of so many.
            case pairedRows(headSize: Int)
            /// One of several blocks of columns of equal size, which become rows.
            case transposedColumns(Int, of: Int)
            /// The only row of a matrix, as a vector.
            case onlyRow
            /// Every number, and 1.
            case plusOne
        }

        let name: String
        let change: Change

        init(_ name: String, _ change: Change) { (self.name, self.change) = (name, change) }

        /// As it is.
        public init(stringLiteral name: String) { self.init(name, .none) }

        /// A matrix [I, O] instead of [O, I], as GPT-2 has them; vectors as they are.
        public static func transposed(_ name: String) -> Place { Place(name, .transposed) }

        /// A vector that lies as a matrix of one row.
        public static func onlyRow(_ name: String) -> Place { Place(name, .onlyRow) }

        /// The block `index` of `count` blocks of rows that lie in one tensor: queries, keys and values of a fused projection.
        public static func rows(_ name: String, _ index: Int, of count: Int) -> Place {
            Place(name, .rows(index, of: count))
        }

        /// These rows of a tensor that holds several matrices one below the other.
        public static func rows(_ name: String, _ range: Range<Int>) -> Place { Place(name, .range(range)) }

        /// In each of so many groups of rows, the block `index` of `count` blocks: queries, keys and values that lie together head by head, as
        /// GPT-NeoX has them.
        public static func groupedRows(_ name: String, _ index: Int, of count: Int, groups: Int) -> Place {
            Place(name, .groupedRows(index, of: count, groups: groups))
        }

        /// Rows of queries or keys that lie in pairs: within each head one of its first half, then one of its second, as llama.cpp has them for
        /// Llama, since it turns neighbours where the reference turns halves.
        public static func pairedRows(_ name: String, headSize: Int) -> Place {
            Place(name, .pairedRows(headSize: headSize))
        }

        /// Gains that are stored less 1, as Gemma has them.
        public static func plusOne(_ name: String) -> Place { Place(name, .plusOne) }

        /// The block `index` of `count` blocks of columns of a matrix [I, O]; of a vector, of its numbers.
        public static func transposedColumns(_ name: String, _ index: Int, of count: Int) -> Place {
            Place(name, .transposedColumns(index, of: count))
        }
    }

    private let rules: [(parameter: [Substring], place: Place)]

    /// A map of these rules, the first that fits counting.
    public init(_ rules: [(String, Place)]) {
        self.init(rules: rules.map { ($0.0.split(separator: "."), $0.1) })
    }

    private init(rules: [(parameter: [Substring], place: Place)]) { self.rules = rules }

    /// Each parameter lies under its own name.
    static let identity: CheckpointMap = ["*": "*"]

    /// The rules of one map, then those of another.
    public static func + (first: CheckpointMap, second: CheckpointMap) -> CheckpointMap {
        CheckpointMap(rules: first.rules + second.rules)
    }

    /// The same map where the model is a part of another: each place lies behind the name of the part, in which the backbone has this name.
    func within(_ part: String, backbone: String? = nil) -> CheckpointMap {
        CheckpointMap(
            rules: rules.map { rule in
                (rule.parameter, Place(part + "." + rule.place.name(behind: backbone), rule.place.change))
            })
    }

    /// Where the parameter of this name lies; nil if no rule is for it.
    func place(of parameter: String) -> Place? {
        let parts = parameter.split(separator: ".")
        for (pattern, place) in rules {
            guard pattern.count <= parts.count, zip(pattern, parts).allSatisfy({ $0 == "*" || $0 == $1 }) else {
                continue
            }
            var stars = zip(pattern, parts).filter { $0.0 == "*" }.map(\.1)[...]
            let name =
                place.name.split(separator: ".", omittingEmptySubsequences: false)
                .map { $0 == "*" ? stars.popFirst() ?? $0 : $0 } + parts[pattern.count...]
            return Place(name.joined(separator: "."), place.change)
        }
        return nil
    }
}

extension CheckpointMap: ExpressibleByDictionaryLiteral {
    /// A map of these rules, the first that fits counting.
    public init(dictionaryLiteral rules: (String, Place)...) { self.init(rules) }
}
