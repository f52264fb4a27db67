import Attention
import Glibc
import Testing

@Suite struct SettingsTests {
    private typealias Chosen = TranslationSettings<TransformerConfiguration>

    private func changed(_ assignments: String...) throws -> Chosen {
        var settings = try Settings(TranslationSettings(model: TransformerConfiguration()))
        for assignment in assignments { try settings.apply(assignment: assignment) }
        return try settings.value()
    }

    private func changed(json: String) throws -> Chosen {
        let path = "/tmp/attention-settings-\(UInt64.random(in: 0 ... .max)).json"
        try AtomicFile.write(Array(json.utf8), to: path)
        defer { remove(path) }
        var settings = try Settings(TranslationSettings(model: TransformerConfiguration()))
        do {
            try settings.apply(contentsOf: path)
        } catch SettingsError.unreadable(_, let reason) {
            throw SettingsError.unreadable("x.json", reason: reason)
        }
        return try settings.value()
    }

    private func sentence(_ assignment: String) -> String? {
        #expect(throws: SettingsError.self) { try changed(assignment) }?.description
    }

    @Test func assignmentsChangeWhatTheyName() throws {
        let settings = try changed(
            "model.dropout=0.3", "headCount=8", "normOrder=post", "training.lowercase=true", "maximumUpdates=1e5",
            "peakRate=7", "maximumMinutes=1.5")
        #expect(settings.model.dropout == 0.3)
        #expect(settings.model.headCount == 8)
        #expect(settings.model.normOrder == .post)
        #expect(settings.training.lowercase)
        #expect(settings.training.maximumUpdates == 100_000)
        #expect(settings.training.peakRate == 7)
        #expect(settings.training.maximumMinutes == 1.5)
        #expect(settings.training.warmup == TranslationTrainingSettings().warmup)
    }

    @Test func filesChangeWhatTheyHold() throws {
        let settings = try changed(
            json: #"{"model": {"dropout": 0.3, "special": {"end": 7}}, "training.schedule": "plateau", "warmup": 5}"#)
        #expect(settings.model.dropout == 0.3)
        #expect(settings.model.special.end == 7)
        #expect(settings.training.schedule == .plateau)
        #expect(settings.training.warmup == 5)
    }

    @Test func nothingChangesByItself() throws {
        #expect(try changed().model == TransformerConfiguration())
        #expect(try changed().training == TranslationTrainingSettings())
    }

    /// All settings that `--settings` prints can be set: to what they are, as JSON and one by one.
    @Test func whatIsPrintedCanBeRead() throws {
        let defaults = TranslationSettings(model: RecurrentTranslatorConfiguration())
        var settings = try Settings(defaults)
        let path = "/tmp/attention-settings-\(UInt64.random(in: 0 ... .max)).json"
        try AtomicFile.write(Array(try defaults.json().utf8), to: path)
        defer { remove(path) }
        try settings.apply(contentsOf: path)
        #expect(try settings.value().json() == defaults.json())
    }

    @Test func refusalsSayWhatWasMeant() {
        #expect(throws: SettingsError.unknown("dropuot", nearest: "dropout")) { try changed("dropuot=0.3") }
        #expect(throws: SettingsError.unknown("zzzzzzzzzz", nearest: nil)) { try changed("zzzzzzzzzz=1") }
        #expect(throws: SettingsError.notAnAssignment("dropout")) { try changed("dropout") }
        #expect(sentence("dropuot=0.3") == "settings: there is no setting \"dropuot\"; did you mean \"dropout\"?")
        #expect(
            sentence("zzzzzzzzzz=1") == "settings: there is no setting \"zzzzzzzzzz\"")
        #expect(
            sentence("dropout") == "settings: expected key=value, found \"dropout\"; write, for example, dropout=0.1")
    }

    @Test func everySettingKeepsItsType() {
        #expect(sentence("dropout=much") == "settings: expected model.dropout to be a number, found \"much\"")
        #expect(sentence("dropout=nan") == "settings: expected model.dropout to be a number, found nan")
        #expect(
            sentence("peakRate=1e39")
                == "settings: expected training.peakRate to be a number up to 3.4028235e+38, found 1e39")
        #expect(sentence("headCount=0.5") == "settings: expected model.headCount to be an integer, found 0.5")
        #expect(
            sentence("patience=1e30")
                == "settings: expected training.patience to be an integer up to 9007199254740992, found 1e30")
        #expect(sentence("lowercase=1") == "settings: expected training.lowercase to be true or false, found 1")
        #expect(
            sentence("schedule=cosin")
                == "settings: expected training.schedule to be one of inverseSquareRoot, cosine, plateau, constant, "
                + "found \"cosin\"; did you mean \"cosine\"?")
        #expect(
            sentence("normOrder=7")
                == "settings: expected model.normOrder to be one of pre, post, found 7")
    }

    @Test func filesThatAreNoSettings() {
        func sentence(_ json: String) -> String? {
            #expect(throws: SettingsError.self) { try changed(json: json) }?.description
        }
        #expect(
            sentence("")
                == "settings: could not read x.json: expected a value at byte 0 of the JSON document, found the end")
        #expect(sentence("[1]") == "settings: could not read x.json: expected an object of settings, found an array")
        #expect(
            sentence(#"{"model": {"headCount": 0.5}}"#)
                == "settings: expected model.headCount to be an integer, found 0.5")
        #expect(
            sentence(#"{"warmup": "5"}"#) == "settings: expected training.warmup to be an integer, found \"5\"")
        #expect(sentence(#"{"dropout": null}"#) == "settings: expected model.dropout to be a number, found null")
        #expect(
            sentence(#"{"schedule": true}"#)
                == "settings: expected training.schedule to be one of inverseSquareRoot, cosine, plateau, constant, found true"
        )
        #expect(sentence(#"{"model": 3}"#) == "settings: there is no setting \"model\"")
    }

    private func remove(_ path: String) { _ = unlink(path) }
}
