/// An alignment made by people, who tell links they are sure of from links that are merely possible.
public struct ReferenceAlignment: Sendable, Hashable {
    /// The sure links, S.
    public let sure: HardAlignment

    /// All possible links, P; sure links are possible too.
    public let possible: HardAlignment

    /// Joins sure and possible links; sure ones become possible too.
    ///
    /// - Parameters:
    ///   - sure: the links that every good alignment has.
    ///   - possible: the links that a good alignment may have besides.
    public init(sure: HardAlignment, possible: HardAlignment) {
        self.sure = sure
        self.possible = HardAlignment(possible.links.union(sure.links))
    }

    /// Reads Pharaoh form with `i-j` for sure links and `ipj` for possible ones, as hand-made references are written.
    ///
    /// - Parameters:
    ///   - text: links in any order, separated by spaces or tabs.
    ///   - firstIndex: the index of the first word; many references count from 1.
    /// - Throws: `AlignmentError.badLink` at the first link that is not of this form.
    public init(pharaoh text: String, firstIndex: Int = 0) throws(AlignmentError) {
        let links = try parseLinks(text, joints: "-p", firstIndex: firstIndex)
        self.init(
            sure: HardAlignment(links.filter { $0.joint == "-" }.map(\.link)),
            possible: HardAlignment(links.map(\.link)))
    }
}
