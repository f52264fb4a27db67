import Attention
import Testing

/// A conversation that is remembered is the conversation read afresh.
@Suite struct ChatSessionTests {
    private static let questions = ["sun", "The cat", "é 東"]

    private func session(_ folder: ChatFolder, system: String? = nil) throws -> ChatSession {
        var session = try ChatSession(path: folder.path, system: system)
        session.generator.configuration.newTokenLimit = 6
        // The tiny model would end at once, and writes parts of characters; words alone can be read again as they were written.
        try session.generator.constrain(to: TextLanguage(regularExpression: "[a-z ]{3,5}"))
        return session
    }

    @Test(arguments: [nil, "x"]) func answersAreThoseOfTheWholeConversation(_ system: String?) throws {
        let folder = try ChatFolder(["chat_template.jinja": ChatFolder.template])
        var session = try session(folder, system: system)
        var said: [ChatMessage] = system.map { [.system($0)] } ?? []
        for (turn, question) in Self.questions.enumerated() {
            var pieces = ""
            let answer = try session.answer(to: question) { pieces += $0 }
            said.append(.user(question))
            let text = try session.template.text(of: said)
            let tokens = try #require(session.generator.tokenizer).encode(text, addingSpecialTokens: false).ids
            let fresh = try session.generator.generate(tokens: tokens)[0]
            #expect(answer.tokens == fresh.tokens && answer.text == fresh.text && pieces == answer.text)
            #expect(!answer.text.isEmpty && abs(answer.score - fresh.score) < 1e-4)
            #expect(answer.promptCount == tokens.count)
            // What the model has read of the question before, and of its own answer if that is cut as it was written.
            #expect(turn == 0 ? answer.rememberedCount == 0 : answer.rememberedCount > 0)
            said.append(.assistant(answer.text))
            #expect(session.messages.map(\.content) == said.map(\.content))
        }
    }

    @Test func resettingForgetsAllButTheSystem() throws {
        let folder = try ChatFolder(["chat_template.jinja": ChatFolder.template])
        var session = try session(folder, system: "x")
        let first = try session.answer(to: "sun")
        _ = try session.answer(to: "cat")
        session.reset()
        #expect(session.messages.map(\.role) == ["system"] && session.rememberedCount == 0)
        #expect(try session.answer(to: "sun").tokens == first.tokens)
    }

    /// A copy goes on in another way.
    @Test func aCopyIsABranch() throws {
        let folder = try ChatFolder(["chat_template.jinja": ChatFolder.template])
        var session = try session(folder)
        _ = try session.answer(to: "sun")
        var branch = session
        _ = try branch.answer(to: "The mat")
        let answer = try session.answer(to: "cat")
        #expect(session.messages.count == 4 && branch.messages[2].content == "The mat")
        var fresh = try self.session(folder)
        _ = try fresh.answer(to: "sun")
        #expect(try fresh.answer(to: "cat").tokens == answer.tokens)
    }

    @Test func aCancelledQuestionWasNotAsked() async throws {
        let folder = try ChatFolder(["chat_template.jinja": ChatFolder.template])
        let begun = try session(folder)
        let task = Task {
            var session = begun
            #expect(throws: SearchError.cancelled) {
                try session.answer(to: "sun") { _ in withUnsafeCurrentTask { $0?.cancel() } }
            }
            return session
        }
        var session = await task.value
        #expect(session.messages.isEmpty)
        var fresh = begun
        #expect(try session.answer(to: "sun").tokens == fresh.answer(to: "sun").tokens)
    }

    @Test func tooLongAConversationIsRefused() throws {
        let folder = try ChatFolder(["chat_template.jinja": ChatFolder.template])
        var session = try session(folder)
        #expect(throws: PretrainedError.self) { try session.answer(to: String(repeating: "x", count: 99)) }
        #expect(session.messages.isEmpty)
    }
}
