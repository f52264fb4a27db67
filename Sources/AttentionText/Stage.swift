package import AttentionFiles

/// One step of the pipeline, chosen by name in `tokenizer.json`.
package protocol Stage: Sendable {
    /// The name under `"type"`.
    static var name: String { get }

    /// Reads the stage's fields.
    init(_ fields: StageFields) throws(TokenizerError)

    /// The stage's fields besides `"type"`.
    var members: [JSONMember] { get }
}

extension Stage {
    package var members: [JSONMember] { [] }

    /// The stage as it stands in `tokenizer.json`.
    package var json: JSONValue {
        .object([JSONMember("type", .string(Self.name))] + members)
    }
}

/// The type that `value` names among the `known` ones of a kind, and the fields for its initializer.
///
/// - Throws: `TokenizerError.unknownStage` naming the known ones.
func chooseStage<Kind>(
    _ value: JSONValue, kind: String, among known: [Kind], name: (Kind) -> String
) throws(TokenizerError) -> (type: Kind, fields: StageFields) {
    let wanted = try StageFields(stage: kind, value).string("type")
    guard let type = known.first(where: { name($0) == wanted }) else {
        throw .unknownStage(kind: kind, name: wanted, known: known.map(name))
    }
    return (type, try StageFields(stage: "\(kind) \(wanted)", value))
}
