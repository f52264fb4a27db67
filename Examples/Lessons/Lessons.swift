/// Eight lessons about attention, each a few lines of Swift whose numbers are printed: `swift run -c release Lessons` says all of them,
/// `swift run -c release Lessons 3` one. The text to them stands in the documentation of the library.
@main
struct Lessons {
    private static let all: [(title: String, say: @Sendable () throws -> String)] = [
        ("Why a fixed vector forgets", FixedVector.report), ("Build additive attention", AdditiveByHand.report),
        ("Queries, keys, values", SoftDictionary.report), ("Many heads", ManyHeads.report),
        ("Structured", StructuredReading.report), ("Soft and hard", SoftAndHard.report),
        ("A Transformer", SortingTransformer.report), ("Look inside", LookInside.report),
    ]

    static func main() throws {
        let wanted = CommandLine.arguments.dropFirst().map { Int($0) ?? 0 }
        guard wanted.allSatisfy({ (1...all.count).contains($0) }) else {
            print("usage: Lessons [1 … \(all.count)]…")
            return
        }
        for number in wanted.isEmpty ? Array(1...all.count) : wanted {
            print("\(number). \(all[number - 1].title)\n")
            print(try all[number - 1].say())
        }
    }
}
