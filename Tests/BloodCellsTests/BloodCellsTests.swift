import Attention
import BloodCells
import Foundation
import Testing

/// Photographs and their boxes are read as they lie, and drawings show where the network looked.
@Suite struct BloodCellsTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let path = NSTemporaryDirectory() + "cells-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    /// Two photographs of 4 × 3 pixels in a file of the format, and these lines of boxes.
    private func write(_ lines: [String], in folder: String) throws {
        let header: [UInt8] = [0, 0, 8, 4, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 3]
        let samples = (0..<72).map { UInt8($0) }
        try Data(header + samples).write(to: URL(filePath: folder + "/test-images.idx4.gz"))
        try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: URL(filePath: folder + "/test.boxes.tsv.gz"))
    }

    @Test func boxesAreTheirPhotographs() throws {
        try withFolder { folder in
            try write(
                ["1\tb\tRBC\t160\t0\t480\t320", "0\ta\tWBC\t0\t160\t640\t480", "1\tb\tWBC\t1\t1\t2\t2"], in: folder)
            let found = try CellPhotographs.read("test", in: folder)
            #expect(found.map(\.objects.count) == [1, 2])
            #expect(found[1].image.width == 4 && found[1].image.height == 3 && found[1].image.samples[0] == 36)
            // A pixel here is 160 by 160 there.
            #expect(
                found[1].objects[0]
                    == BoxedObject(label: "RBC", box: PictureBox(left: 1, top: 0, width: 2, height: 2)))
            #expect(
                found[0].objects[0]
                    == BoxedObject(label: "WBC", box: PictureBox(left: 0, top: 1, width: 4, height: 2)))
        }
    }

    @Test(arguments: ["2\ta\tRBC\t0\t0\t1\t1", "0\ta\tRBC\t0\t0\t1", "0\ta\tRBC\t5\t0\t1\t1", "0\ta\tRBC\t0\t0\tx\t1"])
    func linesThatAreNoBoxesAreRefused(_ line: String) throws {
        try withFolder { folder in
            try write([line], in: folder)
            #expect {
                try CellPhotographs.read("test", in: folder)
            } throws: {
                "\($0)".contains("line 1 of \(folder)/test.boxes.tsv.gz, found ")
            }
        }
    }

    @Test func whatIsLookedAtMostIsShownMost() throws {
        let image = try Image(width: 8, height: 4, channels: .rgb, samples: [UInt8](repeating: 90, count: 96))
        let object = try #require(try Self.object(on: image))
        let svg = LookPicture(image, object, shares: [0.5, 0.01, 0.25, 0], columnCount: 2).svg
        #expect(svg.contains("viewBox=\"0 0 40.0 20.0\"") && svg.contains("data:image/png;base64,iVBORw0KGgo"))
        #expect(svg.components(separatedBy: "fill=\"#e69f00\"").count == 3)
        #expect(
            svg.contains(
                "<rect x=\"0.0\" y=\"0.0\" width=\"20.0\" height=\"10.0\" fill=\"#e69f00\" fill-opacity=\"0.7\"/>"))
        #expect(
            svg.contains(
                "<rect x=\"0.0\" y=\"10.0\" width=\"20.0\" height=\"10.0\" fill=\"#e69f00\" fill-opacity=\"0.35\"/>"))
        #expect(svg.components(separatedBy: "stroke=\"#0072b2\"").count == 2)
    }

    /// Whatever a model that has learnt nothing is surest of.
    private static func object(on image: Image) throws -> DetectedObject? {
        let path = NSTemporaryDirectory() + "detector-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        var settings = DetectionSettings()
        (settings.model.convolutionCount, settings.model.channelCount, settings.model.modelSize) = (2, 8, 8)
        (settings.model.headCount, settings.model.feedForwardSize) = (2, 8)
        settings.training.maximumUpdates = 1
        let picture = BoxedPicture(
            image, objects: [BoxedObject(label: "cell", box: PictureBox(left: 1, top: 1, width: 2, height: 2))])
        try DetectionTraining(directory: path, settings: settings).run(train: [picture], valid: [picture])
        var detector = try Detector(path: path)
        detector.threshold = 0
        return try detector.detect(image).first
    }
}
