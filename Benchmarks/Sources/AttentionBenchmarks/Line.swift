import Attention

/// One measurement as a line of JSON, in the form of the peers' benchmarks.
struct Line {
    enum Value: CustomStringConvertible {
        case text(String)
        case number(Double)
        case missing

        /// The texts are names of ours, in which nothing needs an escape.
        var description: String {
            switch self {
            case .text(let text): "\"\(text)\""
            case .number(let number) where number == number.rounded() && abs(number) < 1e15: "\(Int(number))"
            case .number(let number): "\(number)"
            case .missing: "null"
            }
        }
    }

    private var names: [String] = []
    private var values: [String: Value] = [:]

    /// A line about a case of a workload in the precision in use.
    init(_ workload: some Workload, _ name: String) {
        self["workload"] = .text(workload.name)
        self["peer"] = .text("swift-attention")
        self["case"] = .text(name)
        self["dtype"] = .text(Precision.current.peersName)
        self["status"] = .text("ok")
        self["threads"] = .number(Double(Parallel.threadCount))
        self["kernels"] = .text(KernelSelection.active)
    }

    subscript(name: String) -> Value {
        get { values[name] ?? .missing }
        set {
            if values.updateValue(newValue, forKey: name) == nil { names.append(name) }
        }
    }

    func print() {
        Swift.print("{" + names.map { "\"\($0)\": \(self[$0])" }.joined(separator: ", ") + "}")
    }
}
