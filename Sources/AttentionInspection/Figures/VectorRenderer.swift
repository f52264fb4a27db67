internal import CAttentionPictures
internal import Synchronization

/// Pixels of figures by librsvg, found when it is asked for: nobody who wants text and vectors installs anything.
///
/// ```swift
/// let png = try VectorRenderer().png(of: figure)
/// ```
public struct VectorRenderer: Sendable, Hashable {
    /// The names by which the library is looked for, in this order.
    public let libraryNames: [String]

    /// A library by one of these names, or as distributions and Homebrew name it.
    public init(libraryNames: [String] = ["librsvg-2.so.2", "librsvg-2.so", "librsvg-2.2.dylib"]) {
        self.libraryNames = libraryNames
    }

    /// What is open is open for the whole process.
    private static let turn = Mutex(())
    /// More pixels than this are no picture.
    private static let pixelLimit = 1 << 14

    /// A figure as a PNG file, in the colours of light paper.
    ///
    /// - Parameter scale: pixels along each pixel of the figure.
    /// - Throws: `FigureError.noRenderer` if there is no library, saying which names were tried; `.unrendered` if it refuses the figure.
    public func png(of figure: Figure, scale: Double = 2) throws(FigureError) -> [UInt8] {
        let (width, height) = ((figure.width * scale).rounded(), (figure.height * scale).rounded())
        guard (1...Double(Self.pixelLimit)).contains(width), (1...Double(Self.pixelLimit)).contains(height) else {
            throw .unrendered("a picture has 1 to \(Self.pixelLimit) pixels each way; write .svg instead")
        }
        let svg = Array(figure.svg.utf8)
        return try Self.turn.withLock { _ throws(FigureError) in
            try findLibrary()
            return try Self.png(svg, width: Int32(width), height: Int32(height))
        }
    }

    private func findLibrary() throws(FigureError) {
        var attempts: [String] = []
        for name in libraryNames {
            guard let reason = Self.reason(of: { attn_picture_open(name, $0, $1) }) else { return }
            attempts.append("\(name) (\(reason))")
        }
        throw .noRenderer(tried: attempts)
    }

    private static func png(_ svg: [UInt8], width: Int32, height: Int32) throws(FigureError) -> [UInt8] {
        var bytes: [UInt8] = []
        let failure = withUnsafeMutablePointer(to: &bytes) { bytes in
            svg.withUnsafeBytes { svg in
                reason { reason, size in
                    guard let start = svg.bindMemory(to: CChar.self).baseAddress else { return 1 }
                    return attn_picture_png(
                        start, svg.count, width, height,
                        { context, part, count in
                            context.assumingMemoryBound(to: [UInt8].self).pointee
                                .append(contentsOf: UnsafeBufferPointer(start: part, count: Int(count)))
                            return 0
                        }, bytes, reason, size)
                }
            }
        }
        if let failure { throw .unrendered(failure) }
        return bytes
    }

    /// What a function of the room below says of its failure; nil if it did not fail.
    private static func reason(of call: (UnsafeMutablePointer<CChar>, Int) -> Int32) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1024) { text in
            guard let start = text.baseAddress else { return nil }
            start.initialize(repeating: 0, count: text.count)
            return call(start, text.count) == 0 ? nil : String(cString: start)
        }
    }
}
