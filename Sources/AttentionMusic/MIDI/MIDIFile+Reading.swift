internal import AttentionFiles

extension MIDIFile {
    /// The file at a path.
    ///
    /// - Throws: ``MusicError`` if it cannot be read, or is no MIDI file.
    public init(contentsOf path: String) throws(MusicError) {
        let bytes: [UInt8]
        do { bytes = try FileContents.read(path) } catch { throw .file(error) }
        try self.init(bytes)
    }

    /// The file that these bytes are.
    ///
    /// - Throws: ``MusicError`` if they are damaged, or have no track.
    /// - Complexity: O(bytes).
    public init(_ bytes: [UInt8]) throws(MusicError) {
        var reader = MIDIBytes(bytes, to: bytes.count)
        guard bytes.starts(with: "MThd".utf8) else {
            throw MIDIBytes.malformed("MThd at the beginning", "other bytes")
        }
        _ = try reader.take(4)
        let size = try reader.number(byteCount: 4)
        guard size >= 6 else { throw MIDIBytes.malformed("a header of 6 bytes or more", "\(size)") }
        let number = try reader.number(byteCount: 2)
        guard let format = Format(rawValue: number) else { throw MIDIBytes.malformed("format 0, 1 or 2", "\(number)") }
        let trackCount = try reader.number(byteCount: 2)
        division = try Division(code: try reader.number(byteCount: 2))
        _ = try reader.take(size - 6)
        (self.format, tracks) = (format, [])
        guard trackCount > 0 else {
            throw .unfit(
                operation: "midi", expected: "at least one track", found: "0",
                wayOut: "save it anew from the program it was made with")
        }
        guard format != .single || trackCount == 1 else {
            throw MIDIBytes.malformed("one track in a file of format 0", "\(trackCount)")
        }
        while tracks.count < trackCount {
            guard !reader.isAtEnd else {
                throw MIDIBytes.malformed("\(trackCount) tracks", "\(tracks.count) before the end")
            }
            let name = try reader.take(4)
            let length = try reader.number(byteCount: 4)
            let start = reader.place
            _ = try reader.take(length)
            guard name.elementsEqual("MTrk".utf8) else { continue }
            tracks.append(try MIDITrack(MIDIBytes(bytes, from: start, to: start + length)))
        }
    }
}

extension MIDIFile.Division {
    fileprivate init(code: Int) throws(MusicError) {
        if code < 0x8000 {
            guard code > 0 else { throw MIDIBytes.malformed("a tick or more in a quarter note", "0") }
            self = .ticksPerQuarter(code)
            return
        }
        let (frames, ticks) = (0x100 - code >> 8, code & 0xFF)
        guard [24, 25, 29, 30].contains(frames), ticks > 0 else {
            throw MIDIBytes.malformed(
                "24, 25, 29 or 30 frames a second, each of a tick or more", "\(frames) of \(ticks)")
        }
        self = .ticksPerFrame(ticks, framesPerSecond: frames)
    }
}

extension MIDITrack {
    /// The events of a chunk. An end of the track that is missing is where the last event is; what stands behind one is passed over.
    fileprivate init(_ chunk: MIDIBytes) throws(MusicError) {
        var reader = chunk
        var (tick, status): (Int, Int?) = (0, nil)
        var events: [MIDIEvent] = []
        while !reader.isAtEnd {
            tick += try reader.variableNumber()
            let first = try reader.peek()
            let isStatus = first >= 0x80
            guard let kind = isStatus ? first : status else {
                throw MIDIBytes.malformed("a status byte before data", "\(first) at byte \(reader.place)")
            }
            if isStatus { _ = try reader.byte() }
            if kind < 0xF0 {
                events.append(MIDIEvent(tick, try MIDIMessage(channelStatus: kind, &reader)))
                status = kind
                continue
            }
            // Strictly, running status ends here; many files go on with it behind a meta event.
            switch kind {
            case 0xFF:
                let type = try reader.data()
                let bytes = try reader.take(try reader.variableNumber())
                if type == 0x2F {
                    self.init(events, end: tick)
                    return
                }
                events.append(MIDIEvent(tick, .meta(type: type, bytes)))
            case 0xF0:
                events.append(MIDIEvent(tick, .systemExclusive(try reader.take(try reader.variableNumber()))))
            case 0xF7: events.append(MIDIEvent(tick, .escape(try reader.take(try reader.variableNumber()))))
            default:
                throw MIDIBytes.malformed(
                    "a channel, meta or exclusive event", "status \(kind) at byte \(reader.place - 1)")
            }
        }
        self.init(events, end: tick)
    }
}

extension MIDIMessage {
    /// - Precondition: the status is 0x80 to 0xEF.
    fileprivate init(channelStatus status: Int, _ reader: inout MIDIBytes) throws(MusicError) {
        let (channel, first) = (status & 0x0F, try reader.data())
        switch status >> 4 {
        case 0x8: self = .noteOff(channel: channel, pitch: first, velocity: try reader.data())
        case 0x9: self = .noteOn(channel: channel, pitch: first, velocity: try reader.data())
        case 0xA: self = .keyPressure(channel: channel, pitch: first, value: try reader.data())
        case 0xB: self = .control(channel: channel, number: first, value: try reader.data())
        case 0xC: self = .program(channel: channel, number: first)
        case 0xD: self = .pressure(channel: channel, value: first)
        default: self = .bend(channel: channel, value: first | (try reader.data()) << 7)
        }
    }
}
