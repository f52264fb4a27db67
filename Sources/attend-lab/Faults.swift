import AttentionCatalogue
import AttentionCommand

extension CatalogueError: DataFault {}
