import Foundation
import Testing

/// `attend translate --glossary`.
@Suite struct GlossaryTests {
    private func translate(_ terms: String, _ arguments: String...) throws -> Command {
        let folder = try TemporaryFolder()
        let file = try folder.write(terms, to: "terms.tsv")
        return try Command.run(["translate", "--no-picture", "--glossary", file] + arguments)
    }

    @Test func termsAreSaidAsTheyMust() throws {
        let found = try translate(
            "# vehicles\ncar\tautomobile\n\nhouse\tdemeure\n", "The car is in front of the house.", "I see a red car.",
            "Good morning!")
        #expect(found.status == 0, "\(found.errors)")
        let lines = found.output.split(separator: "\n")
        #expect(lines.count == 3 && lines[0].contains("automobile") && lines[0].contains("demeure"), "\(lines)")
        #expect(lines[1].contains("automobile") && !lines[2].contains("automobile"), "\(lines)")
        // What the model says so already stays as it was.
        let plain = try Command.run("translate", "--no-picture", "The car is red.")
        #expect(try translate("car\tvoiture\n", "The car is red.").output == plain.output)
        let marked = try translate("car\tautomobile\n", "--markup", "html", "I see a red <b>car</b>.")
        #expect(marked.output.contains("<b>automobile</b>"), "\(marked.output)")
    }

    @Test func refusals() throws {
        let line = try translate("car\n", "a")
        #expect(
            line.status == 65
                && line.errors.hasPrefix("attend: glossary: expected a word, a tab and how it is said in "))
        #expect(line.errors.hasSuffix("line 1, found car\n"))
        let strange = try translate("car\t車\n", "a")
        #expect(
            strange.status == 65
                && strange.errors
                    == "attend: glossary: expected words of the target that the model's vocabulary can spell, found 車; leave it out\n",
            "\(strange.errors)")
        #expect(try Command.run("translate", "--glossary", "/no/such.tsv", "a").status == 65)
    }
}
