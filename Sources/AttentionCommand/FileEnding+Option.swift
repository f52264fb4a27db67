package import ArgumentParser
package import AttentionFiles

extension FileEnding {
    /// Refuses a file of an option that has another ending than these (`of`).
    package static func check(
        _ path: String, _ option: String, among endings: [String]
    ) throws(ValidationError) {
        guard of(path, among: endings) == nil else { return }
        let others = endings.dropLast().joined(separator: ", ")
        let all = (others.isEmpty ? [] : [others]) + endings.suffix(1)
        throw ValidationError("\(option): expected a file ending in \(all.joined(separator: " or ")), found \(path)")
    }
}
