internal import AttentionFiles

/// Chorales to learn from, to choose a model by, and to judge it by.
///
/// Read from JSON, plain or compressed by gzip, as J. S. Bach's chorales are published on the grid of sixteenths:
/// `{"train": [[[74, 70, 65, 58], …], …], "valid": …, "test": …}`, a piece a list of steps, a step the pitches of soprano, alto, tenor and bass, −1
/// for silence.
public struct ChoraleCollection: Sendable {
    /// To learn from.
    public let train: [ChoraleGrid]
    /// To choose by.
    public let valid: [ChoraleGrid]
    /// To judge by.
    public let test: [ChoraleGrid]

    /// The chorales in a file.
    ///
    /// - Throws: ``MusicError`` if it cannot be read, or says something else.
    public init(contentsOf path: String) throws(MusicError) {
        let bytes: [UInt8]
        do { bytes = try FileContents.read(path) } catch { throw .file(error) }
        try self.init(bytes)
    }

    /// The chorales that the bytes of a file say.
    ///
    /// - Throws: ``MusicError`` if they say something else.
    public init(_ bytes: [UInt8]) throws(MusicError) {
        let (plain, document): ([UInt8], JSONValue)
        do { plain = Gzip.isCompressed(bytes) ? try Gzip.decompress(bytes, limit: 1 << 28) : bytes } catch {
            throw Self.malformed("gzip data", "\(error)")
        }
        do { document = try JSONParser.parse(plain) } catch { throw Self.malformed("JSON", "\(error)") }
        guard case .object(let members) = document else {
            throw Self.malformed("an object with train, valid and test", document.summary)
        }
        func part(_ name: String) throws(MusicError) -> [ChoraleGrid] {
            guard let value = members.first(where: { $0.key == name })?.value, case .array(let pieces) = value else {
                throw Self.malformed("an array \(name)", "none")
            }
            return try pieces.map(Self.piece)
        }
        train = try part("train")
        valid = try part("valid")
        test = try part("test")
    }

    private static func piece(_ value: JSONValue) throws(MusicError) -> ChoraleGrid {
        guard case .array(let steps) = value else { throw malformed("an array of steps", value.summary) }
        var pitches: [Int?] = []
        for step in steps {
            guard case .array(let voices) = step, voices.count == ChoraleGrid.voiceCount else {
                throw malformed("steps of four pitches", step.summary)
            }
            for voice in voices {
                guard case .number(let number) = voice, let pitch = number.exactly(Int.self), (-1...127).contains(pitch)
                else { throw malformed("pitches from −1 to 127", voice.summary) }
                pitches.append(pitch < 0 ? nil : pitch)
            }
        }
        return try ChoraleGrid(pitches: pitches)
    }

    private static func malformed(_ expected: String, _ found: String) -> MusicError {
        .malformed(operation: "chorales", expected: expected, found: found)
    }
}
