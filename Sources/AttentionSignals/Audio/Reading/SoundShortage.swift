/// What a file of sound lacks that ends before its samples do: a download that broke off, a disk that was full. What is there is read.
public struct SoundShortage: Sendable, Hashable {
    /// The kind of file: `wav` or `flac`.
    public let format: String
    /// How many samples of each channel the file says it has; nil if it does not say, and ends within a frame of them.
    public let announcedCount: Int?
    /// How many samples of each channel are there.
    public let foundCount: Int
}

extension SoundShortage: CustomStringConvertible {
    /// The whole sentence.
    public var description: String {
        let (expected, found) =
            announcedCount.map { ("\($0) samples of each channel", "\(foundCount)") }
            ?? ("whole frames", "one that is cut behind \(foundCount) samples")
        return "\(format): expected \(expected), found \(found); the file is cut short, what is there was read"
    }
}
