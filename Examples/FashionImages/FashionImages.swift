import Attention
import Glibc

/// Does it help a small network to know where to look? Pictures of clothes, told apart by convolutions with attention in their blocks and without, and by
/// small transformers.
///
///     swift run -c release FashionImages compare DATA FOLDER UPDATES SEEDS [NETWORK…]
///     swift run -c release FashionImages judge DATA MODEL
///
/// DATA is the folder of Fashion-MNIST's four files. The first trains each network from each of the seeds 1 … SEEDS, or goes on where it stopped, and
/// tells how often they are right about pictures that they have not seen. *Source:* Xiao, Rasul & Vollgraf 2017, *Fashion-MNIST*.
@main
struct FashionImages {
    /// What the classes are called, from 0.
    static let classes = [
        "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
    ]

    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        switch (arguments.first, arguments.count) {
        case ("compare", 5...):
            guard let updates = Int(arguments[3]), updates > 0, let seedCount = UInt64(arguments[4]), seedCount > 0
            else { usage() }
            let networks = arguments.count > 5 ? Array(arguments[5...]) : ImageArchitectures.names
            try compare(
                networks, seeds: 1...seedCount, try pictures("train", in: arguments[1]),
                try pictures("test", in: arguments[1]), in: arguments[2], updates: updates)
        case ("judge", 3):
            let found = try ClassEvaluation(
                of: ImageLabeler(path: arguments[2]), on: try pictures("test", in: arguments[1]))
            print("accuracy \(found.accuracy) of \(found.count) pictures")
        default: usage()
        }
    }

    private static func usage() -> Never {
        print(
            "usage: FashionImages compare DATA FOLDER UPDATES SEEDS [\(ImageArchitectures.names.joined(separator: "|"))…]"
        )
        print("       FashionImages judge DATA MODEL")
        exit(64)
    }

    private static func pictures(_ part: String, in folder: String) throws -> [LabeledPicture] {
        try LabeledPicture.read(["\(folder)/\(part)-images-idx3-ubyte.gz"], names: classes)
    }

    private static func compare(
        _ networks: [String], seeds: ClosedRange<UInt64>, _ known: [LabeledPicture], _ test: [LabeledPicture],
        in folder: String, updates: Int
    ) throws {
        StopSignal.install()
        for network in networks {
            guard let sizes = ImageArchitectures.named(network) else { usage() }
            var accuracies: [Double] = []
            for seed in seeds {
                let place = "\(folder)/\(network)-\(seed)"
                guard try train(sizes, known, in: place, updates: updates, seed: seed) else {
                    return print("interrupted; the same command continues")
                }
                accuracies.append(try ClassEvaluation(of: ImageLabeler(path: place), on: test).accuracy)
                print("\(network), seed \(seed): \(accuracies.last ?? 0)")
            }
            print("\(network): \(Spread(accuracies))")
        }
    }

    /// Whether a network is trained to its end; one that is already, is left as it is.
    private static func train(
        _ sizes: some ImageArchitecture, _ known: [LabeledPicture], in folder: String, updates: Int, seed: UInt64
    ) throws -> Bool {
        func exists(_ file: String) -> Bool { access(folder + "/" + file, F_OK) == 0 }
        guard !exists("model.safetensors") else { return true }
        var settings = ImageSettings(model: sizes)
        settings.training.maximumUpdates = updates
        let parts = try LabeledPicture.parted(known, holdingOut: 5000, key: RandomKey(seed: seed)[3])
        return try ImageTraining(directory: folder, settings: settings, seed: seed).run(
            train: parts.train, valid: parts.valid, isResumed: exists("training/checkpoint.safetensors")
        ) { report in
            if case .training(.validation(let found)) = report {
                print("\(folder), update \(found.update): accuracy \(found.metrics["accuracy"] ?? 0)")
            }
        } != .interrupted
    }
}
