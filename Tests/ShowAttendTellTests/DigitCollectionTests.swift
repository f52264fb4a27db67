import AttentionSignals
import Foundation
import SharedPictures
import Testing

@Suite struct DigitCollectionTests {
    /// A folder with MNIST's files of one part, with one black digit of this label.
    private func folder(label: UInt8) throws -> String {
        let folder = NSTemporaryDirectory() + "digits-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // IDX: bytes, three axes and one. A file need not be compressed.
        let images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 28, 0, 0, 0, 28] + [UInt8](repeating: 0, count: 784)
        let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 1, label]
        try Data(images).write(to: URL(fileURLWithPath: folder + "/test-images-idx3-ubyte.gz"))
        try Data(labels).write(to: URL(fileURLWithPath: folder + "/test-labels-idx1-ubyte.gz"))
        return folder
    }

    @Test func digitsHaveTheirLabels() throws {
        let folder = try folder(label: 9)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let found = try DigitCollection(part: "test", in: folder)
        #expect(found == DigitCollection(images: [[UInt8](repeating: 0, count: 784)], labels: [9]))
    }

    /// Letters in the same form, for example, which have no names here.
    @Test func labelsAreDigits() throws {
        let folder = try folder(label: 10)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let error = #expect(throws: SignalError.self) { try DigitCollection(part: "test", in: folder) }
        #expect(
            error?.description
                == "digits: expected bytes [count, 28, 28] and [count], the latter below 10, "
                + "found [1, 28, 28] and [1], up to 10; give MNIST's images and labels")
    }
}
