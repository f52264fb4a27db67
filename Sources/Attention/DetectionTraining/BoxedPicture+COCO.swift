import AttentionEvaluation
import AttentionFiles
import AttentionModels
import AttentionSignals

extension BoxedPicture {
    /// Reads pictures and what is on them from files as COCO has them (`instances_train2017.json`: `images`, `annotations`, `categories`; Lin et al. 2014,
    /// *Microsoft COCO*), one after the other. A picture may be smaller or larger than its entry says; its boxes are scaled.
    ///
    /// - Parameters:
    ///   - paths: the files of boxes.
    ///   - folder: where the pictures lie; nil for where each file does.
    ///   - scale: what they are brought to; for one size, sides of 1 to 1,024.
    /// - Throws: `DetectionTrainingError` or `SignalError` naming the file and what is wrong with it.
    public static func read(
        _ paths: [String], pictures folder: String? = nil, scale: PictureScale = .own
    ) throws -> [BoxedPicture] {
        var (pictures, size): ([BoxedPicture], ImageSize?) = ([], nil)
        if case .size(let wanted) = scale { size = wanted }
        for path in paths {
            let place = folder ?? path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
            for entry in try InstancesFile(path: path).pictures {
                let file = place + "/" + entry.file
                let image: Image
                do { image = try Image(contentsOf: file) } catch {
                    throw DetectionTrainingError.unreadable(file, error)
                }
                let own = BoxedPicture(image, objects: entry.objects(on: image))
                guard scale != .own else {
                    pictures.append(own)
                    continue
                }
                let wanted = size ?? ImageSize(height: image.height, width: image.width)
                for (name, side) in [("pictures.height", wanted.height), ("pictures.width", wanted.width)] {
                    try ConfigurationError.require(name, side, in: 1...1024)
                }
                size = wanted
                pictures.append(try own.resized(to: wanted))
            }
        }
        return pictures
    }
}
