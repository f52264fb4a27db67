import Attention
import AttentionCommand

extension Image {
    /// The picture in a file that was named on the command line.
    /// - Throws: what is wrong with it, and where it lies.
    init(picture path: String) throws {
        do { try self.init(contentsOf: path) } catch { throw UnreadablePicture(path: path, error: error) }
    }
}

/// A picture that cannot be read, and where it lies.
private struct UnreadablePicture: DataFault, CustomStringConvertible {
    let path: String
    let error: SignalError

    var description: String {
        if case .file = error { "\(error)" } else { "\(path): \(error)" }
    }
}

extension SignalError: DataFault {}
