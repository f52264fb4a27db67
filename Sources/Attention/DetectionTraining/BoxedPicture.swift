public import AttentionEvaluation
public import AttentionModels
public import AttentionSignals
public import AttentionTensors

/// Something that is on a picture, and where.
public struct BoxedObject: Sendable, Hashable {
    /// What it is.
    public var label: String
    /// Where it is, in pixels of the picture.
    public var box: PictureBox
    /// Whether it is many of its kind, of which none is marked: nothing is learnt from it, and what is found there is neither right nor wrong.
    public var isCrowd: Bool

    /// Something of this kind.
    public init(label: String, box: PictureBox, isCrowd: Bool = false) {
        (self.label, self.box, self.isCrowd) = (label, box, isCrowd)
    }
}

/// A picture and all that is to be found on it.
public struct BoxedPicture: Sendable, Hashable {
    /// The picture.
    public var image: Image
    /// What is on it.
    public var objects: [BoxedObject]

    /// How many objects are on it; crowds are not counted.
    public var objectCount: Int { objects.count { !$0.isCrowd } }

    /// A picture with these objects on it.
    public init(_ image: Image, objects: [BoxedObject]) { (self.image, self.objects) = (image, objects) }

    /// These pictures in two parts: those to learn from, and so many to choose by, drawn with a key.
    /// - Throws: `DetectionTrainingError.tooFew` unless there are more.
    public static func parted(
        _ pictures: [BoxedPicture], holdingOut count: Int, key: RandomKey
    ) throws(DetectionTrainingError) -> (train: [BoxedPicture], valid: [BoxedPicture]) {
        guard let (train, valid) = pictures.parted(holdingOut: count, key: key) else {
            throw .tooFew(pictures.count, holdingOut: count)
        }
        return (train, valid)
    }

    /// The same picture in another size.
    /// - Throws: `SignalError` if there is no such size.
    public func resized(to size: ImageSize) throws(SignalError) -> BoxedPicture {
        guard (image.height, image.width) != (size.height, size.width) else { return self }
        let scaled = try image.resized(width: size.width, height: size.height, filter: .bilinear)
        return BoxedPicture(
            scaled,
            objects: objects.map {
                $0.scaled(
                    across: Double(size.width) / Double(image.width),
                    down: Double(size.height) / Double(image.height))
            })
    }

    /// The same picture seen in a mirror: left is right.
    public var mirrored: BoxedPicture {
        BoxedPicture(
            image.mirrored,
            objects: objects.map { object in
                var object = object
                object.box.left = Double(image.width) - object.box.left - object.box.width
                return object
            })
    }

    /// The same picture upside down: above is below.
    public var flipped: BoxedPicture {
        BoxedPicture(
            image.flipped,
            objects: objects.map { object in
                var object = object
                object.box.top = Double(image.height) - object.box.top - object.box.height
                return object
            })
    }

    /// A part of the picture, as large as the whole, and the objects whose middle lies in it, cut at its edges.
    package func cut(to window: PictureWindow) throws(SignalError) -> BoxedPicture {
        let (width, height) = (Double(window.width), Double(window.height))
        let inside = objects.compactMap { object -> BoxedObject? in
            let (left, top) = (object.box.left - Double(window.x), object.box.top - Double(window.y))
            guard 0..<width ~= left + object.box.width / 2, 0..<height ~= top + object.box.height / 2 else {
                return nil
            }
            let (right, bottom) = (min(width, left + object.box.width), min(height, top + object.box.height))
            let box = PictureBox(
                left: max(0, left), top: max(0, top), width: right - max(0, left), height: bottom - max(0, top))
            return BoxedObject(label: object.label, box: box, isCrowd: object.isCrowd)
                .scaled(across: Double(image.width) / width, down: Double(image.height) / height)
        }
        return BoxedPicture(try window.cut(from: image), objects: inside)
    }
}

extension BoxedObject {
    fileprivate func scaled(across: Double, down: Double) -> BoxedObject {
        let box = PictureBox(
            left: box.left * across, top: box.top * down, width: box.width * across, height: box.height * down)
        return BoxedObject(label: label, box: box, isCrowd: isCrowd)
    }
}
