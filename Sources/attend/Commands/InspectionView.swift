import ArgumentParser
import Attention

/// What is shown: a view of a trace, what makes up the score of one pair (dimensions, or what has been read), or all heads over texts.
enum InspectionView: ExpressibleByArgument, Equatable, CustomStringConvertible {
    case trace(TraceView)
    case neuron
    case reasons
    case map

    init?(argument: String) {
        if let own = [Self.neuron, .reasons, .map].first(where: { $0.description == argument }) {
            self = own
        } else if let view = TraceView(rawValue: argument) {
            self = .trace(view)
        } else {
            return nil
        }
    }

    static var allValueStrings: [String] {
        TraceView.allCases.map(\.rawValue) + [Self.neuron, .reasons, .map].map(\.description)
    }

    var defaultValueDescription: String { description }

    var description: String {
        switch self {
        case .trace(let view): view.rawValue
        case .neuron: "neuron"
        case .reasons: "reasons"
        case .map: "map"
        }
    }
}
