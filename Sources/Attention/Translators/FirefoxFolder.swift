import AttentionDecoding
import AttentionFiles
import AttentionInspection
import AttentionModels
import AttentionTensors
import AttentionText

/// A folder of Firefox Translations, or another of Marian's: a model in Marian's binary container or as an archive of numpy's (`model.npz`), a
/// SentencePiece vocabulary (one for both languages, or one each), and perhaps a lexical shortlist and settings of the decoder.
///
///     model.enpt.intgemm.alphas.bin   vocab.enpt.spm   lex.50.50.enpt.s2t.bin   config.intgemm8bitalpha.yml
public enum FirefoxFolder: TranslatorSource {
    public static var form: String {
        "a model of Firefox Translations: model.*.bin or model.npz, vocab.*.spm, perhaps lex.*.bin and a .yml"
    }

    public static func recognizes(_ path: String) -> Bool {
        let names = names(in: path)
        return names.contains(where: isModel) && names.contains { $0.hasSuffix(".spm") }
    }

    public static func model(at path: String, _ choice: TranslatorChoice) throws -> TranslationModel {
        guard choice.isOpen else { throw TranslatorSourceError.noChoice(path) }
        let names = names(in: path)
        let file = try MarianFile(path: try only(names.filter(isModel), "one model.*.bin or model.npz", path))
        let model: any SequenceToSequence
        do { model = try FirefoxModel.load(file) } catch let error as ConfigurationError {
            throw ModelFolderError.badConfiguration(file.source, reason: "\(error)")
        }
        let settings = try Settings(
            names.first { $0.hasSuffix(".yml") || $0.hasSuffix(".yaml") }.map { path + "/" + $0 })
        let (reader, writer) = try vocabularies(names.filter { $0.hasSuffix(".spm") }.sorted(), path)
        let size = model.outputWeight.shape[0]
        for tokenizer in [reader, writer] where tokenizer.count > size {
            throw ModelFolderError.vocabulary(tokenizer: tokenizer.count, model: size)
        }
        guard let end = reader.id(of: "</s>"), end == writer.id(of: "</s>") else {
            throw TranslatorSourceError.files(path, expected: "vocabularies with one end token, </s>", found: "none")
        }
        return TranslationModel(
            name: names.first(where: isModel) ?? path, model: model, reader: reader, writer: writer,
            form: SequenceForm(
                // The first word follows a vector of zeros, whatever stands there.
                behind: [end], start: [end], end: end, banned: writer.id(of: "<unk>").map { [$0] } ?? [], padding: end,
                lengthLimit: nil, stepLimit: LengthLimit(absolute: 0, perSourceToken: settings.lengthFactor)),
            // Marian trains the first head of the last layer to look where the word came from.
            alignment: HeadIndex(layer: model.layerCount - 1, head: 0),
            shortlist: try choice.usesShortlist ? shortlist(names, size, path) : nil,
            search: SearchSettings(beamSize: settings.beamSize))
    }

    private static func isModel(_ name: String) -> Bool {
        name.hasPrefix("model.") && (name.hasSuffix(".bin") || name.hasSuffix(".npz"))
    }

    private static func names(in path: String) -> [String] {
        guard Directory.isDirectory(path), let names = try? Directory.names(in: path) else { return [] }
        return names.sorted()
    }

    private static func only(_ names: [String], _ expected: String, _ path: String) throws(TranslatorSourceError)
        -> String
    {
        guard names.count == 1 else {
            throw .files(path, expected: expected, found: names.isEmpty ? "none" : names.joined(separator: ", "))
        }
        return path + "/" + names[0]
    }

    /// One vocabulary for both languages, or first that of the source, `srcvocab.*.spm`, and then that of the target, `trgvocab.*.spm`.
    private static func vocabularies(_ names: [String], _ path: String) throws -> (reader: Tokenizer, writer: Tokenizer)
    {
        guard names.count == 1 || (names.count == 2 && names[0].hasPrefix("src") && names[1].hasPrefix("trg")) else {
            throw TranslatorSourceError.files(
                path, expected: "vocab.*.spm, or srcvocab.*.spm and trgvocab.*.spm",
                found: names.joined(separator: ", "))
        }
        let tokenizers = try names.map { name in
            try Tokenizer(sentencePiece: try FileContents.read(path + "/" + name))
        }
        return (tokenizers[0], tokenizers[tokenizers.count - 1])
    }

    private static func shortlist(_ names: [String], _ size: Int, _ path: String) throws -> LexicalShortlist {
        let lists = names.filter { $0.hasPrefix("lex.") && $0.hasSuffix(".bin") }
        guard !lists.isEmpty else { throw TranslatorSourceError.noShortlist(path) }
        let shortlist = try LexicalShortlist(path: try only(lists, "one lex.*.bin", path))
        guard shortlist.vocabularySize == size else {
            throw LexicalShortlistError.vocabulary(shortlist: shortlist.vocabularySize, model: size)
        }
        return shortlist
    }

    /// What the folder says of decoding.
    private struct Settings {
        var beamSize = 1
        var lengthFactor = 3.0

        /// - Parameter path: the file; nil if there is none.
        init(_ path: String?) throws {
            guard let path else { return }
            guard let text = String(validating: try FileContents.read(path), as: UTF8.self) else {
                throw TranslatorSourceError.files(path, expected: "text in UTF-8", found: "other bytes")
            }
            let fields: FlatYAML
            do { fields = try FlatYAML(text) } catch {
                throw TranslatorSourceError.files(path, expected: "names and values", found: "\(error)")
            }
            func number<Number>(_ name: String, _ parse: (String) -> Number?, in range: ClosedRange<Number>) throws
                -> Number?
            {
                guard case .scalar(let value)? = fields.members[name] else { return nil }
                guard let number = parse(value), range.contains(number) else {
                    throw TranslatorSourceError.files(
                        path, expected: "\(name) of \(range.lowerBound) to \(range.upperBound)", found: value)
                }
                return number
            }
            beamSize = try number("beam-size", { Int($0) }, in: 1...200) ?? beamSize
            lengthFactor = try number("max-length-factor", { Double($0) }, in: 0.1...100) ?? lengthFactor
        }
    }
}
