import AttentionFiles

/// The folder that a model made of another one is to be written into.
public enum ModelDestination {
    /// Makes sure, before the work, that no model lies there.
    /// - Throws: `TrainingFolderError.hasModel` naming the file that does.
    public static func check(_ directory: String) throws(TrainingFolderError) {
        for file in ["config.json", "model.safetensors"] where Directory.hasFile(directory + "/" + file) {
            throw .hasModel(directory, file: file)
        }
    }
}
