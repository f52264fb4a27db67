internal import AttentionFiles

extension MIDIFile {
    /// Writes the file, whole or not at all.
    ///
    /// - Throws: ``MusicError`` if something in it has no bytes, or the system refuses.
    public func write(to path: String) throws(MusicError) {
        let bytes = try bytes()
        do { try AtomicFile.write(bytes, to: path) } catch { throw .file(error) }
    }

    /// The file as bytes, every event with its status.
    ///
    /// - Throws: ``MusicError`` at the first number that the format cannot say: a pitch above 127, a tick before the one before it, or more than
    ///   2²⁸ − 1 behind it.
    public func bytes() throws(MusicError) -> [UInt8] {
        var out: [UInt8] = []
        out += "MThd".utf8
        out.append(6, byteCount: 4)
        out.append(format.rawValue, byteCount: 2)
        try Self.check(tracks.count, in: format == .single ? 1...1 : 1...0xFFFF, "tracks")
        out.append(tracks.count, byteCount: 2)
        switch division {
        case .ticksPerQuarter(let count):
            try Self.check(count, in: 1...0x7FFF, "ticks in a quarter note")
            out.append(count, byteCount: 2)
        case .ticksPerFrame(let count, let frames):
            try Self.check(count, in: 1...0xFF, "ticks in a frame")
            guard [24, 25, 29, 30].contains(frames) else { throw Self.unfit("24, 25, 29 or 30 frames", "\(frames)") }
            out.append(0x100 - frames, byteCount: 1)
            out.append(count, byteCount: 1)
        }
        for track in tracks {
            let body = try track.bytes()
            try Self.check(body.count, in: 0...0xFFFF_FFFF, "bytes of a track")
            out += "MTrk".utf8
            out.append(body.count, byteCount: 4)
            out += body
        }
        return out
    }

    fileprivate static func check(_ value: Int, in range: ClosedRange<Int>, _ what: String) throws(MusicError) {
        guard range.contains(value) else {
            throw unfit("\(range.lowerBound) to \(range.upperBound) \(what)", "\(value)")
        }
    }

    fileprivate static func unfit(_ expected: String, _ found: String) -> MusicError {
        .unfit(operation: "midi", expected: expected, found: found, wayOut: "nothing was written")
    }
}

extension MIDITrack {
    fileprivate func bytes() throws(MusicError) -> [UInt8] {
        var (out, tick): ([UInt8], Int) = ([], 0)
        for event in events {
            try MIDIFile.check(event.tick - tick, in: 0...0x0FFF_FFFF, "ticks between two events")
            out.append(variable: event.tick - tick)
            tick = event.tick
            try event.message.append(to: &out)
        }
        try MIDIFile.check(end - tick, in: 0...0x0FFF_FFFF, "ticks before the end")
        out.append(variable: end - tick)
        return out + [0xFF, 0x2F, 0]
    }
}

extension MIDIMessage {
    fileprivate func append(to out: inout [UInt8]) throws(MusicError) {
        func channel(_ kind: Int, _ channel: Int, _ data: Int...) throws(MusicError) {
            try MIDIFile.check(channel, in: 0...15, "as a channel")
            out.append(kind << 4 | channel, byteCount: 1)
            for value in data {
                try MIDIFile.check(value, in: 0...127, "as a value")
                out.append(value, byteCount: 1)
            }
        }
        func bytes(_ bytes: [UInt8]) throws(MusicError) {
            try MIDIFile.check(bytes.count, in: 0...0x0FFF_FFFF, "bytes of a message")
            out.append(variable: bytes.count)
            out += bytes
        }
        switch self {
        case .noteOff(let on, let pitch, let velocity): try channel(0x8, on, pitch, velocity)
        case .noteOn(let on, let pitch, let velocity): try channel(0x9, on, pitch, velocity)
        case .keyPressure(let on, let pitch, let value): try channel(0xA, on, pitch, value)
        case .control(let on, let number, let value): try channel(0xB, on, number, value)
        case .program(let on, let number): try channel(0xC, on, number)
        case .pressure(let on, let value): try channel(0xD, on, value)
        case .bend(let on, let value):
            try MIDIFile.check(value, in: 0...0x3FFF, "as a bend")
            try channel(0xE, on, value & 0x7F, value >> 7)
        case .meta(let type, let content):
            try MIDIFile.check(type, in: 0...127, "as the type of a meta event")
            guard type != 0x2F else { throw MIDIFile.unfit("the end of a track as its end", "one among its events") }
            out += [0xFF, UInt8(type)]
            try bytes(content)
        case .systemExclusive(let content):
            out.append(0xF0)
            try bytes(content)
        case .escape(let content):
            out.append(0xF7)
            try bytes(content)
        }
    }
}

extension [UInt8] {
    /// Most significant first.
    fileprivate mutating func append(_ value: Int, byteCount: Int) {
        for place in (0..<byteCount).reversed() { append(UInt8(truncatingIfNeeded: value >> (8 * place))) }
    }

    /// 7 bits a byte, all but the last marked.
    fileprivate mutating func append(variable value: Int) {
        for place in (1..<4).reversed() where value >> (7 * place) > 0 {
            append(UInt8(truncatingIfNeeded: value >> (7 * place)) | 0x80)
        }
        append(UInt8(value & 0x7F))
    }
}
