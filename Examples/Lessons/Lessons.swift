import Attention

/// Eight lessons about attention, each a few lines of Swift whose numbers are printed: `swift run -c release Lessons` says all of them,
/// `swift run -c release Lessons 3` one; `scripts/make-lesson-pictures` draws them. The text to them stands in the documentation of the library.
@main
struct Lessons {
    /// Its title, its numbers as text, and its picture as SVG.
    struct Lesson: Sendable {
        let title: String
        let say: @Sendable () throws -> String
        let draw: @Sendable () throws -> String
    }

    static let all = [
        Lesson(title: "Why a fixed vector forgets", say: FixedVector.report, draw: FixedVector.drawing),
        Lesson(title: "Build additive attention", say: AdditiveByHand.report, draw: AdditiveByHand.drawing),
        Lesson(title: "Queries, keys, values", say: SoftDictionary.report, draw: SoftDictionary.drawing),
        Lesson(title: "Many heads", say: ManyHeads.report, draw: ManyHeads.drawing),
        Lesson(title: "Structured", say: StructuredReading.report, draw: StructuredReading.drawing),
        Lesson(title: "Soft and hard", say: SoftAndHard.report, draw: SoftAndHard.drawing),
        Lesson(title: "A Transformer", say: SortingTransformer.report, draw: SortingTransformer.drawing),
        Lesson(title: "Look inside", say: LookInside.report, draw: LookInside.drawing),
    ]

    static func main() throws {
        let arguments = CommandLine.arguments
        if arguments.count == 3, arguments[1] == "draw" { return try draw(into: arguments[2]) }
        let wanted = CommandLine.arguments.dropFirst().map { Int($0) ?? 0 }
        guard wanted.allSatisfy({ (1...all.count).contains($0) }) else {
            print("usage: Lessons [1 … \(all.count)]…, or Lessons draw FOLDER")
            return
        }
        for number in wanted.isEmpty ? Array(1...all.count) : wanted {
            print("\(number). \(all[number - 1].title)\n")
            print(try all[number - 1].say())
        }
    }

    /// Writes lesson-1.svg and so on.
    private static func draw(into folder: String) throws {
        for (index, lesson) in all.enumerated() {
            try AtomicFile.write(Array(lesson.draw().utf8), to: folder + "/lesson-\(index + 1).svg")
        }
    }
}
