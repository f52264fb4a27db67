import ArgumentParser
import Attention
import AttentionServer
import Foundation
import Hummingbird
import Logging

/// Where the program begins: what the file and the environment say is put before the command line.
@main
enum Main {
    static func main() async {
        do {
            let arguments = try StoredOptions.arguments(
                Array(CommandLine.arguments.dropFirst()), environment: ProcessInfo.processInfo.environment)
            await AttendServer.main(arguments)
        } catch {
            Standard.error("attend-server: \(error)")
            exit(error.exitCode)
        }
    }
}

/// Models over HTTP.
struct AttendServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attend-server", abstract: "Serve models over HTTP.",
        discussion: """
            OpenAI's routes, those of text-embeddings-inference and of LibreTranslate, and our own with alignments and attention; a page to try \
            them at /, their description at /openapi.json. Without --model, the translator inside the program is served as en-fr.

              attend-server --model minilm=all-MiniLM-L6-v2 --model en-fr=default

            Every option may stand in a YAML file (--config) and in the environment, too: max-wait: 5ms, ATTEND_SERVER_MAX_WAIT=5ms. SIGHUP opens \
            the models again, without a pause.
            """, version: "0.1.0")

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A model folder or GGUF file and what clients call it; default is the model inside this program. A translator is named after its languages: en-pt.",
            valueName: "name=dir"))
    var model: [ModelOption] = []

    @Option(
        name: .long, help: ArgumentHelp("Options in YAML, under the names they have here.", valueName: "file"))
    var config: String?

    @OptionGroup(title: "Where") var place: PlaceOptions
    @OptionGroup(title: "How much") var load: LoadOptions
    @OptionGroup(title: "When models are open") var residence: ResidenceOptions

    @Option(
        name: .long, help: ArgumentHelp("A key that requests must have; several may be given.", valueName: "key"))
    var apiKey: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A file with keys, or sha256: and their digests, one a line, which other users of this machine cannot see as they do arguments.",
            valueName: "file"))
    var apiKeyFile: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Pages of other hosts that may ask, such as https://example.org; * for all; several may be given.",
            valueName: "origin"))
    var crossOrigin: [String] = []

    @Option(
        name: .long, help: "How precisely models compute: exact, float32, bfloat16 or int8.",
        transform: { try choice($0, "--precision") })
    var precision = Precision.float32

    @Option(
        name: .long, help: "What is logged: debug, info (a line a request), warning or error.",
        transform: { try choice($0, "--log-level") })
    var logLevel = Logger.Level.info

    mutating func run() async throws {
        do {
            try await Serving(self).run()
        } catch let error as any ServingFault {
            Standard.error("attend-server: \(error)")
            throw ExitCode(error.exitCode)
        }
    }
}

/// A model and its name.
struct ModelOption: ExpressibleByArgument {
    let name: String
    let path: String

    init(name: String, path: String) { (self.name, self.path) = (name, path) }

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return nil }
        self.init(name: parts[0], path: parts[1])
    }
}

/// What a word chooses.
private func choice<Value: CaseIterable & RawRepresentable<String>>(_ word: String, _ option: String) throws -> Value {
    guard let value = Value(rawValue: word) else {
        let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("\(option): expected one of \(known), found \(word)")
    }
    return value
}
