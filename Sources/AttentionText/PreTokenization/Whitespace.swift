/// Words (`\w+`) and runs of other characters, without the white space between them.
package struct Whitespace: PreTokenizer {
    package static let name = "Whitespace"

    package init(_ fields: StageFields) {}

    package func cutsBeforeSpaces(writtenAs space: Unicode.Scalar) -> Bool { space == " " }

    package func split(_ segment: Segment) -> [Segment] {
        SplitBehavior.removed.split(segment) { $0.isWhiteSpace }.flatMap { run in
            SplitBehavior.contiguous.split(run) { $0.isWordCharacter }
        }
    }
}
