import Attention
import AttentionJSON
import AttentionServer
import Testing

/// Texts that are written for many clients at once.
@Suite struct CompanyTests {
    /// Each client gets what it gets alone, whoever else is served.
    @Test func companyChangesNothing() async throws {
        let prompts = ["sun", "The cat sleeps", "moon moon moon", "a", "The sun and the cat", "walks"]
        let generator = try TextGenerator(path: taskFolders + "continuations")
        let wanted = try prompts.map { prompt in
            var generator = generator
            generator.configuration.newTokenLimit = 24
            return try withPrecision(.exact) { try generator.generate(prompt)[0].text }
        }
        var limits = SchedulerSettings.generation
        limits.precision = .exact
        let host = try ModelHost([.generator(ServedGenerator("writer", generator, limits: limits))])
        try await serving(host) { client in
            try await withThrowingTaskGroup(of: (Int, String?).self) { group in
                for round in 0..<4 {
                    for (place, prompt) in prompts.enumerated() {
                        let stream = round % 2 == 1
                        group.addTask {
                            let answer = try await client.post(
                                "/v1/completions",
                                #"{"prompt": "\#(prompt)", "max_tokens": 24, "temperature": 0, "stream": \#(stream)}"#)
                            guard stream else { return (place, try answer.json.at("choices", 0, "text").string) }
                            let pieces = try answer.events.map { try $0.at("choices", 0, "text").string ?? "" }
                            return (place, pieces.joined())
                        }
                    }
                }
                for try await (place, text) in group { #expect(text == wanted[place], "\(prompts[place])") }
            }
        }
    }

    /// Texts of different lengths that come at the same moment are read together, and each client gets what it gets alone.
    @Test func sourcesThatComeTogether() async throws {
        let texts = [
            "Where is the nearest train station?", "Yes.", "What is the exchange rate?", "Hello!",
            "I lost my card yesterday and need a new one before I travel.", "How do I change my address?",
        ]
        let translator = try Translator.standard()
        let wanted = try texts.map { try translator.translate($0).text }
        try await serving(try ModelHost([.standard()])) { client in
            try await withThrowingTaskGroup(of: (Int, String?).self) { group in
                for _ in 0..<3 {
                    for (place, text) in texts.enumerated() {
                        group.addTask {
                            let answer = try await client.post(
                                "/translate", #"{"q": "\#(text)", "source": "en", "target": "fr"}"#)
                            return (place, try answer.json.at("translatedText").string)
                        }
                    }
                }
                for try await (place, text) in group { #expect(text == wanted[place], "\(texts[place])") }
            }
        }
    }

    /// What is opened again takes over, and a mistake changes nothing.
    @Test func modelsAreReplaced() async throws {
        let host = try ModelHost([.open("old", at: taskFolders + "vectors")])
        try await serving(host) { client in
            let body = #"{"input": "sun", "model": "new"}"#
            #expect(try await client.post("/v1/embeddings", body).status == 404)
            try host.replace(with: [HostedModel(.open("new", at: taskFolders + "vectors"))])
            #expect(try await client.post("/v1/embeddings", body).status == 200)
            #expect(throws: ModelHostError.none) { try host.replace(with: []) }
            #expect(try await client.post("/v1/embeddings", body).status == 200)
        }
    }
}
