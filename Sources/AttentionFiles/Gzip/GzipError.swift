/// Why bytes could not be decompressed.
public enum GzipError: Error, Hashable, Sendable {
    /// At this offset a gzip member should start (`1F 8B`), and does not.
    case notGzip(offset: Int)
    /// The compression method is not 8, deflate.
    case unsupportedMethod(UInt8)
    /// A flag bit that RFC 1952 reserves is set.
    case reservedFlags(UInt8)
    /// The input ends in the middle of a member.
    case truncated(byteCount: Int)
    /// The header's own checksum is wrong.
    case headerChecksum(expected: UInt16, found: UInt16)
    /// The compressed data break a rule of RFC 1951 near this offset.
    case corrupt(Corruption, offset: Int)
    /// The decompressed bytes have another CRC-32 than the one recorded.
    case checksum(expected: UInt32, found: UInt32)
    /// The decompressed bytes are not as many (modulo 2³²) as recorded.
    case length(expected: UInt32, found: UInt32)
    /// These two bytes do not begin zlib data.
    case notZlib(UInt8, UInt8)
    /// The contents of zlib data have another Adler-32 than the one recorded.
    case adler32(expected: UInt32, found: UInt32)
    /// The decompressed bytes would be more than the caller allows.
    case tooLarge(limit: Int)

    /// A broken rule of RFC 1951.
    public enum Corruption: Sendable {
        case reservedBlockType
        case storedLength
        case codeCounts
        case codeLengths
        case repeatedLength
        case missingEndOfBlock
        case unusedCode
        case distance
    }
}

extension GzipError: CustomStringConvertible {
    /// One sentence: what was expected, what was found, and the way out.
    public var description: String {
        switch self {
        case .notGzip(offset: 0):
            "decompress: expected gzip data to start with the bytes 1F 8B, found others; give a file made by gzip"
        case .notGzip(let offset):
            "decompress: expected a gzip member or the end at byte \(offset), found other data; fetch the file again"
        case .unsupportedMethod(let method):
            "decompress: expected compression method 8 (deflate), found \(method); compress the file with gzip"
        case .reservedFlags(let flags):
            "decompress: expected the three high header flags to be 0, found flags \(Self.hexadecimal(flags)); "
                + "fetch the file again"
        case .truncated(let byteCount):
            "decompress: expected more data, found the end after \(byteCount) bytes; fetch the file again"
        case .headerChecksum(let expected, let found):
            "decompress: expected header checksum \(Self.hexadecimal(expected)), found "
                + "\(Self.hexadecimal(found)); fetch the file again"
        case .corrupt(let corruption, let offset):
            "decompress: expected \(corruption.expectation) near byte \(offset), found corrupt data; "
                + "fetch the file again"
        case .checksum(let expected, let found):
            "decompress: expected contents with CRC-32 \(Self.hexadecimal(expected)), found "
                + "\(Self.hexadecimal(found)); fetch the file again"
        case .length(let expected, let found):
            "decompress: expected \(expected) bytes of contents, found \(found); fetch the file again"
        case .notZlib(let first, let second):
            "decompress: expected zlib data (78 and a check), found \(Self.hexadecimal(first)) \(Self.hexadecimal(second)); "
                + "fetch the file again"
        case .adler32(let expected, let found):
            "decompress: expected contents with Adler-32 \(Self.hexadecimal(expected)), found "
                + "\(Self.hexadecimal(found)); fetch the file again"
        case .tooLarge(let limit):
            "decompress: expected at most \(limit) bytes of contents, found more; raise the limit or split the file"
        }
    }

    private static func hexadecimal(_ value: some BinaryInteger) -> String {
        "0x" + String(value, radix: 16, uppercase: true)
    }
}

extension GzipError.Corruption {
    fileprivate var expectation: String {
        switch self {
        case .reservedBlockType: "block type 0, 1 or 2"
        case .storedLength: "a stored length and its complement"
        case .codeCounts: "at most 286 literal and length codes and 30 distance codes"
        case .codeLengths: "code lengths that form a complete prefix code"
        case .repeatedLength: "code lengths to repeat that fit the table"
        case .missingEndOfBlock: "a code for the end of the block"
        case .unusedCode: "a code of the table"
        case .distance: "a distance that reaches back to decompressed data"
        }
    }
}
