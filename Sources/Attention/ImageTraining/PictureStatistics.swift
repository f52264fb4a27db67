import AttentionFiles
package import AttentionModels
package import AttentionSignals

/// How light pictures are, and how much that varies: red, green and blue each on its own, from 0 to 1.
package struct PictureStatistics: Sendable, Hashable {
    package let mean: [Double]
    package let deviation: [Double]

    /// Those of all pixels of some pictures; what does not vary counts as varying by 1.
    package init(_ images: [Image]) {
        var counts = [[Int]](repeating: [Int](repeating: 0, count: 256), count: 3)
        for image in images {
            let size = image.channels.rawValue
            for channel in 0..<3 {
                let place = size < 3 ? 0 : channel
                for pixel in 0..<image.width * image.height {
                    counts[channel][Int(image.samples[pixel * size + place])] += 1
                }
            }
        }
        let pixelCount = Double(max(1, counts[0].reduce(0, +)))
        func average(_ counts: [Int], _ value: (Double) -> Double) -> Double {
            counts.enumerated().reduce(0) { $0 + Double($1.element) * value(Double($1.offset) / 255) } / pixelCount
        }
        let means = counts.map { average($0) { $0 } }
        mean = means
        deviation = zip(counts, means).map { counts, mean in
            let variance = average(counts) { ($0 - mean) * ($0 - mean) }
            return variance > 0 ? variance.squareRoot() : 1
        }
    }

    /// What brings pictures to a size, and their samples to mean 0 and deviation 1, as transformers' `preprocessor_config.json` says it.
    package func processor(of size: ImageSize) -> [UInt8] {
        func rounded(_ numbers: [Double]) -> JSONValue {
            .array(numbers.map { .number(JSONNumber(($0 * 10000).rounded() / 10000)) })
        }
        let members = [
            JSONMember("image_processor_type", "ViTImageProcessor"), JSONMember("do_resize", true),
            JSONMember(
                "size",
                .object([
                    JSONMember("height", .number(JSONNumber(size.height))),
                    JSONMember("width", .number(JSONNumber(size.width))),
                ])),
            JSONMember("resample", .number(JSONNumber(ResizingFilter.bilinear.rawValue))),
            JSONMember("do_rescale", true), JSONMember("rescale_factor", .number(JSONNumber(1.0 / 255))),
            JSONMember("do_normalize", true), JSONMember("image_mean", rounded(mean)),
            JSONMember("image_std", rounded(deviation.map { max($0, 0.0001) })), JSONMember("do_convert_rgb", true),
        ]
        return JSONWriter.write(.object(members), as: .configuration) + [UInt8(ascii: "\n")]
    }
}
