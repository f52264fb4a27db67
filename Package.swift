// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// A room of the house: a target whose sources and settings follow the rules of all.
func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// The tests of a room.
func tests(of name: String, _ dependencies: [String] = [], exclude: [String] = []) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: ([name] + dependencies).map { .byName(name: $0) }, exclude: exclude,
        swiftSettings: strict)
}

let package = Package(
    name: "swift-attention",
    products: [
        // Models on text: translate, train, look inside.
        .library(name: "Attention", targets: ["Attention"]),
        // Every mechanism of the literature by name, for those who look things up or compute on tensors.
        .library(name: "AttentionCatalogue", targets: ["AttentionCatalogue", "AttentionOperators"]),
        .library(name: "AttentionText", targets: ["AttentionText"]),
        .library(name: "AttentionTesting", targets: ["AttentionTesting"]),
        // The command people use, and the one for those who study mechanisms and kernels.
        .executable(name: "attend", targets: ["attend"]),
        .executable(name: "attend-lab", targets: ["attend-lab"]),
    ],
    dependencies: [
        // The command line: options, help and usage errors as Swift users expect them.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
    ],
    targets: [
        // Loops over float memory, one table per instruction set. C, no dependencies.
        .target(name: "CAttentionKernels", linkerSettings: [.linkedLibrary("m")]),
        // Messages between processes, by an MPI library that is found when the program runs. C, no dependencies.
        .target(name: "CAttentionMessages", linkerSettings: [.linkedLibrary("dl")]),
        // Pixels of vector pictures, by librsvg and cairo that are found when the program runs. C, no dependencies.
        .target(name: "CAttentionPictures", linkerSettings: [.linkedLibrary("dl")]),
        // The default model and small policies, compiled in.
        .target(name: "CAttentionAssets"),
        // The inspector page's script and style sheet, compiled in.
        .target(name: "CAttentionInspector", exclude: ["page"]),

        // Files read, mapped and replaced as a whole; gzip; JSON. The only room that calls the system for files.
        room("AttentionFiles"),
        // Shapes, storage, operations with their derivatives, tensors on disk, the one parallel-for.
        room("AttentionTensors", ["AttentionFiles", "CAttentionKernels"]),
        // The decisions attention is made of, and the table of fused combinations.
        room("AttentionMechanisms", ["AttentionFiles", "AttentionTensors", "CAttentionKernels"]),
        // Learned maps, heads, norms, recurrence, positions.
        room("AttentionLayers", ["AttentionMechanisms", "AttentionTensors"]),
        // Search over any step decoder.
        room("AttentionDecoding", ["AttentionTensors"]),
        // Assemblies of layers: one file a model, with its configuration and checkpoint names.
        room(
            "AttentionModels",
            ["AttentionDecoding", "AttentionFiles", "AttentionLayers", "AttentionMechanisms", "AttentionTensors"]),
        // Text to ids and back, exactly as the reference does.
        room("AttentionText", ["AttentionFiles"]),
        // Chat templates: the Jinja that published models carry. No package among those to be had reads it (Stencil and Mustache are others).
        room("AttentionTemplates", ["AttentionFiles"]),
        // Pictures and sounds as people have them: PNG, JPEG, WAV, FLAC, IDX; resized, resampled, as spectrograms.
        room("AttentionSignals", ["AttentionFiles"]),
        // Notes as people have them and as models read them: MIDI files, scores, four voices on a grid; as sound and as a picture.
        room("AttentionMusic", ["AttentionFiles"]),
        // Optimizers, schedules, batches, the loop.
        room("AttentionTraining", ["AttentionFiles", "AttentionTensors", "CAttentionKernels", "CAttentionMessages"]),
        // Environments, policies that attend and remember, and how these learn by doing.
        room(
            "AttentionReinforcement",
            ["AttentionFiles", "AttentionLayers", "AttentionMechanisms", "AttentionTensors", "AttentionTraining"]),
        // How good is it? BLEU, chrF, error rates, and the statistical aligner that heads are judged by.
        room("AttentionEvaluation", ["AttentionFiles"]),
        // Attention to picture or number. Imports nothing of ours but the page's script and what makes pixels.
        room("AttentionInspection", ["CAttentionInspector", "CAttentionPictures"]),
        // For those who write operations and mechanisms of their own: gradients against finite differences, the laws of every part.
        room("AttentionTesting", ["AttentionMechanisms", "AttentionTensors"]),
        // Where text meets tensors: pipelines.
        room(
            "Attention",
            [
                "AttentionDecoding", "AttentionEvaluation", "AttentionFiles", "AttentionInspection", "AttentionLayers",
                "AttentionMechanisms", "AttentionModels", "AttentionMusic", "AttentionReinforcement",
                "AttentionSignals", "AttentionTemplates", "AttentionTensors", "AttentionText", "AttentionTraining",
                "CAttentionAssets",
            ]),

        // Mechanisms of the literature that no model here is made of.
        room("AttentionVariants", ["AttentionLayers", "AttentionMechanisms", "AttentionTensors", "CAttentionKernels"]),
        // Every mechanism by name: what it is, where it comes from, how to compute it from named tensors.
        room(
            "AttentionCatalogue",
            ["AttentionFiles", "AttentionLayers", "AttentionMechanisms", "AttentionTensors", "AttentionVariants"]),
        // ONNX operators of attention, computed by the catalogue's mechanisms.
        room(
            "AttentionOperators",
            ["AttentionCatalogue", "AttentionMechanisms", "AttentionTensors", "AttentionVariants"]),
        // Mechanisms drawn, compared and measured.
        room(
            "AttentionLaboratory",
            ["Attention", "AttentionCatalogue", "AttentionOperators", "AttentionVariants", "CAttentionKernels"]),

        // What both commands share: exit codes, results and diagnostics, options.
        room(
            "AttentionCommand",
            ["Attention", "AttentionFiles", .product(name: "ArgumentParser", package: "swift-argument-parser")]),
        // The command.
        .executableTarget(
            name: "attend",
            dependencies: [
                "Attention", "AttentionCommand", "AttentionFiles",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        // The command for those who study mechanisms and kernels.
        .executableTarget(
            name: "attend-lab",
            dependencies: [
                "Attention", "AttentionCatalogue", "AttentionCommand", "AttentionFiles", "AttentionLaboratory",
                "AttentionOperators", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),

        // Can attention that only points learn geometry? A pointer network on convex hulls.
        .executableTarget(
            name: "ConvexHull",
            dependencies: ["AttentionLayers", "AttentionMechanisms", "AttentionTensors", "AttentionTraining"],
            path: "Examples/ConvexHull", swiftSettings: strict),
        // Does it help to know how long ago something was? Models of Bach's chorales, with relative positions and without.
        .executableTarget(
            name: "Chorales",
            dependencies: ["AttentionModels", "AttentionMusic", "AttentionTensors", "AttentionTraining"],
            path: "Examples/Chorales", exclude: ["README.md", "model"], swiftSettings: strict),
        // Does it help to be told what return followed? A Decision Transformer on logged episodes, and a clone of the best of them.
        .executableTarget(
            name: "DecisionTransformer",
            dependencies: [
                "AttentionFiles", "AttentionInspection", "AttentionModels", "AttentionReinforcement",
                "AttentionTensors", "AttentionTraining",
            ],
            path: "Examples/DecisionTransformer", exclude: ["README.md"], swiftSettings: strict),
        // What examples of pictures share: handwritten digits, scenes painted of them, where somebody looked.
        .target(
            name: "SharedPictures", dependencies: ["AttentionSignals"], path: "Examples/SharedPictures",
            swiftSettings: strict),
        // Can one read a number without seeing all of it? Glimpses, and soft attention digit by digit.
        .executableTarget(
            name: "HouseNumbers",
            dependencies: [
                "AttentionLayers", "AttentionMechanisms", "AttentionTensors", "AttentionTraining", "AttentionVariants",
                "SharedPictures",
            ],
            path: "Examples/HouseNumbers", exclude: ["README.md"], swiftSettings: strict),
        // Does looking softly or hard tell better what stands in a picture? Captions of scenes of digits, and of emoji.
        .executableTarget(
            name: "ShowAttendTell",
            dependencies: [
                "AttentionEvaluation", "AttentionFiles", "AttentionLayers", "AttentionMechanisms", "AttentionSignals",
                "AttentionTensors", "AttentionTraining", "AttentionVariants", "SharedPictures",
            ],
            path: "Examples/ShowAttendTell", exclude: ["README.md"], swiftSettings: strict),
        // Does it help a small network to know where to look? Pictures of clothes.
        .executableTarget(
            name: "FashionImages", dependencies: ["Attention"], path: "Examples/FashionImages",
            exclude: ["README.md"], swiftSettings: strict),
        // Can a set of boxes be learnt from two hundred photographs? Blood cells.
        .executableTarget(
            name: "BloodCells", dependencies: ["Attention"], path: "Examples/BloodCells",
            exclude: ["README.md", "model", "photograph.png"],
            swiftSettings: strict),
        // How does one write a mechanism of one's own? A score, checked and put to use.
        .executableTarget(
            name: "CustomMechanism", dependencies: ["Attention"], path: "Examples/CustomMechanism",
            swiftSettings: strict),
        // How does one train a model of one's own? Attention learns to say digits backwards.
        .executableTarget(
            name: "TrainYourOwn", dependencies: ["Attention"], path: "Examples/TrainYourOwn", swiftSettings: strict),
        // Can one write down what one hears without knowing where one is? Spoken digits, by content and by place.
        .executableTarget(
            name: "SpokenNumbers",
            dependencies: [
                "AttentionFiles", "AttentionInspection", "AttentionLayers", "AttentionMechanisms", "AttentionSignals",
                "AttentionTensors", "AttentionTraining",
            ],
            path: "Examples/SpokenNumbers", exclude: ["README.md"], swiftSettings: strict),
        // What does a long document cost? Time and memory of six layers by length, view and what is kept.
        .executableTarget(
            name: "LongDocuments", dependencies: ["Attention"], path: "Examples/LongDocuments", swiftSettings: strict),
        // What is attention for? Eight lessons, each a few lines whose numbers are printed.
        .executableTarget(
            name: "Lessons", dependencies: ["Attention", "AttentionVariants"], path: "Examples/Lessons",
            swiftSettings: strict),
        // How do four words become vectors that know their context? Number by number.
        .executableTarget(
            name: "WordEmbeddings", dependencies: ["Attention"], path: "Examples/WordEmbeddings", swiftSettings: strict),

        .target(
            name: "AttentionTestSupport", dependencies: ["AttentionTensors", "AttentionTesting"],
            path: "Tests/AttentionTestSupport",
            swiftSettings: strict),
        // The AMX kernels on emulated tiles, for machines without the real ones.
        .target(
            name: "CAttentionKernelsEmulation", dependencies: ["CAttentionKernels"],
            path: "Tests/CAttentionKernelsEmulation"),
        .testTarget(
            name: "CAttentionKernelsTests", dependencies: ["CAttentionKernels", "CAttentionKernelsEmulation"],
            swiftSettings: strict),
        tests(of: "AttentionFiles"),
        tests(
            of: "AttentionTensors",
            ["AttentionFiles", "AttentionTesting", "AttentionTestSupport", "CAttentionKernels"]),
        tests(of: "AttentionMechanisms", ["AttentionTensors", "AttentionTesting", "AttentionTestSupport"]),
        tests(
            of: "AttentionLayers",
            ["AttentionMechanisms", "AttentionTensors", "AttentionTesting", "AttentionTestSupport"]),
        tests(
            of: "AttentionVariants",
            ["AttentionLayers", "AttentionMechanisms", "AttentionTensors", "AttentionTesting", "AttentionTestSupport"]),
        tests(
            of: "AttentionCatalogue",
            [
                "AttentionMechanisms", "AttentionOperators", "AttentionTensors", "AttentionTesting",
                "AttentionTestSupport",
            ]),
        tests(of: "AttentionTesting", ["AttentionMechanisms", "AttentionTensors"]),
        tests(
            of: "AttentionModels",
            [
                "AttentionDecoding", "AttentionFiles", "AttentionLayers", "AttentionMechanisms", "AttentionTensors",
                "AttentionTestSupport",
            ], exclude: ["Fixtures"]),
        tests(of: "AttentionDecoding", ["AttentionTensors"]),
        tests(of: "AttentionInspection"),
        tests(of: "AttentionText", ["AttentionFiles"], exclude: ["Fixtures"]),
        tests(of: "AttentionTemplates", ["AttentionFiles"], exclude: ["Fixtures"]),
        tests(of: "AttentionSignals", ["AttentionFiles"], exclude: ["Fixtures"]),
        tests(of: "AttentionMusic", ["AttentionFiles"], exclude: ["Fixtures"]),
        tests(of: "AttentionEvaluation", ["AttentionFiles", "AttentionTraining"]),
        // A small training that tests kill and resume.
        .executableTarget(
            name: "TrainingProbe", dependencies: ["AttentionTensors", "AttentionTraining"], path: "Tests/TrainingProbe",
            swiftSettings: strict),
        tests(
            of: "AttentionTraining",
            ["AttentionFiles", "AttentionTensors", "AttentionTestSupport", "AttentionTesting", "TrainingProbe"],
            exclude: ["Fixtures"]),
        tests(
            of: "AttentionReinforcement",
            ["AttentionTensors", "AttentionTraining"], exclude: ["Fixtures"]),
        tests(of: "Attention", ["AttentionFiles", "AttentionTesting"], exclude: ["Fixtures"]),
        tests(
            of: "AttentionLaboratory", ["Attention", "AttentionCatalogue", "AttentionOperators", "AttentionVariants"]),
        tests(of: "Chorales", ["AttentionModels", "AttentionMusic", "AttentionTensors", "AttentionTraining"]),
        tests(of: "ConvexHull", ["AttentionTensors", "AttentionTraining"]),
        tests(of: "BloodCells", ["Attention"]),
        tests(of: "FashionImages", ["Attention"]),
        tests(of: "HouseNumbers", ["AttentionTensors", "AttentionTraining", "SharedPictures"]),
        tests(
            of: "ShowAttendTell",
            [
                "AttentionLayers", "AttentionMechanisms", "AttentionSignals", "AttentionTensors", "AttentionTraining",
                "AttentionVariants", "SharedPictures",
            ]),
        tests(of: "CustomMechanism", ["AttentionTesting"]),
        tests(
            of: "DecisionTransformer",
            [
                "AttentionInspection", "AttentionModels", "AttentionReinforcement", "AttentionTensors",
                "AttentionTraining",
            ]),
        tests(of: "TrainYourOwn", ["AttentionTensors", "AttentionTraining"]),
        tests(of: "Lessons", ["Attention"]),
        tests(of: "LongDocuments", ["Attention"]),
        tests(
            of: "SpokenNumbers", ["AttentionMechanisms", "AttentionSignals", "AttentionTensors", "AttentionTraining"]),
        .testTarget(name: "WordEmbeddingsTests", dependencies: ["WordEmbeddings"], swiftSettings: strict),
        // Damaged files, for as long as one likes: scripts/fuzz.
        .executableTarget(
            name: "Fuzz",
            dependencies: [
                "AttentionFiles", "AttentionModels", "AttentionMusic", "AttentionSignals", "AttentionTemplates",
                "AttentionTensors", "AttentionText",
            ],
            path: "Tests/Fuzz", swiftSettings: strict),
        // That every import goes through a door of the house.
        .testTarget(name: "HouseTests", swiftSettings: strict),
        // Runs the command as a process.
        .testTarget(
            name: "attendTests",
            dependencies: [
                "attend", "attend-lab", "Attention", "AttentionCatalogue", "AttentionFiles", "AttentionOperators",
            ],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)

// Whoever writes the documentation needs a plugin, and nobody else: scripts/make-documentation.
if Context.environment["ATTENTION_DOCUMENTATION"] != nil {
    package.dependencies.append(.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"))
}
