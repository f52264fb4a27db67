import AttentionFiles

/// The chat templates of a folder, wherever they lie, and the special tokens that they may name.
struct ChatTemplateFiles {
    private(set) var templates: [(name: String, source: String, file: String)] = []
    private(set) var specialTokens: [JSONMember] = []

    /// - Throws: `ChatError` if a file is not what it should be.
    init(folder: String) throws(ChatError) {
        let configuration = try Self.object(folder + "/tokenizer_config.json")
        specialTokens = Self.specialTokens(configuration)
        if specialTokens.isEmpty {
            specialTokens = Self.specialTokens(try Self.object(folder + "/special_tokens_map.json"))
        }
        // The later form comes first, as in the reference.
        let file = folder + "/chat_template.jinja"
        if Directory.hasFile(file) {
            templates.append(("default", try ChatTemplate.text(of: try Self.bytes(file), file), file))
        }
        for name in ["tokenizer_config.json", "chat_template.json"] {
            let path = folder + "/" + name
            let members = name.hasPrefix("t") ? configuration : try Self.object(path)
            guard let value = members.first(where: { $0.key == "chat_template" })?.value else { continue }
            try add(value, path)
        }
    }

    /// A template, or several with names.
    private mutating func add(_ value: JSONValue, _ file: String) throws(ChatError) {
        switch value.withoutTables {
        case .null: return
        case .string(let source): templates.append(("default", source, file))
        case .array(let items):
            for item in items {
                guard case .object(let members) = item,
                    case .string(let name)? = members.first(where: { $0.key == "name" })?.value,
                    case .string(let source)? = members.first(where: { $0.key == "template" })?.value
                else {
                    throw .badFile(
                        file, reason: "expected a name and a template in each of chat_template, found \(item.summary)")
                }
                templates.append((name, source, file))
            }
        default:
            throw .badFile(
                file, reason: "expected a template, or a list of them, as chat_template, found \(value.summary)")
        }
    }

    /// Members such as `"eos_token": "</s>"`, whose values may be objects with their `content`.
    private static func specialTokens(_ members: [JSONMember]) -> [JSONMember] {
        members.filter { $0.key.hasSuffix("_token") }.compactMap { member in
            switch member.value {
            case .string: return member
            case .object(let parts):
                guard case .string(let content)? = parts.first(where: { $0.key == "content" })?.value else {
                    return nil
                }
                return JSONMember(member.key, .string(content))
            default: return nil
            }
        }
    }

    private static func bytes(_ file: String) throws(ChatError) -> [UInt8] {
        do { return try FileContents.read(file) } catch { throw .badFile(file, reason: "\(error)") }
    }

    /// The members of a file; none if there is no such file.
    private static func object(_ file: String) throws(ChatError) -> [JSONMember] {
        guard Directory.hasFile(file) else { return [] }
        let document: JSONValue
        do { document = try JSONParser.parse(try bytes(file)) } catch { throw .badFile(file, reason: "\(error)") }
        guard case .object(let members) = document else {
            throw .badFile(file, reason: "expected an object, found \(document.summary)")
        }
        return members
    }
}
