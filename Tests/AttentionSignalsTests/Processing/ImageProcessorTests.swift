import AttentionFiles
import AttentionSignals
import Testing

@Suite struct ImageProcessorTests {
    static let names = [
        "vit", "swin", "deit", "clip", "siglip", "dinov2", "blip", "convnext", "detr", "plain", "legacy",
    ]

    private func photo() throws -> Image {
        try Image(width: 26, height: 17, channels: .rgb, samples: Fixtures.bytes("resizing/photo"))
    }

    @Test(arguments: names) func equalsTransformers(_ name: String) throws {
        for (backend, arithmetic) in [("pillow", ResizingArithmetic.pillow), ("torch", .torch)] {
            let processor = try ImageProcessor(
                contentsOf: Fixtures.path("processors/\(name).json"), arithmetic: arithmetic)
            let pixels = try processor(photo())
            #expect(pixels.channelCount == 3)
            let expected = try Fixtures.floats("processors/\(name)-\(backend)-\(pixels.height)x\(pixels.width)")
            #expect(Fixtures.distance(pixels.values, expected) < 2e-6, "\(backend)")
        }
    }

    @Test func batchesAreFilledUp() throws {
        let processor = try ImageProcessor(contentsOf: Fixtures.path("processors/detr.json"))
        let turned = try photo().resized(width: 9, height: 17)
        let batch = try processor([photo(), turned])
        let (first, second): (PixelPlanes, PixelPlanes) = (try processor(photo()), try processor(turned))
        #expect(batch.count == 2 && batch.height == max(first.height, second.height))
        #expect(batch.mask.filter { $0 }.count == first.height * first.width + second.height * second.width)
        let sums = [batch.values, first.values, second.values].map { $0.reduce(0, +) }
        #expect(abs(sums[0] - sums[1] - sums[2]) < 1e-2)
        var strict = processor
        strict.pads = false
        #expect(throws: SignalError.self) { try strict([photo(), turned]) as PixelBatch }
    }

    private func sentence(_ text: String) -> String {
        do throws(SignalError) { return "\(try ImageProcessor(configuration: Array(text.utf8)).pads)" } catch {
            return error.description
        }
    }

    @Test func saysWhatDoesNotFit() {
        let way = "correct the file, or take the model's own"
        #expect(
            sentence(#"{"image_processor_type": "FooImageProcessor"}"#)
                == "preprocessor_config.json: expected the processor of ViT, DeiT, CLIP, Siglip, Bit, Blip, ConvNext, Detr, "
                + "ConditionalDetr, DeformableDetr, Yolos, Beit, found FooImageProcessor; "
                + "say what is to be done with an ImageProcessor of your own")
        #expect(
            sentence(#"{"resample": 9}"#)
                == "preprocessor_config.json: expected a filter's number from 0 to 5 as resample, found 9; \(way)")
        #expect(
            sentence(#"{"size": "large"}"#)
                == "preprocessor_config.json: expected a whole number from 0 to 65536 as size, found the string \"large\"; \(way)"
        )
        #expect(
            sentence(#"{"image_mean": [0, 1]}"#)
                == "preprocessor_config.json: expected three numbers as image_mean, found an array; \(way)")
        #expect(
            sentence(#"{"image_processor_type": "ConvNextImageProcessor", "size": 7, "crop_pct": 1e-300}"#)
                == "preprocessor_config.json: expected a number from 0.01 to 1 as crop_pct, found 1e-300; \(way)")
        #expect(sentence("{").hasPrefix("preprocessor_config.json: expected JSON, found what gives: "))
        #expect(sentence("{}") == "false")
    }

    @Test func saysWhichFileIsMissingAndWhatItIsFor() throws {
        let folder = "/tmp/attention-signals-\(UInt64.random(in: 0 ... .max))"
        try Directory.create(folder)
        var sentence = ""
        do throws(SignalError) { _ = try ImageProcessor(contentsOf: folder) } catch { sentence = error.description }
        #expect(
            sentence
                == "preprocessor_config.json: expected the file in \(folder), where it says how pictures become what the model sees: their "
                + "size, what is cut off, mean and deviation, found neither it nor a processor_config.json; copy it from where the "
                + "model is from, or, if the model was trained as its kind is by default, write one that says the kind alone: "
                + #"{"image_processor_type": "ViTImageProcessor"}"#)
        // What the sentence proposes is read.
        try AtomicFile.write(
            Array(#"{"image_processor_type": "ViTImageProcessor"}"#.utf8), to: folder + "/preprocessor_config.json")
        #expect(try ImageProcessor(contentsOf: folder).target == .exact(height: 224, width: 224))
    }

    @Test func refusesSizesOfNothing() throws {
        let processor = ImageProcessor(target: .exact(height: 0, width: 3))
        #expect(throws: SignalError.self) { try processor(photo()) as PixelPlanes }
        let thin = try Image(width: 5000, height: 1, channels: .grey, samples: [UInt8](repeating: 9, count: 5000))
        #expect(throws: SignalError.self) {
            try ImageProcessor(target: .shortestEdge(.max))(thin) as PixelPlanes
        }
        // Its longer side would have a hundred and twelve million pixels for the shorter to have 224.
        let clip = ImageProcessor(target: .shortestEdge(224), crop: (224, 224))
        #expect(throws: SignalError.self) { try clip(thin) as PixelPlanes }
    }
}
