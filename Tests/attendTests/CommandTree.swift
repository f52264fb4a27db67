import Foundation
import Testing

/// What a program can be told, as its own help describes it.
struct CommandTree: Decodable {
    let command: Node

    struct Node: Decodable {
        let commandName: String
        let subcommands: [Node]?
        let arguments: [Argument]?

        /// The names of this command and of those below that do something, `train translation` among them.
        var leaves: [[String]] {
            guard let subcommands else { return [[commandName]] }
            return subcommands.filter { $0.commandName != "help" }.flatMap(\.leaves).map { [commandName] + $0 }
        }

        /// The long names of all options of this command and those below.
        var options: Set<String> {
            let own = (arguments ?? []).flatMap { $0.names ?? [] }.filter { $0.kind == "long" }.map(\.name)
            return (subcommands ?? []).reduce(Set(own)) { $0.union($1.options) }
        }
    }

    struct Argument: Decodable {
        let names: [Name]?
    }

    struct Name: Decodable {
        let kind: String
        let name: String
    }

    /// The commands of a program.
    static func of(_ program: URL) throws -> Node {
        let command = try Command.run(["--experimental-dump-help"], program: program)
        try #require(command.status == 0, "\(command.errors)")
        return try JSONDecoder().decode(CommandTree.self, from: Data(command.output.utf8)).command
    }

    /// Those of both programs, each by its names without the program's.
    static func allLeaves() throws -> Set<[String]> {
        let all = try [Command.executable, Command.laboratory].flatMap { try of($0).leaves }
        return Set(all.map { Array($0.dropFirst()) })
    }
}
