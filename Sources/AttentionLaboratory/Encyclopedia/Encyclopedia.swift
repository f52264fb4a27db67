public import AttentionCatalogue
public import AttentionInspection
import AttentionOperators

/// The catalogue as pages to read: every mechanism with its formula, a picture of its weights on one sentence, cost, source and use.
public struct Encyclopedia: Sendable {
    /// What the pictures show.
    public let material: ExampleMaterial

    /// The sentence of the printed encyclopedia.
    public static let sentence = "The animal did not cross the street because it was too tired."

    /// An encyclopedia with pictures of these words.
    public init(_ material: ExampleMaterial) { self.material = material }

    /// Where a mechanism looks; nil if it has no picture.
    /// - Throws: what computing its example throws.
    public func picture(of entry: MechanismDescriptor) throws -> AlignmentMatrix? {
        guard let values = try entry.picture(material), let columnCount = values.first?.count else { return nil }
        // Where a mechanism's values are no shares, their magnitudes are drawn.
        let largest = values.joined().reduce(0) { max($0, $1.magnitude) }
        let areShares = largest <= 1.001 && values.joined().allSatisfy { $0 >= 0 }
        let weights = areShares || largest == 0 ? values : values.map { $0.map { $0.magnitude / largest } }
        return try AlignmentMatrix(
            name: entry.title, source: labels(columnCount), target: labels(weights.count), weights: weights)
    }

    /// Words where there are as many, numbers elsewhere.
    private func labels(_ count: Int) -> [String] {
        count == material.words.count ? material.words : (1...max(1, count)).map(String.init)
    }

    /// The whole as Markdown, with pictures `FOLDER/NAME.svg`, or `NAME.svg` if the folder is empty.
    public static func markdown(pictureFolder folder: String) -> String {
        var lines = ["# Mechanisms", "", introduction, "", captions, ""]
        for family in MechanismFamily.allCases {
            let entries = Catalogue.complete.entries.filter { $0.family == family }
            guard !entries.isEmpty else { continue }
            lines += ["## \(family.rawValue)", ""] + entries.flatMap { section($0, folder) }
        }
        return lines.joined(separator: "\n")
    }

    private static let introduction = """
        Every mechanism of the catalogue: formula, use, cost and source. The names are those of `attend-lab compute`, and \
        `attend-lab mechanisms NAME` draws each in the terminal, on a sentence of yours.
        """

    private static let captions = """
        The pictures show where a mechanism looks on the words of “\(sentence)”, each word a vector that the default model's encoder \
        gives it: rows look, columns are looked at. Parameters that would be learnt are drawn at random; mechanisms on images have an \
        arbitrary one.
        """

    private static func section(_ entry: MechanismDescriptor, _ folder: String) -> [String] {
        var lines = ["### \(entry.title)", "", "`\(entry.name)`", "", "```", entry.formula, "```", ""]
        let prefix = folder.isEmpty ? "" : folder + "/"
        if entry.hasPicture { lines += ["![\(entry.title)](\(prefix)\(entry.name).svg)", ""] }
        lines += ["\(entry.use)", "", "- *Cost:* \(entry.cost)", "- *Source:* \(entry.source)"]
        if !entry.options.isEmpty {
            lines.append("- *Options:* " + entry.options.map { "`\($0.name)`: \($0)" }.joined(separator: "; "))
        }
        return lines + [""]
    }
}

extension MechanismDescriptor {
    /// The entry in lines for a terminal.
    public var text: String {
        """
        \(title) (\(name))
        \(family.rawValue)

        \(formula)

        \(use)
        Cost: \(cost)
        Source: \(source)
        """ + options.map { "\nOption \($0.name): \($0)" }.joined()
    }
}
