import Attention
import AttentionFiles
import Foundation
import Testing

@Suite struct LabeledPictureTests {
    /// An array in the format of IDX.
    static func idx(_ shape: [Int], _ bytes: [UInt8]) -> [UInt8] {
        [0, 0, 8, UInt8(shape.count)] + shape.flatMap { [0, 0, UInt8($0 >> 8), UInt8($0 & 255)] } + bytes
    }

    @Test func foldersAreNamedAfterClasses() throws {
        try ImageTrainingTests.withFolder { folder in
            for (index, name) in ["b/2.png", "a/1.PNG", "a/notes.txt", ".hidden/x.png"].enumerated() {
                let path = folder + "/" + name
                try Directory.create(String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]))
                try Image(
                    width: 4 + index, height: 3, channels: .rgb, samples: [UInt8](repeating: 9, count: 36 + 9 * index)
                )
                .writePNG(to: path)
            }
            let found = try LabeledPicture.read([folder])
            #expect(found.map(\.label) == ["a", "b"])
            #expect(found.allSatisfy { $0.image.width == 5 && $0.image.height == 3 })
            let small = try LabeledPicture.read([folder], size: ImageSize(height: 2, width: 2))
            #expect(small.allSatisfy { $0.image.width == 2 && $0.image.samples == [UInt8](repeating: 9, count: 12) })
            try AtomicFile.write(Array("no picture".utf8), to: folder + "/a/0.png")
            #expect {
                try LabeledPicture.read([folder])
            } throws: {
                "\($0)".contains("a/0.png: image: expected a PNG, JPEG, PGM or PPM file")
            }
            #expect { try LabeledPicture.read([folder + "/a"]) } throws: { "\($0)".contains("found no picture") }
        }
    }

    @Test func labelsLieBesideArrays() throws {
        try ImageTrainingTests.withFolder { folder in
            try Directory.create(folder)
            let (images, labels) = (folder + "/x-images-idx3-ubyte", folder + "/x-labels-idx1-ubyte")
            try AtomicFile.write(Self.idx([2, 2, 3], Array(0..<12)), to: images)
            #expect { try LabeledPicture.read([images]) } throws: { "\($0)".contains("x-labels-idx1-ubyte") }
            try AtomicFile.write(Self.idx([2], [1, 0]), to: labels)
            let found = try LabeledPicture.read([images])
            #expect(found.map(\.label) == ["1", "0"] && found[1].image.samples == [6, 7, 8, 9, 10, 11])
            #expect(try LabeledPicture.read([images], names: ["no", "yes"]).map(\.label) == ["yes", "no"])
            #expect { try LabeledPicture.read([images], names: ["no"]) } throws: {
                "\($0)"
                    == "images: expected labels below 1, which have names, in \(labels), found 1; name more classes, or none"
            }
            try AtomicFile.write(Self.idx([3], [1, 0, 1]), to: labels)
            #expect { try LabeledPicture.read([images]) } throws: {
                "\($0)" == "images: expected 2 labels in \(labels), one for each picture, found the sizes [3]"
            }
            try AtomicFile.write(Self.idx([12], Array(0..<12)), to: images)
            #expect { try LabeledPicture.read([images]) } throws: { "\($0)".contains("found [12]") }
        }
    }
}
