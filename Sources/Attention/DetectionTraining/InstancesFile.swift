import AttentionEvaluation
import AttentionFiles
import AttentionModels
import AttentionSignals

/// A file of boxes as COCO has them: pictures, what is on them, and what it is called.
struct InstancesFile {
    /// A picture and what is on it, in pixels of the size that the file says.
    struct Entry {
        /// The name of its file.
        let file: String
        /// Its columns and rows, as the file says.
        let width, height: Int
        /// What is on it.
        var objects: [BoxedObject] = []

        /// Whether some of a box lies on the picture; the rest may lie beyond its edges.
        func isTouched(by box: PictureBox) -> Bool {
            box.left < Double(width) && box.top < Double(height) && box.left + box.width > 0
                && box.top + box.height > 0
        }

        /// The objects, in pixels of the picture as it is.
        func objects(on image: Image) -> [BoxedObject] {
            let (across, down) = (
                Double(image.width) / Double(width), Double(image.height) / Double(height)
            )
            return objects.map { object in
                let box = object.box
                return BoxedObject(
                    label: object.label,
                    box: PictureBox(
                        left: box.left * across, top: box.top * down, width: box.width * across,
                        height: box.height * down), isCrowd: object.isCrowd)
            }
        }
    }

    /// The pictures, in their order.
    private(set) var pictures: [Entry] = []

    /// Reads a file.
    /// - Throws: `FileError` if it cannot be read, `DetectionTrainingError` naming what is wrong with it.
    init(path: String) throws {
        let bytes = try FileContents.read(path)
        do { try read(try JSONParser.parse(bytes)) } catch let error as JSONError {
            throw DetectionTrainingError.notBoxes(path, expected: "JSON", found: "what gives: \(error)")
        } catch let error as ConfigurationError {
            throw DetectionTrainingError.notBoxes(
                path, expected: "\(error.expected) as \(error.setting)", found: error.found)
        }
        guard !pictures.isEmpty else { throw DetectionTrainingError.noPictures(path) }
    }

    private mutating func read(_ document: JSONValue) throws(ConfigurationError) {
        var names: [Int: String] = [:]
        for entry in try document.entries("categories") {
            names[try entry.integer("id")] = try entry.string("name")
        }
        var places: [Int: Int] = [:]
        for entry in try document.entries("images") {
            let id = try entry.integer("id")
            guard places.updateValue(pictures.count, forKey: id) == nil else {
                throw ConfigurationError("id", expected: "another for each picture", found: "\(id) twice")
            }
            pictures.append(
                Entry(
                    file: try entry.string("file_name"), width: try entry.size("width"),
                    height: try entry.size("height")))
        }
        for entry in try document.entries("annotations") {
            let (image, category) = (try entry.integer("image_id"), try entry.integer("category_id"))
            guard let place = places[image] else {
                throw ConfigurationError("image_id", expected: "the id of a picture", found: "\(image)")
            }
            guard let label = names[category] else {
                throw ConfigurationError("category_id", expected: "the id of a category", found: "\(category)")
            }
            let sides = try entry.numbers("bbox")
            guard sides.count == 4, sides.allSatisfy(\.isFinite), sides[2] > 0, sides[3] > 0 else {
                throw ConfigurationError(
                    "bbox", expected: "left, top, and a width and height above 0", found: "\(sides)")
            }
            let box = PictureBox(left: sides[0], top: sides[1], width: sides[2], height: sides[3])
            guard pictures[place].isTouched(by: box) else {
                throw ConfigurationError(
                    "bbox", expected: "a box on its picture of \(pictures[place].width) by \(pictures[place].height)",
                    found: "\(sides)")
            }
            pictures[place].objects.append(
                BoxedObject(label: label, box: box, isCrowd: try entry.integer("iscrowd", default: 0) != 0))
        }
    }
}

extension JSONValue {
    /// The objects in an array that is a member of this one.
    fileprivate func entries(_ name: String) throws(ConfigurationError) -> [ConfigurationFields] {
        guard case .object(let members) = self,
            case .array(let values)? = members.first(where: { $0.key == name })?.value
        else { throw ConfigurationError(name, expected: "an array", found: "none") }
        var entries: [ConfigurationFields] = []
        for value in values { entries.append(try ConfigurationFields(value)) }
        return entries
    }
}
