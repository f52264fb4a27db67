import ArgumentParser
import AttentionFiles

/// Which command the words on the command line name.
struct TypedCommand {
    /// The names up to the command: `attend`, `train`, `translation`.
    private let path: [String]
    private let command: any ParsableCommand.Type
    /// What follows the names.
    private let rest: ArraySlice<String>

    /// The command that the arguments of `root` name.
    init(_ arguments: [String], of root: any ParsableCommand.Type) {
        var (path, command, rest) = ([root._commandName], root, arguments[...])
        // help is asked about a command, which the words behind it name.
        if rest.first == "help", rest.count > 1 { rest = rest.dropFirst() }
        while let name = rest.first, let next = command.subcommand(named: name) {
            (path, command, rest) = (path + [name], next, rest.dropFirst())
        }
        (self.path, self.command, self.rest) = (path, command, rest)
    }

    /// Refuses a word where only the name of a command can stand.
    func check() throws(UnknownCommand) {
        let names = command.configuration.subcommands.map { $0._commandName }
        guard let word = rest.first, !word.hasPrefix("-"), !names.isEmpty, path.count > 1 || word != "help" else {
            return
        }
        throw UnknownCommand(name: word, path: path, nearest: NearestName.of(word, among: names))
    }

    /// What helps when the options were refused: text may look like one.
    var hint: String? {
        guard rest.prefix(while: { $0 != "--" }).contains(where: Self.looksLikeText),
            command.helpMessage().contains("\nARGUMENTS:")
        else { return nil }
        return "text that begins with a dash stands behind --: \(path.joined(separator: " ")) -- \"-5 degrees\""
    }

    /// Whether a word begins with a dash and is neither an option nor its value.
    private static func looksLikeText(_ word: String) -> Bool {
        word.hasPrefix("-") && word != "-" && Double(word) == nil && (!word.hasPrefix("--") || word.contains(" "))
    }
}

extension ParsableCommand {
    fileprivate static func subcommand(named name: String) -> (any ParsableCommand.Type)? {
        configuration.subcommands.first { $0._commandName == name }
    }
}

/// There is no such command.
struct UnknownCommand: UsageFault, CustomStringConvertible {
    let name: String
    let path: [String]
    let nearest: String?

    var description: String {
        "there is no command \"\(name)\"; "
            + (nearest.map { "did you mean \"\($0)\"?" } ?? "\(path.joined(separator: " ")) --help lists them")
    }
}
