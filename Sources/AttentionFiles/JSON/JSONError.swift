/// A document that is not the JSON it should be, or a value that JSON cannot hold.
public enum JSONError: Error, Sendable, Hashable {
    /// The bytes are no JSON. Reading stopped at `byte`, counted from the start.
    case malformed(byte: Int, expected: String, found: String)
    /// What stands at this place is of another kind.
    case unfit(at: String, expected: String, found: String)
    /// A member that nobody reads: usually misspelt or misplaced; the nearest that is read, if any is near.
    case unknownMember(String, at: String, nearest: String?)
    /// A member that has to be there is not.
    case missingMember(String, at: String)
}

extension JSONError: CustomStringConvertible {
    /// The phrase that follows the name of the document and a colon. Places are written as `model.layers[2].size`.
    public var description: String {
        switch self {
        case .malformed(let byte, let expected, let found):
            "expected \(expected) at byte \(byte) of the JSON document, found \(found)"
        case .unfit(let place, let expected, let found): "expected \(expected)\(Self.phrase(place)), found \(found)"
        case .unknownMember(let name, let place, let nearest):
            "there is no member \"\(name)\"\(Self.phrase(place))"
                + (nearest.map { "; did you mean \"\($0)\"?" } ?? "; take it out, or look up its name")
        case .missingMember(let name, let place): "expected a member \"\(name)\"\(Self.phrase(place)), found none"
        }
    }

    private static func phrase(_ place: String) -> String { place.isEmpty ? "" : " at \(place)" }
}
