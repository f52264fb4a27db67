import AttentionFiles

/// The folder that a training writes into, which it has for itself: `settings.json`, `log.jsonl`, while it is unfinished `training/` with its
/// checkpoint, and in the end its model.
struct TrainingFolder {
    /// Where it lies.
    let path: String
    /// The files of a model, any of which says that the folder is taken.
    let modelFiles: [String]

    private var checkpoint: String { "training/checkpoint.safetensors" }

    /// What `body` does while no other training writes here.
    ///
    /// - Parameters:
    ///   - isResumed: whether a training that began here goes on.
    ///   - isWriter: whether this process writes here; those that only read leave the folder to the one that does.
    /// - Throws: `TrainingFolderError`, before anything is touched, if another training is at work, if a new training would meet a model or a
    ///   training, or if there is none to resume; whatever `body` throws.
    func hold<Result>(isResumed: Bool, isWriter: Bool = true, _ body: () throws -> Result) throws -> Result {
        guard isWriter else { return try body() }
        try check(isResumed: isResumed)
        try Directory.create(path)
        guard let lock = try FolderLock(of: path) else { throw TrainingFolderError.inUse(path) }
        return try withExtendedLifetime(lock) {
            // Once more: another training may have come and gone before the lock was taken.
            try check(isResumed: isResumed)
            try Directory.create(path + "/training")
            if isResumed { try AtomicFile.removeAbandoned(in: path) }
            return try body()
        }
    }

    private func check(isResumed: Bool) throws(TrainingFolderError) {
        let existing = ([checkpoint] + modelFiles).first { Directory.exists(path + "/" + $0) }
        if isResumed, existing != checkpoint { throw .nothingToResume(path) }
        if !isResumed, let existing { throw .occupied(path, file: existing) }
    }
}

/// A folder that a training cannot write into.
public enum TrainingFolderError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The folder already holds this file of a model or a training.
    case occupied(String, file: String)
    /// The folder, which a model made of another one is to be written into, already holds this file of a model.
    case hasModel(String, file: String)
    /// Another training is writing into the folder.
    case inUse(String)
    /// There is no checkpoint in the folder.
    case nothingToResume(String)

    /// The whole sentence.
    public var description: String {
        switch self {
        case .occupied(let directory, let file):
            "train: expected a new folder, found \(file) in \(directory); "
                + "choose another folder, or resume the training in this one"
        case .hasModel(let directory, let file):
            "save: expected a folder without a model, found \(file) in \(directory); choose another folder"
        case .inUse(let directory):
            "train: expected a folder of its own, found another training at work in \(directory); "
                + "wait for its end, or choose another folder"
        case .nothingToResume(let directory):
            "train: expected a checkpoint in \(directory)/training, found none; begin a new training"
        }
    }
}
