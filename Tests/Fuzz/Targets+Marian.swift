import AttentionModels
import AttentionTensors

/// What a folder of Firefox Translations has: models in Marian's container or in an archive of numpy's, and lexical shortlists.
extension Targets {
    /// Each item as what it may be, and the model that the file says it is.
    static func marian(_ bytes: [UInt8]) throws -> Bool {
        let file: MarianFile
        do throws(MarianFileError) { file = try MarianFile(bytes, source: "case") } catch {
            _ = error.description
            return false
        }
        for name in file.names {
            do throws(MarianFileError) { _ = try file.text(named: name) } catch { _ = error.description }
            do throws(MarianFileError) { _ = try file.parameter(named: name).tensor.values.count } catch {
                _ = error.description
            }
        }
        do {
            let model = try FirefoxModel.load(file)
            _ = try model.start(PaddedBatch([[1, 2, 0], [3, 0]], padding: 0))
        } catch let error as any Error & CustomStringConvertible { _ = error.description }
        return true
    }

    static func shortlist(_ bytes: [UInt8]) throws -> Bool {
        do throws(LexicalShortlistError) {
            let shortlist = try LexicalShortlist(bytes, source: "case")
            for ids in [[], [0], [1, 5, 2, 5], [-1, shortlist.vocabularySize, .max]] {
                let candidates = shortlist.candidates(for: ids)
                precondition(candidates.allSatisfy { 0..<shortlist.vocabularySize ~= $0 })
            }
        } catch {
            _ = error.description
            return false
        }
        return true
    }
}
