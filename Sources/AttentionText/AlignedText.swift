/// A Unicode scalar on its way from the text to the model, and the scalars of the original text that it stands for.
package struct AlignedScalar: Sendable {
    package let scalar: Unicode.Scalar
    /// The first scalar of the original that this one stands for.
    let start: Int32
    /// One past the last.
    let end: Int32

    /// Another scalar in the place of this one.
    @inline(__always) func replaced(by scalar: Unicode.Scalar) -> AlignedScalar {
        AlignedScalar(scalar: scalar, start: start, end: end)
    }
}

/// Text that remembers, scalar by scalar, where in the original it stems from.
package typealias AlignedText = [AlignedScalar]

/// A scalar of rewritten text, and what became of the scalars that stood there.
struct ScalarEdit {
    var scalar: Unicode.Scalar
    /// 1: the scalar is put in beside the one before it. 0: it stands for the next old scalar. −n: for that one, and the n
    /// after it go.
    var change: Int32
}

extension AlignedText {
    /// `text` as it stands, each scalar for itself; the first is number `start` of the original.
    package init(_ text: String, from start: Int32 = 0) {
        self = []
        reserveCapacity(text.utf8.count)
        var position = start
        for scalar in text.unicodeScalars {
            append(AlignedScalar(scalar: scalar, start: position, end: position + 1))
            position += 1
        }
    }

    /// The text alone.
    package var string: String { self[...].string }

    /// The text that `edits` make of this one.
    ///
    /// A scalar that stands for an old one takes its place in the original, one that is put in that of the old scalar
    /// before it: this is the reference's rule, and tells an offset even where marks have changed their order.
    func rewritten(by edits: [ScalarEdit]) -> AlignedText {
        var result: AlignedText = []
        result.reserveCapacity(edits.count)
        var next = 0
        for edit in edits {
            if edit.change > 0 {
                let origin = first?.start ?? 0
                result.append(
                    next > 0
                        ? self[Swift.min(next, count) - 1].replaced(by: edit.scalar)
                        : AlignedScalar(scalar: edit.scalar, start: origin, end: origin))
            } else if let old = next < count ? self[next] : last {
                result.append(old.replaced(by: edit.scalar))
                next += 1 - Int(edit.change)
            }
        }
        return result
    }
}

extension ArraySlice<AlignedScalar> {
    package var string: String {
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: lazy.map(\.scalar))
        return String(scalars)
    }

    /// The text in UTF-8.
    var utf8: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(2 * count)
        for element in self {
            if element.scalar.isASCII {
                bytes.append(UInt8(truncatingIfNeeded: element.scalar.value))
            } else {
                bytes.append(contentsOf: element.scalar.utf8)
            }
        }
        return bytes
    }

    func starts(with pattern: [Unicode.Scalar]) -> Bool {
        count >= pattern.count && zip(self, pattern).allSatisfy { $0.scalar == $1 }
    }
}
