extension ImageProcessor {
    /// Reads `preprocessor_config.json` of a pretrained folder – or the part `image_processor` of `processor_config.json`, if that is there –, or
    /// such a file itself.
    ///
    /// What is left out is as the kind of processor has it; sizes are understood as new and as old versions of transformers write them. Members
    /// that have nothing to do with single pictures are passed over.
    ///
    /// - Throws: ``SignalError`` if it is missing, no JSON, of a kind that is not known, or says what is not done here.
    public init(contentsOf path: String, arithmetic: ResizingArithmetic = .pillow) throws(SignalError) {
        try self.init(ProcessorValues(contentsOf: path, .pictures), arithmetic)
    }

    /// Reads the text of a `preprocessor_config.json`.
    public init(configuration bytes: [UInt8], arithmetic: ResizingArithmetic = .pillow) throws(SignalError) {
        try self.init(ProcessorValues(bytes), arithmetic)
    }

    private init(_ values: ProcessorValues, _ arithmetic: ResizingArithmetic) throws(SignalError) {
        let (name, oldName) = (try values.string("image_processor_type"), try values.string("feature_extractor_type"))
        let kind = try ImageProcessorKind(name: name ?? oldName)
        var processor = kind.processor
        processor.arithmetic = arithmetic
        if try values.bool("do_resize") == false {
            processor.target = nil
        } else if let target = try values.target(kind) {
            processor.target = target
        }
        if let number = try values.integer("resample") {
            guard let filter = ResizingFilter(rawValue: number) else {
                throw values.unfit("resample", "a filter's number from 0 to 5", "\(number)")
            }
            processor.filter = filter
        }
        if let crops = try values.bool("do_center_crop") {
            if !crops { processor.crop = nil } else if processor.crop == nil { processor.crop = (224, 224) }
        }
        if processor.crop != nil, let size = try values.size("crop_size") { processor.crop = size }
        if let rescales = try values.bool("do_rescale"), !rescales { processor.factor = nil }
        if processor.factor != nil, let factor = try values.positive("rescale_factor") { processor.factor = factor }
        if try values.bool("do_normalize") == false { processor.normalization = nil }
        if processor.normalization != nil {
            if let mean = try values.numbers("image_mean") { processor.normalization?.mean = mean }
            if let deviation = try values.numbers("image_std") { processor.normalization?.deviation = deviation }
        }
        if let flattens = try values.bool("do_convert_rgb") { processor.flattens = flattens }
        let (pads, oldPads) = (try values.bool("do_pad"), try values.bool("pad_and_return_pixel_mask"))
        if let pads = pads ?? oldPads { processor.pads = pads }
        self = processor
    }
}
