import Foundation
import Testing

@Suite struct WordEmbeddingsTests {
    /// The output as it was published, to 8 decimals.
    private static let published = [
        "0.98522025  1.74174051  0.75652026",
        "0.90965265  1.40965265  0.50000000",
        "0.99851226  1.75849334  0.75998108",
        "0.99560386  1.90407309  0.90846923",
    ]

    /// The weights of NumPy for the same numbers, to 8 decimals.
    private static let weights = [
        "0.23608986  0.00738988  0.74913039  0.00738988",
        "0.45482632  0.04517368  0.45482632  0.04517368",
        "0.23927505  0.00074387  0.75923721  0.00074387",
        "0.08995018  0.00281554  0.90565368  0.00158060",
    ]

    @Test func oneWordIsThePublishedFirstRow() throws {
        let tables = try Self.tables(under: "One word, step by step")
        #expect(tables["query of word 1"] == ["2.00000000  0.00000000  2.00000000"])
        #expect(tables["scores of word 1"] == ["8.00000000  2.00000000  10.00000000  2.00000000"])
        #expect(tables["weights of word 1"] == [Self.weights[0]])
        #expect(tables["output of word 1"] == [Self.published[0]])
    }

    @Test func allWordsAreThePublishedTable() throws {
        let tables = try Self.tables(under: "All words at once")
        #expect(tables["weights"] == Self.weights)
        #expect(tables["output"] == Self.published)
    }

    @Test func theLibraryAgreesToSevenDigits() throws {
        let tables = try Self.tables(under: "In one call of the library")
        for (name, expected) in [("weights", Self.weights), ("output", Self.published)] {
            let found = try #require(tables[name])
            for (row, expectedRow) in zip(found.map(Self.numbers), expected.map(Self.numbers)) {
                #expect(row.count == expectedRow.count)
                for (x, y) in zip(row, expectedRow) { #expect(abs(x - y) <= 1e-6) }
            }
            #expect(found.count == expected.count)
        }
    }

    private static func numbers(_ row: String) -> [Double] {
        row.split(separator: " ").compactMap { Double($0) }
    }

    /// What the example prints under a heading: rows by the name of their table.
    private static func tables(under heading: String) throws -> [String: [String]] {
        let sections = try printed().components(separatedBy: "\n\n")
        let section = try #require(sections.first { $0.hasPrefix(heading) })
        var tables: [String: [String]] = [:]
        var name = ""
        for line in section.split(separator: "\n").dropFirst() {
            if line.hasPrefix(" ") {
                tables[name, default: []].append(String(line.drop { $0 == " " }))
            } else {
                name = String(line)
            }
        }
        return tables
    }

    /// Runs the example, which the build puts beside the test bundle.
    private static func printed() throws -> String {
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        while folder.path != "/", !FileManager.default.isExecutableFile(atPath: folder.path + "/WordEmbeddings") {
            folder.deleteLastPathComponent()
        }
        let (process, pipe) = (Process(), Pipe())
        process.executableURL = folder.appendingPathComponent("WordEmbeddings")
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self)
    }
}
