import Attention
import AttentionFiles
import Foundation
import Testing

/// Boxes move along with their pictures, and lie in files as COCO has them.
@Suite struct BoxedPictureTests {
    /// 8 × 6 pixels, each with its number, and a thing on it.
    private static func picture(_ box: PictureBox = PictureBox(left: 1, top: 2, width: 3, height: 2)) throws
        -> BoxedPicture
    {
        BoxedPicture(
            try Image(width: 8, height: 6, channels: .grey, samples: Array(0..<48)),
            objects: [BoxedObject(label: "thing", box: box)])
    }

    @Test func boxesAreTurnedWithPictures() throws {
        let picture = try Self.picture()
        #expect(picture.mirrored.objects[0].box == PictureBox(left: 4, top: 2, width: 3, height: 2))
        #expect(picture.mirrored.image[0, 0] == [7])
        #expect(picture.flipped.objects[0].box == PictureBox(left: 1, top: 2, width: 3, height: 2))
        #expect(picture.flipped.image[0, 0] == [40] && picture.flipped.image[7, 5] == [7])
        let low = try Self.picture(PictureBox(left: 0, top: 0, width: 1, height: 1))
        #expect(low.flipped.objects[0].box == PictureBox(left: 0, top: 5, width: 1, height: 1))
        #expect(picture.mirrored.mirrored == picture && picture.flipped.flipped == picture)
        let small = try picture.resized(to: ImageSize(height: 3, width: 16))
        #expect(small.image.width == 16 && small.image.height == 3)
        #expect(small.objects[0].box == PictureBox(left: 2, top: 1, width: 6, height: 1))
    }

    /// A part of half the rows and columns is enlarged twice; what has its middle outside is gone, what crosses an edge is cut.
    @Test func boxesAreCutWithPictures() throws {
        let window = PictureWindow(x: 2, y: 3, width: 4, height: 3)
        func cut(_ box: PictureBox) throws -> [PictureBox] {
            let part = try Self.picture(box).cut(to: window)
            #expect(part.image.width == 8 && part.image.height == 6)
            return part.objects.map(\.box)
        }
        #expect(
            try cut(PictureBox(left: 3, top: 4, width: 2, height: 1)) == [
                PictureBox(left: 2, top: 2, width: 4, height: 2)
            ])
        // The middle is at column 2.5 and row 3: just inside.
        #expect(
            try cut(PictureBox(left: 1, top: 2, width: 3, height: 2)) == [
                PictureBox(left: 0, top: 0, width: 4, height: 2)
            ])
        // At column 6 and at row 2.5: outside.
        #expect(try cut(PictureBox(left: 5, top: 4, width: 2, height: 1)).isEmpty)
        #expect(try cut(PictureBox(left: 3, top: 2, width: 2, height: 1)).isEmpty)
    }

    /// A bright square stays where its box is, whatever becomes of the picture.
    @Test func augmentedBoxesFitWhatTheyShow() throws {
        var samples = [UInt8](repeating: 0, count: 40 * 30)
        for y in 9..<17 { for x in 12..<22 { samples[y * 40 + x] = 255 } }
        let picture = BoxedPicture(
            try Image(width: 40, height: 30, channels: .grey, samples: samples),
            objects: [BoxedObject(label: "square", box: PictureBox(left: 12, top: 9, width: 10, height: 8))])
        var settings = BoxedPictureSettings()
        (settings.flips, settings.crop) = (true, 0.5)
        let augmentation = BoxAugmentation(settings: settings)
        var made: Set<BoxedPicture> = []
        for index in 0..<40 {
            let found = try augmentation(picture, key: RandomKey(seed: 3)[index])
            #expect(found.image.width == 40 && found.image.height == 30)
            made.insert(found)
            guard let box = found.objects.first?.box else { continue }
            for y in 0..<30 {
                for x in 0..<40 {
                    let (column, row) = (Double(x) + 0.5, Double(y) + 0.5)
                    // Edges are blurred where the picture is enlarged.
                    let depth = min(
                        min(column - box.left, box.left + box.width - column),
                        min(row - box.top, box.top + box.height - row))
                    let light = found.image[x, y].first ?? 0
                    if depth > 2 { #expect(light > 200, "\(index): \(x), \(y) in \(box)") }
                    if depth < -2 { #expect(light < 55, "\(index): \(x), \(y) outside \(box)") }
                }
            }
        }
        #expect(made.count > 30 && made.contains { $0.objects.count == 1 })
        #expect(
            try augmentation(picture, key: RandomKey(seed: 3)[7]) == augmentation(picture, key: RandomKey(seed: 3)[7]))
        (settings.flips, settings.mirrors, settings.crop) = (false, false, 1)
        #expect(try BoxAugmentation(settings: settings)(picture, key: RandomKey(seed: 1)) == picture)
    }

    private static let instances = """
        {"info": {"year": 2026},
         "categories": [{"id": 7, "name": "cell", "supercategory": "x"}, {"id": 2, "name": "dust"}],
         "images": [{"id": 30, "file_name": "b.png", "width": 16, "height": 12}, {"id": 4, "file_name": "a.png", "width": 8, "height": 6}],
         "annotations": [
           {"id": 1, "image_id": 4, "category_id": 2, "bbox": [1, 2, 3, 2], "area": 6, "iscrowd": 1},
           {"id": 2, "image_id": 30, "category_id": 7, "bbox": [2.5, 4, 6, 4]}]}
        """

    @Test func filesOfBoxesAreRead() throws {
        try ImageTrainingTests.withFolder { folder in
            try Directory.create(folder + "/pictures")
            let image = try Self.picture().image
            // The first is half as large as its entry says.
            try image.resized(width: 16, height: 6, filter: .bilinear).writePNG(to: folder + "/pictures/a.png")
            try image.writePNG(to: folder + "/pictures/b.png")
            try AtomicFile.write(Array(Self.instances.utf8), to: folder + "/boxes.json")
            let found = try BoxedPicture.read([folder + "/boxes.json"], pictures: folder + "/pictures")
            #expect(found.map(\.image.width) == [8, 16] && found.map(\.image.height) == [6, 6])
            #expect(
                found.map(\.objects) == [
                    [BoxedObject(label: "cell", box: PictureBox(left: 1.25, top: 2, width: 3, height: 2))],
                    [BoxedObject(label: "dust", box: PictureBox(left: 2, top: 2, width: 6, height: 2), isCrowd: true)],
                ])
            let even = try BoxedPicture.read([folder + "/boxes.json"], pictures: folder + "/pictures", scale: .first)
            #expect(even[0] == found[0] && even[1].image.width == 8)
            #expect(even[1].objects[0].box == PictureBox(left: 1, top: 2, width: 3, height: 2))
            let small = try BoxedPicture.read(
                [folder + "/boxes.json"], pictures: folder + "/pictures", scale: .size(ImageSize(height: 3, width: 4)))
            #expect(small[0].objects[0].box == PictureBox(left: 0.625, top: 1, width: 1.5, height: 1))
            #expect { try BoxedPicture.read([folder + "/boxes.json"]) } throws: { "\($0)".contains("b.png") }
        }
    }

    @Test(arguments: [
        ("\"bbox\": [2.5, 4, 6, 4]", "\"bbox\": [2.5, 4, 0, 4]", "left, top, and a width and height above 0 as bbox"),
        ("\"bbox\": [2.5, 4, 6, 4]", "\"bbox\": [16, 4, 6, 4]", "a box on its picture of 16 by 12 as bbox"),
        ("\"bbox\": [2.5, 4, 6, 4]", "\"bbox\": [2, -4, 6, 4]", "a box on its picture of 16 by 12 as bbox"),
        ("\"bbox\": [2.5, 4, 6, 4]", "\"bbox\": [2.5, 4, 1e999, 4]", "JSON"),
        ("{\"id\": 4, ", "{\"id\": 30, ", "another for each picture as id"),
        ("\"image_id\": 30", "\"image_id\": 31", "the id of a picture as image_id"),
        ("\"category_id\": 7", "\"category_id\": 8", "the id of a category as category_id"),
        ("\"annotations\"", "\"notes\"", "an array as annotations"),
        ("\"file_name\": \"b.png\"", "\"file_name\": 3", "a string as file_name"),
        ("\"categories\":", "\"categories\"", "JSON"),
    ])
    func filesThatAreNoneAreRefused(_ part: String, _ other: String, _ expected: String) throws {
        try ImageTrainingTests.withFolder { folder in
            try Directory.create(folder)
            let text = Self.instances.replacingOccurrences(of: part, with: other)
            try AtomicFile.write(Array(text.utf8), to: folder + "/boxes.json")
            #expect {
                try BoxedPicture.read([folder + "/boxes.json"])
            } throws: {
                "\($0)".hasPrefix("boxes: expected \(expected) in \(folder)/boxes.json, found ")
            }
        }
    }
}
