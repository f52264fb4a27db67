/// What stands between white space.
package struct WhitespaceSplit: PreTokenizer {
    package static let name = "WhitespaceSplit"

    package init(_ fields: StageFields) {}

    package func cutsBeforeSpaces(writtenAs space: Unicode.Scalar) -> Bool { space == " " }

    package func split(_ segment: Segment) -> [Segment] {
        SplitBehavior.removed.split(segment) { $0.isWhiteSpace }
    }
}
