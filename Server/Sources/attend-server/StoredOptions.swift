import Attention
import Yams

/// What a file and the environment say of the options that the command line knows, under the same names.
///
/// ```yaml
/// model:
///   en-fr: default
///   minilm: /srv/models/all-MiniLM-L6-v2
/// max-wait: 5ms
/// ```
///
/// In the environment, `ATTEND_SERVER_MAX_WAIT=5ms`, and several models with commas between. The command line goes before the environment, and
/// that before the file. Of an option that may be given several times, only what stands at the first of these places counts.
struct StoredOptions {
    /// The options with a value, without their dashes.
    static let names: Set<String> = [
        "model", "host", "port", "certificate", "key", "max-wait", "queue", "queue-time", "batch-rows", "batch-tokens",
        "timeout", "drain", "max-body", "max-new-tokens", "connections", "writers", "prompt-memory", "threads",
        "requests-per-second", "max-memory", "cross-origin", "api-key", "api-key-file", "precision", "log-level",
        "load", "idle",
    ]
    /// Those that may be given several times.
    static let lists: Set<String> = ["model", "cross-origin", "api-key"]

    private static let prefix = "ATTEND_SERVER_"

    /// The command line with all that stands elsewhere before it.
    /// - Throws: `ServingError` if the file cannot be read or says what no option is.
    static func arguments(
        _ commandLine: [String], environment: [String: String]
    ) throws(ServingError) -> [String] {
        let path = value(of: "config", in: commandLine) ?? environment[prefix + "CONFIG"]
        let stored = try path.map { path throws(ServingError) in try options(ofFile: path) } ?? [:]
        let surrounding = options(of: environment)
        let said = Set(commandLine.compactMap(name))
        var arguments: [String] = []
        for options in [stored, surrounding] {
            for (name, values) in options.sorted(by: { $0.key < $1.key }) {
                let isSaidAgain = said.contains(name) || options == stored && surrounding[name] != nil
                if isSaidAgain, lists.contains(name) { continue }
                arguments += values.map { "--\(name)=\($0)" }
            }
        }
        return arguments + commandLine
    }

    /// The name of an argument that is an option.
    private static func name(_ argument: String) -> String? {
        guard argument.hasPrefix("--") else { return nil }
        return argument.dropFirst(2).split(separator: "=", maxSplits: 1).first.map(String.init)
    }

    private static func value(of option: String, in arguments: [String]) -> String? {
        for (place, argument) in arguments.enumerated() where name(argument) == option {
            if let value = argument.split(separator: "=", maxSplits: 1).dropFirst().first { return String(value) }
            return place + 1 < arguments.count ? arguments[place + 1] : nil
        }
        return nil
    }

    private static func options(of environment: [String: String]) -> [String: [String]] {
        var options: [String: [String]] = [:]
        for name in names {
            let variable = prefix + name.uppercased().map { $0 == "-" ? "_" : String($0) }.joined()
            guard let value = environment[variable], !value.isEmpty else { continue }
            options[name] = lists.contains(name) ? value.split(separator: ",").map(String.init) : [value]
        }
        return options
    }

    private static func options(ofFile path: String) throws(ServingError) -> [String: [String]] {
        let text: String
        do { text = String(decoding: try FileContents.read(path), as: UTF8.self) } catch {
            throw .configuration(path, reason: "\(error)")
        }
        let node: Node?
        do { node = try compose(yaml: text) } catch {
            throw .configuration(path, reason: "expected YAML, but \(error)")
        }
        guard let node else { return [:] }
        guard let mapping = node.mapping else {
            throw .configuration(path, reason: "expected names of options and their values, found something else")
        }
        var options: [String: [String]] = [:]
        for (key, value) in mapping {
            let name = key.string ?? ""
            guard names.contains(name) else {
                throw .configuration(
                    path,
                    reason: "expected one of \(names.sorted().joined(separator: ", ")), found \(name.prefix(64))")
            }
            options[name] = try values(value, of: name, path)
        }
        return options
    }

    /// A value, several of them, or names and what they stand for.
    private static func values(_ node: Node, of name: String, _ path: String) throws(ServingError) -> [String] {
        if let text = node.scalar?.string { return [text] }
        if lists.contains(name) {
            if let items = node.sequence?.compactMap(\.scalar?.string), items.count == node.sequence?.count {
                return items
            }
            if let mapping = node.mapping {
                let pairs = mapping.compactMap { key, value in
                    key.string.flatMap { key in value.scalar.map { "\(key)=\($0.string)" } }
                }
                if pairs.count == mapping.count { return pairs }
            }
        }
        throw .configuration(path, reason: "expected a value of \(name), found something else")
    }
}
