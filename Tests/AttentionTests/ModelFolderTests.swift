import Attention
import FoundationEssentials
import Testing

@Suite struct ModelFolderTests {
    /// A path that is removed with this value.
    struct Place: ~Copyable {
        let path = "/tmp/attention-model-\(UInt64.random(in: 0 ... .max))"

        deinit { try? FileManager.default.removeItem(atPath: path) }

        var names: [String] {
            get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
        }
    }

    private func bytes(_ path: String) throws -> [[UInt8]] {
        try ["config.json", "model.safetensors", "tokenizer.json"].map { try FileContents.read("\(path)/\($0)") }
    }

    @Test func whatIsSavedIsRead() throws {
        let place = Place()
        let folder = try ModelFolder.tiny(pieces: 300)
        try folder.save(to: place.path)
        #expect(try place.names == ["config.json", "model.safetensors", "tokenizer.json"])
        let read = try ModelFolder(path: place.path)
        #expect(read.configuration == folder.configuration)
        #expect(
            read.model.parameters().map(\.parameter.tensor.values)
                == folder.model.parameters().map(\.parameter.tensor.values))
    }

    @Test func tokenizersAndWeightsOfDifferentTrainingsAreToldApart() throws {
        let place = Place()
        let other = Place()
        let folder = try ModelFolder.tiny(pieces: 300)
        try folder.save(to: place.path)
        let foreign = try BPETrainer(vocabularySize: folder.tokenizer.count, minimumPairCount: 1).train(on: [
            "zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich"
        ])
        try #require(foreign.count <= folder.tokenizer.count)
        try foreign.write(to: place.path + "/tokenizer.json")
        let error = #expect(throws: ModelFolderError.self) { try ModelFolder(path: place.path) }
        #expect(
            error?.description
                == "model: expected the tokenizer that \(place.path)/model.safetensors was trained with, found one with other pieces; "
                + "take both files from the same training")
        // What does not say with what tokenizer it was made is taken as it is.
        try folder.save(to: other.path)
        try Safetensors.write(
            folder.model.parameters().map { ($0.name, $0.parameter.tensor) }, to: other.path + "/model.safetensors")
        #expect(throws: Never.self) { try ModelFolder(path: other.path) }
    }

    @Test func aModelReplacesAModelAndNothingElse() throws {
        let place = Place()
        try ModelFolder.tiny(pieces: 300).save(to: place.path)
        try FileManager.default.createDirectory(atPath: place.path + "/training", withIntermediateDirectories: false)
        try AtomicFile.write([7], to: place.path + "/training/checkpoint.safetensors")
        try AtomicFile.write([8], to: place.path + "/.attention-beef.partial")
        try ModelFolder.tiny(pieces: 305).save(to: place.path)
        #expect(try place.names == ["config.json", "model.safetensors", "tokenizer.json", "training"])
        #expect(try FileContents.read(place.path + "/training/checkpoint.safetensors") == [7])
        #expect(try ModelFolder(path: place.path).configuration.name == "tiny 305")
    }

    @Test func whatIsNoModelIsNotReplaced() throws {
        let place = Place()
        let folder = try ModelFolder.tiny(pieces: 300)
        func sentence(_ path: String) -> String? {
            #expect(throws: ModelFolderError.self) { try folder.save(to: path) }?.description
        }
        let rule = "to be a new or empty folder or one with a model, found"
        try Directory.create(place.path)
        try AtomicFile.write([1], to: place.path + "/letter.txt")
        #expect(
            sentence(place.path) == "save: expected \(place.path) \(rule) letter.txt; choose another folder")
        let file = place.path + "/letter.txt"
        #expect(sentence(file) == "save: expected \(file) \(rule) a file; choose another folder")
        try AtomicFile.write(Array(#"{"model_type": "bert"}"#.utf8), to: place.path + "/config.json")
        #expect(
            sentence(place.path)
                == "save: expected \(place.path) \(rule) a config.json of another kind; choose another folder")
        #expect(try place.names == ["config.json", "letter.txt"])
    }

    /// The last of the three files cannot be written: nothing has been replaced then.
    @Test func aSaveThatFailsChangesNothing() throws {
        let place = Place()
        try ModelFolder.tiny(pieces: 300).save(to: place.path)
        let weights = place.path + "/model.safetensors"
        try FileManager.default.removeItem(atPath: weights)
        try Directory.create(weights)
        let before = try ["config.json", "tokenizer.json"].map { try FileContents.read("\(place.path)/\($0)") }
        #expect(throws: SafetensorsError.self) { try ModelFolder.tiny(pieces: 305).save(to: place.path) }
        #expect(before == (try ["config.json", "tokenizer.json"].map { try FileContents.read("\(place.path)/\($0)") }))
        #expect(try place.names == ["config.json", "model.safetensors", "tokenizer.json"])
    }

    /// Two models take turns in one folder while it is read: a reader sees one of them, or none, and never parts of both.
    @Test func readersNeverSeeAMixture() async throws {
        let place = Place()
        let path = place.path
        let folders = try [ModelFolder.tiny(pieces: 300, seed: 1), ModelFolder.tiny(pieces: 305, seed: 2)]
        try folders[0].save(to: path)
        let reader = Task {
            var (readCount, mixtureCount) = (0, 0)
            while !Task.isCancelled || readCount == 0 {
                do {
                    let read = try ModelFolder(path: path)
                    readCount += 1
                    let isWhole = folders.contains { folder in
                        folder.configuration == read.configuration
                            && folder.tokenizer.json() == read.tokenizer.json()
                            && folder.model.parameters().map(\.parameter.tensor.values)
                                == read.model.parameters().map(\.parameter.tensor.values)
                    }
                    if !isWhole { mixtureCount += 1 }
                } catch ModelFolderError.notAModel {
                    continue
                }
            }
            return mixtureCount
        }
        for turn in 1...40 { try folders[turn % 2].save(to: path) }
        reader.cancel()
        #expect(try await reader.value == 0)
    }
}
