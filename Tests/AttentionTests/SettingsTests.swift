import Attention
import Testing

@Suite struct SettingsTests {
    private func changed(_ assignments: String...) throws -> TranslationSettings<TransformerConfiguration> {
        var settings = try Settings(TranslationSettings(model: TransformerConfiguration()))
        for assignment in assignments { try settings.apply(assignment: assignment) }
        return try settings.value()
    }

    @Test func assignmentsChangeWhatTheyName() throws {
        let settings = try changed("model.dropout=0.3", "headCount=8", "normOrder=post", "training.lowercase=true")
        #expect(settings.model.dropout == 0.3)
        #expect(settings.model.headCount == 8)
        #expect(settings.model.normOrder == .post)
        #expect(settings.training.lowercase)
        #expect(settings.training.peakRate == TranslationTrainingSettings().peakRate)
    }

    @Test func nothingChangesByItself() throws {
        #expect(try changed().model == TransformerConfiguration())
        #expect(try changed().training == TranslationTrainingSettings())
    }

    @Test func refusalsSayWhatWasMeant() {
        #expect(throws: SettingsError.unknown("dropuot", nearest: "dropout")) { try changed("dropuot=0.3") }
        #expect(throws: SettingsError.unknown("zzzzzzzzzz", nearest: nil)) { try changed("zzzzzzzzzz=1") }
        #expect(throws: SettingsError.notAnAssignment("dropout")) { try changed("dropout") }
        #expect(throws: SettingsError.wrongValue("model.dropout", expected: "a number", found: "\"much\"")) {
            try changed("dropout=much")
        }
        #expect(throws: SettingsError.self) { try changed("normOrder=middle") }
        #expect(throws: SettingsError.self) { try changed("model.headCount=2.5") }
        #expect(
            "\(SettingsError.unknown("dropuot", nearest: "dropout"))"
                == "settings: there is no setting \"dropuot\"; did you mean \"dropout\"?")
    }
}
