import Foundation
import Testing

/// Every part is described beside it, and every description stands in the list of its room.
@Suite struct DescriptorTests {
    private static let sources = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Sources").standardized

    /// The rooms, and the files of each whose one line a part makes it known.
    private static let lists = [
        "AttentionMechanisms": ["Mechanism/AttentionParts.swift", "Sequential/AttentionParts+Mechanisms.swift"],
        "AttentionLayers": ["Descriptors/LayerParts.swift"], "AttentionVariants": ["VariantParts.swift"],
        "AttentionOperators": ["Catalogue+Operators.swift"],
    ]

    /// Parts that are made of other parts, and so have no name of their own.
    private static let wrappers: Set = [
        "ShiftedModifier", "PlacedModifier", "ReachingRotaryModifier", "ShiftedScope", "IntersectionScope",
        "TemperedNormalizer", "StraightThroughNormalizer",
        "TrilinearScore", "MonotonicAttention",
    ]

    private static func files(of room: String) throws -> [(path: String, text: String)] {
        let folder = sources.appending(path: room)
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        var found: [(path: String, text: String)] = []
        while let file = files?.nextObject() as? URL {
            guard file.pathExtension == "swift" else { continue }
            let name = file.standardized.path().replacing(folder.path() + "/", with: "")
            found.append((name, try String(contentsOf: file, encoding: .utf8)))
        }
        return found
    }

    @Test(arguments: lists.keys.sorted()) func everyDescriptionIsListed(_ room: String) throws {
        let declaration = try Regex(
            #"static let (\w+) = (?:Mechanism|Score|Modifier|Scope|Normalizer|Sequential)Descriptor\("#,
            as: (Substring, Substring).self)
        let owner = try Regex(#"(?m)^extension (\w+)"#, as: (Substring, Substring).self)
        let files = try Self.files(of: room)
        let list = files.filter { Self.lists[room]?.contains($0.path) == true }.map(\.text).joined()
        #expect(!list.isEmpty)
        var count = 0
        for (path, text) in files {
            for match in text.matches(of: declaration) {
                let type = text[..<match.range.lowerBound].matches(of: owner).last?.output.1 ?? ""
                let name = "\(type == "MechanismDescriptor" ? "" : type).\(match.output.1)"
                count += 1
                // What goes step by step is listed as such, with its description in it.
                let sequential = "SequentialDescriptor(\n        descriptor"
                let isWithin =
                    text.contains(sequential) || text.contains("SequentialDescriptor(descriptor")
                    || path.contains("CoreAttention+")
                #expect(list.contains(name + ",") || isWithin, "\(path): \(name) is not in the list of \(room)")
            }
        }
        #expect(count > 5)
    }

    @Test func everyPartIsDescribed() throws {
        let part = try Regex(
            #"public struct (\w+): (?:Row)?(?:Score|Modifier|Scope|Normalizer|SequentialMechanism)\b"#,
            as: (Substring, Substring).self)
        var count = 0
        for room in ["AttentionMechanisms", "AttentionVariants"] {
            let files = try Self.files(of: room)
            let described = files.map(\.text).joined()
            for (path, text) in files {
                for match in text.matches(of: part) where !Self.wrappers.contains(String(match.output.1)) {
                    count += 1
                    let extends = described.ranges(of: "extension \(match.output.1) {").contains { range in
                        described[range.upperBound...].prefix(400).contains("Descriptor(")
                    }
                    #expect(extends, "\(path): \(match.output.1) has no descriptor")
                }
            }
        }
        #expect(count > 50)
    }
}
