import AttentionCatalogue
import AttentionCommand

extension RequestError: DataFault {}
