import Foundation
import Testing

/// The table of rooms in CONTRIBUTING.md, the manifest and the sources say the same.
@Suite struct DoorTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized

    /// The rooms of ours that each room may import: what the manifest lets it see.
    private static let doors: [String: Set<String>] = [
        "AttentionFiles": [],
        "AttentionTensors": ["AttentionFiles", "CAttentionKernels"],
        "AttentionMechanisms": ["AttentionFiles", "AttentionTensors", "CAttentionKernels"],
        "AttentionLayers": ["AttentionMechanisms", "AttentionTensors"],
        "AttentionDecoding": ["AttentionTensors"],
        "AttentionModels": [
            "AttentionDecoding", "AttentionFiles", "AttentionLayers", "AttentionMechanisms", "AttentionTensors",
        ],
        "AttentionTesting": ["AttentionMechanisms", "AttentionTensors"],
        "AttentionText": ["AttentionFiles"],
        "AttentionTemplates": ["AttentionFiles"],
        "AttentionSignals": ["AttentionFiles"],
        "AttentionMusic": ["AttentionFiles"],
        "AttentionTraining": ["AttentionFiles", "AttentionTensors", "CAttentionKernels", "CAttentionMessages"],
        "AttentionReinforcement": [
            "AttentionFiles", "AttentionLayers", "AttentionMechanisms", "AttentionTensors", "AttentionTraining",
        ],
        "AttentionEvaluation": ["AttentionFiles"],
        "AttentionInspection": ["CAttentionInspector", "CAttentionPictures"],
        "Attention": [
            "AttentionDecoding", "AttentionEvaluation", "AttentionFiles", "AttentionInspection", "AttentionLayers",
            "AttentionMechanisms", "AttentionModels", "AttentionMusic", "AttentionReinforcement", "AttentionSignals",
            "AttentionTemplates", "AttentionTensors", "AttentionText", "AttentionTraining", "CAttentionAssets",
        ],
        "AttentionVariants": ["AttentionLayers", "AttentionMechanisms", "AttentionTensors", "CAttentionKernels"],
        "AttentionCatalogue": [
            "AttentionFiles", "AttentionLayers", "AttentionMechanisms", "AttentionTensors", "AttentionVariants",
        ],
        "AttentionOperators": ["AttentionCatalogue", "AttentionMechanisms", "AttentionTensors", "AttentionVariants"],
        "AttentionLaboratory": [
            "Attention", "AttentionCatalogue", "AttentionDecoding", "AttentionFiles", "AttentionInspection",
            "AttentionLayers", "AttentionMechanisms", "AttentionModels", "AttentionOperators", "AttentionTensors",
            "AttentionText", "AttentionTraining", "AttentionVariants", "CAttentionKernels",
        ],
        "AttentionCommand": ["Attention", "AttentionFiles"],
        "attend": ["Attention", "AttentionCommand", "AttentionFiles"],
        "attend-lab": [
            "Attention", "AttentionCatalogue", "AttentionCommand", "AttentionFiles", "AttentionLaboratory",
            "AttentionOperators",
        ],
    ]

    /// The imports of our own rooms in a room's files.
    private static func imports(of room: String) throws -> Set<String> {
        let folder = root.appending(path: "Sources/\(room)")
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        var found: Set<String> = []
        while let file = files?.nextObject() as? URL {
            guard file.pathExtension == "swift" else { continue }
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                let words = line.split(separator: " ")
                guard let index = words.firstIndex(of: "import"), index < 3, words.count == index + 2 else { continue }
                let name = String(words[index + 1])
                if name.hasPrefix("Attention") || name.hasPrefix("CAttention") { found.insert(name) }
            }
        }
        return found
    }

    @Test func everyRoomIsInTheTable() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.root.appending(path: "Sources").path())
        let rooms = Set(folders.filter { !$0.hasPrefix("C") && !$0.hasPrefix(".") })
        #expect(rooms == Set(Self.doors.keys))
        let text = try String(contentsOf: Self.root.appending(path: "CONTRIBUTING.md"), encoding: .utf8)
        for room in folders where !room.hasPrefix(".") {
            #expect(text.contains(room), "CONTRIBUTING.md says nothing of \(room)")
        }
    }

    @Test(arguments: doors.keys.sorted()) func importsGoThroughDoors(_ room: String) throws {
        let imports = try Self.imports(of: room)
        #expect(imports.subtracting(Self.doors[room] ?? []) == [], "\(room) imports what it must not know")
    }

    /// Raw system calls for files stay in one room.
    @Test func filesAreOpenedInOneRoom() throws {
        let sources = Self.root.appending(path: "Sources")
        let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
        let calls = try Regex(#"(?:^|[^A-Za-z_.]|Glibc\.)(?:open|openat|mmap|fsync|ftruncate|rename|unlink|mkdir)\("#)
        while let file = files?.nextObject() as? URL {
            let path = file.path()
            guard file.pathExtension == "swift", !path.contains("/AttentionFiles/") else { continue }
            let text = try String(contentsOf: file, encoding: .utf8)
            for line in text.split(separator: "\n") where !line.contains("//") {
                #expect(line.firstMatch(of: calls) == nil, "\(path): \(line)")
            }
        }
    }
}
