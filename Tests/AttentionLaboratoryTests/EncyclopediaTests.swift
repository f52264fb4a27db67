import Attention
import AttentionCatalogue
import AttentionLaboratory
import AttentionOperators
import FoundationEssentials
import Testing

@Suite struct EncyclopediaTests {
    private static let package = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        .joined(separator: "/")

    private func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: Self.package + "/" + path)), as: UTF8.self)
    }

    /// `scripts/make-encyclopedia` writes these pages.
    @Test func pagesAreThoseOfTheCatalogue() throws {
        let page = Encyclopedia.markdown(pictureFolder: "../Sources/Attention/Attention.docc/Resources")
        #expect(try text("docs/mechanisms.md") == page)
        let article = Encyclopedia.markdown(pictureFolder: "")
        #expect(try text("Sources/Attention/Attention.docc/Mechanisms.md") == article)
    }

    @Test(arguments: Catalogue.complete.entries.map(\.name)) func hasAllThatAPageNeeds(_ name: String) throws {
        let entry = try Catalogue.complete.entry(named: name)
        #expect(![entry.title, entry.formula, entry.cost, entry.use, entry.source].contains(""))
        // Layers and operators are compositions, shown by their parts.
        let isShownByItsParts = ["encoder_layer", "decoder_layer"].contains(name) || name.hasPrefix("onnx.")
        #expect(entry.hasPicture != isShownByItsParts)
        guard entry.hasPicture else { return }
        #expect(try text("Sources/Attention/Attention.docc/Resources/\(name).svg").hasPrefix("<svg"))
    }

    @Test(arguments: ["Hello", "Hello there", "I see you"]) func allArePicturedOnFewWords(_ sentence: String) throws {
        let encyclopedia = Encyclopedia(try ExampleMaterial(sentence: sentence, translator: .standard()))
        for entry in Catalogue.complete.entries where entry.hasPicture {
            let picture = try #require(try encyclopedia.picture(of: entry), "\(entry.name)")
            #expect(picture.weights.joined().allSatisfy { $0 >= 0 && $0.isFinite }, "\(entry.name)")
        }
    }

    @Test(arguments: Catalogue.complete.entries.filter(\.hasPicture).map(\.name)) func pictureIsOfTheWords(
        _ name: String
    ) throws {
        let material = try ExampleMaterial(sentence: "The cat sat on a mat.", translator: .standard())
        let encyclopedia = Encyclopedia(material)
        let entry = try Catalogue.complete.entry(named: name)
        let picture = try #require(try encyclopedia.picture(of: entry))
        #expect(picture.weights.joined().allSatisfy { $0 >= 0 && $0.isFinite })
        #expect(picture.greatestWeight > 0)
        if entry.family == .score { #expect(picture.source == material.words) }
    }
}
