extension Module {
    /// The same module with the parameters whose names match one of these patterns frozen: they are not tracked, and no optimizer changes
    /// them. In a pattern `*` stands for any characters, dots included: `encoder.*`, `*.bias`.
    ///
    /// Buffers stay buffers.
    /// - Throws: `ParameterPatternError` naming a pattern that matches nothing.
    public func frozen(matching patterns: String...) throws(ParameterPatternError) -> Self {
        try settingRole(.frozen, matching: patterns)
    }

    /// The same module with the parameters whose names match one of these patterns trained again.
    /// - Throws: `ParameterPatternError` naming a pattern that matches nothing.
    public func trained(matching patterns: String...) throws(ParameterPatternError) -> Self {
        try settingRole(.trained, matching: patterns)
    }

    private func settingRole(
        _ role: Parameter.Role, matching patterns: [String]
    ) throws(ParameterPatternError) -> Self {
        let names = parameters().map(\.name)
        let patterns = patterns.map(NamePattern.init)
        if let idle = patterns.first(where: { !names.contains(where: $0.matches) }) {
            throw ParameterPatternError(pattern: idle.text, names: names)
        }
        return mapParameters { name, parameter in
            guard parameter.role != .buffer, patterns.contains(where: { $0.matches(name) }) else { return parameter }
            var changed = parameter
            changed.role = role
            return changed
        }
    }
}

/// A pattern that is the name of no parameter.
public struct ParameterPatternError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The pattern.
    public let pattern: String
    /// The names that it was held against.
    public let names: [String]

    /// A pattern that is none of these names.
    package init(pattern: String, names: [String]) { (self.pattern, self.names) = (pattern, names) }

    /// The whole sentence.
    public var description: String {
        let rest = names.count > 4 ? " and \(names.count - 4) more" : ""
        let known = names.isEmpty ? "it has no parameters" : "it has " + names.prefix(4).joined(separator: ", ") + rest
        return "parameters: expected a pattern that matches a parameter of the model, found \(pattern); \(known)"
    }
}

/// A name in which `*` stands for any characters.
package struct NamePattern: Sendable {
    package let text: String

    package init(_ text: String) { self.text = text }

    /// Whether this is a pattern for the whole of `name`.
    /// - Complexity: O(n m): the last `*` is tried further on until the rest fits.
    package func matches(_ name: String) -> Bool {
        let (pattern, name) = (Array(text.utf8), Array(name.utf8))
        let star = UInt8(ascii: "*")
        var (place, position) = (0, 0)
        var retry: (place: Int, position: Int)?
        while position < name.count {
            if place < pattern.count, pattern[place] == star {
                place += 1
                retry = (place, position)
            } else if place < pattern.count, pattern[place] == name[position] {
                place += 1
                position += 1
            } else if let last = retry {
                (place, position) = (last.place, last.position + 1)
                retry = (last.place, last.position + 1)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == star }
    }
}
