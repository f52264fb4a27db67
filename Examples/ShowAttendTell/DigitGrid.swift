package import AttentionTensors
package import SharedPictures

/// Two to four handwritten digits in nine cells, 64 × 64 pixels, and what is to be said of them.
///
///     caption = row { "above" row }          rows from above, those without digits left out
///     row     = run { "beside" run }         runs from the left
///     run     = "a" digit | "an" "eight"     one digit
///             | number digits                so many equal ones, one behind the other, empty cells between them or not
///     number  = "two" | "three"
///     digit   = "zero" | … | "nine",         digits = "zeros" | … | "nines"
///
/// So a three in the upper row and two ones in the lower are "a three above two ones", and the columns in which they stand do not matter.
package struct DigitGrid: Sendable, Hashable {
    /// Rows and columns of cells.
    package static let side = 3
    /// Rows and columns of pixels.
    package static let pixelSide = 64
    private static let names = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    ]
    private static let plurals = [
        "zeros", "ones", "twos", "threes", "fours", "fives", "sixes", "sevens", "eights", "nines",
    ]

    /// Every word of the grammar.
    package static var vocabulary: Vocabulary { Vocabulary(["a", "an", "above", "beside"] + names + plurals) }
    /// How many words a caption has at most: four digits, none like its neighbour.
    package static let longestCaption = 11

    /// The digit of each cell, row by row; nil for an empty one.
    package let cells: [Int?]

    /// A grid with these digits.
    /// - Precondition: there are nine cells.
    package init(_ cells: [Int?]) {
        precondition(
            cells.count == Self.side * Self.side,
            "DigitGrid: expected \(Self.side * Self.side) cells, found \(cells.count)")
        self.cells = cells
    }

    /// What is to be said of it.
    package var caption: [String] {
        let rows = (0..<Self.side).map { row in
            Self.runs(of: cells[row * Self.side..<(row + 1) * Self.side].compactMap { $0 })
        }
        let told = rows.filter { !$0.isEmpty }.map { Array($0.map(Self.words).joined(separator: ["beside"])) }
        return Array(told.joined(separator: ["above"]))
    }

    /// Equal neighbours together.
    private static func runs(of digits: [Int]) -> [(digit: Int, count: Int)] {
        var runs: [(digit: Int, count: Int)] = []
        for digit in digits {
            if runs.last?.digit == digit { runs[runs.count - 1].count += 1 } else { runs.append((digit, 1)) }
        }
        return runs
    }

    private static func words(_ run: (digit: Int, count: Int)) -> [String] {
        run.count > 1 ? [names[run.count], plurals[run.digit]] : [run.digit == 8 ? "an" : "a", names[run.digit]]
    }
}

extension DigitGrid {
    /// A scene of digits drawn from a collection, the same from the same generator.
    ///
    /// So many cells are drawn, every choice of them as likely as the others. Read row by row, a digit is with a probability of one half the same as the
    /// one before, in another hand, and else any of the collection. Each stands within a pixel of the middle of its cell.
    package static func scene(
        digitCount: Int, from source: DigitShelves, using generator: inout RandomGenerator
    ) -> CaptionedPicture {
        let places = Array(0..<side * side).shuffled(using: &generator).prefix(digitCount).sorted()
        var cells = [Int?](repeating: nil, count: side * side)
        var canvas = PixelCanvas(width: pixelSide, height: pixelSide)
        var before: Int?
        for place in places {
            let isRepeated = Bool.random(using: &generator)
            let index = source.draw(isRepeated ? before : nil, using: &generator)
            let digit = source.digits.labels[index]
            (cells[place], before) = (digit, digit)
            // The middles of the cells lie at the pixels 11, 32 and 53.
            let corners = [place % side, place / side].map {
                21 * $0 + 11 - DigitCollection.side / 2 + Int.random(in: -1...1, using: &generator)
            }
            canvas.paint(source.digits.images[index], x: corners[0], y: corners[1])
        }
        return CaptionedPicture(
            channelCount: 1, height: pixelSide, width: pixelSide, pixels: canvas.pixels,
            words: DigitGrid(cells).caption)
    }

    /// So many scenes of so many digits each, drawn from `key`.
    package static func scenes(
        _ count: Int, digitCounts: ClosedRange<Int> = 2...4, from source: DigitShelves, key: RandomKey
    ) -> [CaptionedPicture] {
        var generator = key.generator()
        return (0..<count).map { _ in
            let digitCount = Int.random(in: digitCounts, using: &generator)
            return scene(digitCount: digitCount, from: source, using: &generator)
        }
    }
}

/// Digits, and where those of each kind are.
package struct DigitShelves: Sendable, Hashable {
    /// All of them.
    package let digits: DigitCollection
    private let shelves: [Int: [Int]]

    /// These digits, sorted.
    package init(_ digits: DigitCollection) {
        self.digits = digits
        shelves = Dictionary(grouping: digits.labels.indices) { digits.labels[$0] }
    }

    /// One of this kind, or any one.
    fileprivate func draw(_ kind: Int?, using generator: inout RandomGenerator) -> Int {
        if let kind, let shelf = shelves[kind] { return shelf[Int.random(in: shelf.indices, using: &generator)] }
        return Int.random(in: digits.labels.indices, using: &generator)
    }
}
