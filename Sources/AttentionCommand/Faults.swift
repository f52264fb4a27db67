import ArgumentParser
import Attention
public import AttentionFiles

/// An error that ends the command.
package protocol Fault: Error {
    /// The way out in words of the command line; nil if the error's own sentence says it all.
    var hint: String? { get }
}

extension Fault {
    package var hint: String? { nil }
}

/// Wrong data: a file, a model or a text that cannot be used. Exit code 65.
package protocol DataFault: Fault {}

/// A wrong command: an option or a setting that does not exist or does not fit. Exit code 64.
package protocol UsageFault: Fault {}

extension FileError: DataFault {}
extension JSONError: DataFault {}
extension SafetensorsError: DataFault {}
extension VectorFileError: DataFault {}
extension GGUFError: DataFault {}
extension TokenizerError: DataFault {}
extension CorpusError: DataFault {}
extension ModelFolderError: DataFault {}
extension MarianFileError: DataFault {}
extension LexicalShortlistError: DataFault {}
extension TranslatorSourceError: DataFault {}
extension TranslationError: DataFault {}
extension GlossaryError: DataFault {}
extension ShapeError: DataFault {}
extension SearchError: DataFault {}
extension AlignmentError: DataFault {}
extension MetricError: DataFault {}
extension TrainingError: DataFault {}
extension ReinforcementError: DataFault {}
extension MessagePassingError: DataFault {}
extension ConfigurationError: UsageFault {}
extension ParameterPatternError: UsageFault {}
