/// A folder held by one process: a second one is told so before it touches anything.
///
/// The lock is the system's, on a file `.attention-lock` in the folder. It ends with the value, and with the process, however that ends;
/// a file left by a killed process is no lock.
package final class FolderLock {
    private let path: String
    private let file: FileDescriptor

    /// Takes the lock of a folder; nil if another process holds it.
    ///
    /// On file systems that know no locks it is taken for granted.
    /// - Throws: ``FileError`` if the folder does not exist or may not be written to.
    package init?(of folder: String) throws(FileError) {
        path = folder + "/.attention-lock"
        while true {
            let file = try FileDescriptor(openingOrCreating: path)
            switch file.tryLock() {
            case .held: return nil
            // Whoever let go of it meanwhile took the file away: then it is made again.
            case .taken where !file.hasName: continue
            case .taken, .unknown:
                self.file = file
                return
            }
        }
    }

    deinit {
        // The file goes before the lock, so that nobody can take the lock of a file that is about to go.
        do { try Directory.removeFile(path) } catch {}  // what is left is no lock
    }
}
