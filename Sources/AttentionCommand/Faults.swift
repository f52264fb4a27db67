import ArgumentParser
import Attention
public import AttentionFiles

/// Wrong data: a file, a model or a text that cannot be used. Exit code 65.
package protocol DataFault: Error {}

/// A wrong command: an option or a setting that does not exist or does not fit. Exit code 64.
package protocol UsageFault: Error {}

extension FileError: DataFault {}
extension SafetensorsError: DataFault {}
extension TokenizerError: DataFault {}
extension CorpusError: DataFault {}
extension ModelFolderError: DataFault {}
extension TranslationError: DataFault {}
extension TranslationTrainingError: DataFault {}
extension ShapeError: DataFault {}
extension SearchError: DataFault {}
extension AlignmentError: DataFault {}
extension MetricError: DataFault {}
extension TrainingError: DataFault {}
extension SettingsError: UsageFault {}
extension ConfigurationError: UsageFault {}
