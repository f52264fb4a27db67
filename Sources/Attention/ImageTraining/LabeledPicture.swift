import AttentionFiles
public import AttentionModels
public import AttentionSignals
public import AttentionTensors

/// A picture and the class that it is of.
public struct LabeledPicture: Sendable, Hashable {
    /// The picture.
    public var image: Image
    /// What the class is called.
    public var label: String

    /// A picture of this class.
    public init(_ image: Image, label: String) { (self.image, self.label) = (image, label) }
}

extension LabeledPicture {
    /// Reads pictures, one after the other and brought to one size.
    ///
    /// A path is a folder of folders, each named after the class of the pictures in it (PNG, JPEG, PGM and PPM files); or an IDX file of pictures, compressed
    /// or not, beside which their labels lie under the name that has `labels` and `idx1` for `images` and `idx3`.
    /// - Parameters:
    ///   - size: what pictures are brought to; nil for that of the first.
    ///   - names: what the classes of IDX files are called, from 0; their numbers if there are none.
    /// - Throws: `ImageTrainingError` or `SignalError` naming the file and what is wrong with it.
    public static func read(
        _ paths: [String], size: ImageSize? = nil, names: [String] = []
    ) throws -> [LabeledPicture] {
        var (pictures, size): ([LabeledPicture], ImageSize?) = ([], size)
        for path in paths {
            let found = Directory.isDirectory(path) ? try folder(path, &size) : try array(path, names, &size)
            guard !found.isEmpty else { throw ImageTrainingError.noPictures(path) }
            pictures += found
        }
        return pictures
    }

    /// These pictures in two parts: those to learn from, and so many to choose by, drawn with a key.
    /// - Throws: `ImageTrainingError.tooFew` unless there are more.
    public static func parted(
        _ pictures: [LabeledPicture], holdingOut count: Int, key: RandomKey
    ) throws(ImageTrainingError) -> (train: [LabeledPicture], valid: [LabeledPicture]) {
        guard let (train, valid) = pictures.parted(holdingOut: count, key: key) else {
            throw .tooFew(pictures.count, holdingOut: count)
        }
        return (train, valid)
    }

    private static func folder(_ path: String, _ size: inout ImageSize?) throws -> [LabeledPicture] {
        let endings = [".png", ".jpg", ".jpeg", ".pgm", ".ppm"]
        var pictures: [LabeledPicture] = []
        for label in try Directory.names(in: path)
        where !label.hasPrefix(".") && Directory.isDirectory(path + "/" + label) {
            for name in try Directory.names(in: path + "/" + label)
            where endings.contains(where: name.lowercased().hasSuffix) {
                let file = path + "/" + label + "/" + name
                let image: Image
                do { image = try Image(contentsOf: file) } catch {
                    throw ImageTrainingError.unreadable(file, error)
                }
                pictures.append(LabeledPicture(try image.fitted(to: &size), label: label))
            }
        }
        return pictures
    }

    private static func array(
        _ path: String, _ names: [String], _ size: inout ImageSize?
    ) throws -> [LabeledPicture] {
        let images = try idx(path)
        let shape = images.shape
        guard images.element == .unsigned8, shape.count == 3 || shape.count == 4 && shape[3] == 3,
            shape.dropFirst().allSatisfy({ 1...4096 ~= $0 })
        else { throw ImageTrainingError.notPictures(path, found: shape) }
        let file = labelsFile(of: path)
        let labels = try idx(file)
        guard labels.element == .unsigned8, labels.shape == [shape[0]] else {
            throw ImageTrainingError.otherLabels(file, expected: shape[0], found: labels.shape)
        }
        let count = shape.dropFirst().reduce(1, *)
        var pictures: [LabeledPicture] = []
        pictures.reserveCapacity(shape[0])
        for (index, label) in labels.bytes.enumerated() {
            guard names.isEmpty || Int(label) < names.count else {
                throw ImageTrainingError.unnamed(Int(label), file: file, count: names.count)
            }
            let image = try Image(
                width: shape[2], height: shape[1], channels: shape.count == 3 ? .grey : .rgb,
                samples: Array(images.bytes[index * count..<(index + 1) * count]))
            pictures.append(
                LabeledPicture(
                    try image.fitted(to: &size), label: names.isEmpty ? "\(label)" : names[Int(label)]))
        }
        return pictures
    }

    private static func idx(_ path: String) throws -> IDXFile {
        do { return try IDXFile(contentsOf: path) } catch { throw ImageTrainingError.unreadable(path, error) }
    }

    /// `train-images-idx3-ubyte.gz` → `train-labels-idx1-ubyte.gz`.
    private static func labelsFile(of path: String) -> String {
        let cut = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        let name = [("images", "labels"), ("idx3", "idx1"), ("idx4", "idx1")].reduce(String(path[cut...])) {
            name, pair in
            name.firstRange(of: pair.0).map { name.replacingCharacters(in: $0, with: pair.1) } ?? name
        }
        return path[..<cut] + name
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
        self[..<range.lowerBound] + text + self[range.upperBound...]
    }
}

extension Image {
    /// The same picture in a size, which is its own if there is none yet.
    fileprivate func fitted(to size: inout ImageSize?) throws -> Image {
        let wanted = size ?? ImageSize(height: height, width: width)
        for (name, side) in [("pictures.height", wanted.height), ("pictures.width", wanted.width)] {
            try ConfigurationError.require(name, side, in: 1...512)
        }
        size = wanted
        guard (height, width) != (wanted.height, wanted.width) else { return self }
        return try resized(width: wanted.width, height: wanted.height, filter: .bilinear)
    }
}
