import Foundation
import Testing

/// `attend translate --glossary`, with the translator inside the command.
@Suite struct GlossaryTests {
    private let vehicles = "# vehicles\ncar\tauto\n\nhouse\tdemeure\ntrain station\tgare ferroviaire\n"

    private func translate(_ terms: String, _ arguments: String..., input: String = "") throws -> Command {
        let folder = try TemporaryFolder()
        let file = try folder.write(terms, to: "terms.tsv")
        return try Command.run(
            ["translate", "--no-picture", "--glossary", file] + arguments, input: Data(input.utf8))
    }

    @Test func termsAreSaidAsTheyMust() throws {
        let found = try translate(
            vehicles, "The car is in front of the house.", "Where is the train station? My car is there.",
            "She bought a new car yesterday because the old car was broken.", "Car sales are up.")
        #expect(found.status == 0, "\(found.errors)")
        let lines = found.output.split(separator: "\n").map(String.init)
        #expect(lines.count == 4, "\(lines)")
        #expect(lines[0].contains(" auto ") && lines[0].contains(" demeure."), "\(lines)")
        #expect(lines[1].contains("la gare ferroviaire ?") && lines[1].contains(" auto "), "\(lines)")
        #expect(lines[2].ranges(of: " auto ").count == 2, "\(lines)")
        #expect(!lines[3].contains("Automo") && lines[3].lowercased().contains("auto"), "\(lines)")
    }

    @Test func aFileMayBeOfAnotherSystem() throws {
        let found = try translate(
            "\u{FEFF}house\tdemeure\r\ncar\tauto\r\n", "The car is in front of the house.")
        #expect(found.output.contains(" auto ") && found.output.contains(" demeure."), "\(found)")
    }

    @Test func atTheBeginningATermHasACapital() throws {
        let found = try translate("good morning\tsalut\n", "Good morning, my friend!")
        #expect(found.output.hasPrefix("Salut, "), "\(found)")
    }

    /// What is not in the text, and what the model says so already, changes nothing.
    @Test func otherTextsStay() throws {
        let texts = ["Good morning!", "I see two red birds.", "The carpet is red."]
        let plain = try Command.run(["translate", "--no-picture"] + texts)
        #expect(try translate(vehicles, texts[0], texts[1], texts[2]).output == plain.output)
        let car = try Command.run("translate", "--no-picture", "The car is red.")
        #expect(try translate("car\tvoiture\n", "The car is red.").output == car.output)
    }

    @Test func linesFilesAndJSON() throws {
        let lines = try translate(vehicles, input: "I see a red car.\n\nGood morning!\nI see a large house.\n")
        let answers = lines.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(answers.count == 5 && answers[0].contains(" auto ") && answers[1].isEmpty, "\(answers)")
        #expect(answers[3].contains(" demeure"), "\(answers)")
        let json = try translate(vehicles, "--json", "I see a red car.", "Good morning!").output.split(separator: "\n")
        #expect(json[0].contains(#""guards":["glossary"]"#) && !json[1].contains("guards"), "\(json)")
        let words = #""targetWords":["Je","vois","une","auto","rouge."]"#
        #expect(json[0].contains(words), "\(json)")
        let best = try translate(vehicles, "--n-best", "3", "I see a red car.").output.split(separator: "\n")
        #expect(best.allSatisfy { $0.contains(" auto") } && Set(best).count == best.count, "\(best)")
        let folder = try TemporaryFolder()
        let file = try folder.write("A house.\n\n  The car.\n", to: "text")
        let whole = try translate(vehicles, "--file", file)
        #expect(whole.output.contains("demeure") && whole.output.contains("\n\n  "), "\(whole)")
    }

    @Test func tagsGoWithTerms() throws {
        let marked = try translate(
            vehicles, "--markup", "html", "I see a red <b>car</b>.",
            "The <i>boss</i> of the <b>train station</b> is here.")
        #expect(marked.output.contains("<b>auto</b>") && marked.output.contains("<b>gare ferroviaire</b>"), "\(marked)")
    }

    @Test func refusals() throws {
        let line = try translate("ok\tbien\ncar\n", "a")
        #expect(
            line.status == 65
                && line.errors.hasPrefix("attend: glossary: expected a word, a tab and how it is said in "))
        #expect(line.errors.hasSuffix("line 2, found car\n"))
        let strange = try translate("car\t…\n", "a")
        #expect(
            strange.status == 65
                && strange.errors
                    == "attend: glossary: expected words of the target that the model's vocabulary can spell, found …; leave it out\n",
            "\(strange.errors)")
        #expect(try Command.run("translate", "--glossary", "/no/such.tsv", "a").status == 65)
    }
}
