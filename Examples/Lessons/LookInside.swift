package import Attention
import Foundation

/// Where does a translator look, and does it matter?
package enum LookInside {
    static let sentence = "The little girl reads a red book."

    /// Where the head that is best at alignments looked, word by word.
    package static func picture() throws -> (text: String, matrix: AlignmentMatrix) {
        let translation = try Translator.standard().translate(sentence)
        guard let matrix = translation.alignment?.chosenMatrix else { preconditionFailure("it has attention") }
        return (translation.text, matrix)
    }

    /// What becomes of the translation without some heads, in the words of `--ablate`.
    package static func translation(without heads: String) throws -> String {
        let translator = try Translator.standard()
        let selectors = heads.split(separator: ",").compactMap { HeadSelector(String($0)) }
        return try withAblation(translator.heads.ablation(of: selectors)) { try translator.translate(sentence).text }
    }

    static func report() throws -> String {
        let (text, matrix) = try picture()
        let links = matrix.hardAlignment().pharaoh
        return "\(sentence)\n\(text)\n\n\(TextRenderer().render(matrix))\nlinks \(links)\n"
            + "without cross-attention in the last layer: \(try translation(without: "cross:3.*"))\n"
            + "without any cross-attention: \(try translation(without: "cross:*.*"))\n"
    }

    static func drawing() throws -> String { Figure(try picture().matrix).svg }
}
