internal import AttentionTensors

/// How far a step looks: what an element's new value depends on.
public enum StepReach: Sendable, Hashable {
    /// The element itself, its gradient, and what is remembered of it: a parameter may be cut anywhere. What is remembered has its shape.
    case element
    /// All elements of its parameter.
    case parameter
}

/// The elements of a parameter that one rank follows.
package struct ParameterPiece: Sendable, Hashable {
    /// The parameter's name.
    package let name: String
    /// The parameter's shape.
    let whole: Shape
    /// Which of its elements, in row-major order.
    package let range: Range<Int>

    /// All of a parameter.
    init(_ name: String, _ whole: Shape) { self.init(name, whole, 0..<whole.elementCount) }

    /// Some elements of a parameter.
    init(_ name: String, _ whole: Shape, _ range: Range<Int>) {
        (self.name, self.whole, self.range) = (name, whole, range)
    }

    var isWhole: Bool { range.count == whole.elementCount }

    /// The shape of a tensor of these elements: that of the parameter if they are all, and otherwise a vector.
    var shape: Shape { isWhole ? whole : [range.count] }
}

/// Which elements of a model's parameters an optimizer follows.
package enum ParameterShare: Sendable, Hashable {
    /// All of them.
    case all
    /// These pieces, by the names of their parameters.
    case pieces([String: ParameterPiece])

    /// What is followed of a parameter; nil for nothing.
    func piece(of name: String, _ shape: Shape) -> ParameterPiece? {
        switch self {
        case .all: ParameterPiece(name, shape)
        case .pieces(let pieces): pieces[name]
        }
    }
}

extension Tensor {
    /// The elements of a piece of this parameter.
    /// - Precondition: it has the parameter's shape.
    func part(_ piece: ParameterPiece) -> Tensor {
        guard !piece.isWhole else { return self }
        precondition(shape == piece.whole, "\(piece.name): expected a tensor of shape \(piece.whole), found \(shape)")
        return Tensor(shape: piece.shape) { out in
            withElements { out.update(from: $0 + piece.range.lowerBound, count: piece.range.count) }
        }
    }

    /// Changes the elements of a piece of this parameter; all of them in place.
    mutating func changePart(_ piece: ParameterPiece, _ change: (inout Tensor) -> Void) {
        guard !piece.isWhole else { return change(&self) }
        var part = part(piece)
        change(&part)
        withMutableElements { elements in
            part.withElements { (elements + piece.range.lowerBound).update(from: $0, count: piece.range.count) }
        }
    }
}
