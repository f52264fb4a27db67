/// In what form a file is to be written, as the ending of its name tells it.
package enum FileEnding {
    /// Which of these endings, such as `.svg`, a path has, in letters of either case. What has none of its own, as neither `/dev/stdout` nor any
    /// other device or pipe need have one, gets the first, which is the usual form; nil of another ending.
    package static func of(_ path: String, among endings: [String]) -> String? {
        let name = path.lowercased()
        return endings.first { name.hasSuffix($0) } ?? (isMissing(in: path) ? endings.first : nil)
    }

    /// Whether a path says nothing of a form: a name without an ending, or a device or pipe.
    private static func isMissing(in path: String) -> Bool {
        guard let name = path.split(separator: "/").last else { return false }
        // A dot at the beginning hides a file.
        return !name.dropFirst().contains(".") || Directory.hasDevice(path)
    }
}
