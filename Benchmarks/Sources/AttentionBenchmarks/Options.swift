import Attention

/// What the command line asks for.
struct Options {
    var names: [String] = []
    var cases: [String] = []
    var precisions: [Precision] = []
    var seconds: Double?
    var isQuick = false
    var listsOnly = false

    /// The command line asks for what there is not.
    struct Unfit: Error, CustomStringConvertible {
        let description: String
    }

    init(_ arguments: ArraySlice<String>) throws {
        var arguments = arguments.makeIterator()
        func value<Value>(of option: String, _ convert: (String) -> Value?) throws -> Value {
            guard let value = arguments.next().flatMap(convert) else {
                let known = Precision.allCases.map(\.rawValue).joined(separator: ", ")
                throw Unfit(
                    description:
                        "\(option): expected a text after --case, a number after --seconds, and one of \(known) "
                        + "after --precision")
            }
            return value
        }
        while let argument = arguments.next() {
            switch argument {
            case "--case": cases.append(try value(of: argument) { $0 })
            case "--precision": precisions.append(try value(of: argument, Precision.init(rawValue:)))
            case "--seconds": seconds = try value(of: argument, Double.init)
            case "--quick": isQuick = true
            case "--list": listsOnly = true
            case let name where AttentionBenchmarks.workloads.contains { $0.name == name }: names.append(name)
            default:
                let known = AttentionBenchmarks.workloads.map(\.name).joined(separator: ", ")
                throw Unfit(description: "\(argument): expected one of \(known), or an option")
            }
        }
        if isQuick, seconds == nil { seconds = 0.5 }
    }

    func wants(_ name: String) -> Bool { cases.isEmpty || cases.contains { name.contains($0) } }
    func wants(_ precision: Precision) -> Bool { precisions.isEmpty || precisions.contains(precision) }
}
