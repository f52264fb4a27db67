/// The second byte of the markers that matter here (T.81, table B.1).
enum JPEGMarker {
    static let huffmanTables = 0xC4
    static let restarts = 0xD0...0xD7
    static let start = 0xD8
    static let end = 0xD9
    static let scan = 0xDA
    static let quantization = 0xDB
    static let restartInterval = 0xDD
    static let exif = 0xE1
    static let jfif = 0xE0
    static let adobe = 0xEE
    /// Frames that are read: baseline, extended sequential, progressive.
    static let frames = 0xC0...0xC2
    /// The other frames: lossless, hierarchical, arithmetic. C4, C8 and CC are no frames.
    static let otherFrames: Set<Int> = [0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF]
    /// Markers without a length behind them.
    static func standsAlone(_ marker: Int) -> Bool { restarts.contains(marker) || marker == 0x01 }
}
