import Attention
import FoundationEssentials
import Testing

/// A model brings the search it was tuned for.
@Suite struct SearchSettingsTests {
    private func folder(_ search: SearchSettings) throws -> ModelFolder {
        var folder = try ModelFolder.tiny()
        folder.configuration.search = search
        return folder
    }

    @Test func theyAreKeptWithTheModel() throws {
        let place = ModelFolderTests.Place()
        var search = SearchSettings(beamSize: 3)
        (search.lengthPenalty, search.coveragePenalty) = (1.4, 0.2)
        try folder(search).save(to: place.path)
        #expect(try ModelFolder(path: place.path).configuration.search == search)
        #expect(
            try ModelFolder(path: place.path).summary().contains("beam 3, length penalty 1.4, coverage penalty 0.2"))
    }

    @Test func theyHoldUnlessOptionsSayOtherwise() throws {
        var search = SearchSettings()
        search.lengthPenalty = -2
        let tuned = Translator(folder: try folder(search))
        let plain = Translator(folder: try folder(SearchSettings()))
        let text = "the quick fox"
        func score(_ translator: Translator, _ penalty: Double?) throws -> Double {
            var options = TranslationOptions(lengthPenalty: penalty, aligns: false)
            options.isGuarded = false
            return try translator.translate([text], options: options)[0][0].score
        }
        #expect(try score(tuned, nil) == score(plain, -2))
        #expect(try score(tuned, 1) == score(plain, nil))
        #expect(try score(tuned, nil) != score(plain, nil))
    }

    @Test func whatIsOutOfRangeIsRefused() throws {
        for (member, expected) in [
            (#"{"beamSize":0}"#, "search.beamSize"), (#"{"lengthPenalty":11}"#, "search.lengthPenalty"),
            (#"{"coveragePenalty":-0.5}"#, "search.coveragePenalty"),
        ] {
            let error = #expect(throws: ConfigurationError.self) {
                try JSONDecoder().decode(SearchSettings.self, from: Data(member.utf8))
            }
            #expect(error?.description.contains(expected) == true)
        }
    }
}
