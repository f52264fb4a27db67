extension ChoraleGrid {
    /// Ticks of a quarter note in scores made here.
    static let resolution = 480

    /// The chorale as notes, a part a voice: what sounds at steps in a row is one note.
    ///
    /// - Parameters:
    ///   - quartersPerMinute: the tempo, from 4 to 1000.
    ///   - program: the instrument as General MIDI counts them; 19 is a church organ.
    public func score(quartersPerMinute: Int = 76, program: Int = 19) -> MusicScore {
        let ticks = Self.resolution / Self.stepsPerQuarter
        let parts = Voice.allCases.map { voice in
            MusicScore.Part(
                name: voice.name, program: program,
                notes: stretches(of: voice).map {
                    MusicScore.Note(
                        pitch: $0.pitch, start: $0.steps.lowerBound * ticks, end: $0.steps.upperBound * ticks)
                })
        }
        let tempo = MusicScore.Tempo(tick: 0, microsecondsPerQuarter: 60_000_000 / min(max(quartersPerMinute, 4), 1000))
        return MusicScore(resolution: Self.resolution, parts: parts, tempi: [tempo])
    }

    /// What a voice sings: pitches, each with the steps in a row at which it sounds.
    public func stretches(of voice: Voice) -> [(pitch: Int, steps: Range<Int>)] {
        var found: [(pitch: Int, steps: Range<Int>)] = []
        for (step, pitch) in line(of: voice).enumerated() {
            guard let pitch else { continue }
            if let last = found.last, last.pitch == pitch, last.steps.upperBound == step {
                found[found.count - 1].steps = last.steps.lowerBound..<step + 1
            } else {
                found.append((pitch, step..<step + 1))
            }
        }
        return found
    }
}

extension MusicScore {
    /// The most steps that are taken from a score: 1024 bars.
    public static let stepLimit = 1024 * ChoraleGrid.stepsPerBar

    /// The voices of a score on the grid of sixteenths, the highest first, each pitches and silences step by step.
    ///
    /// Beginnings and ends are moved to the nearest step; a note has at least one. One part that sings one note at a time is one voice. Several such
    /// parts that are called soprano, alto, tenor and bass are those voices, wherever they cross, and a voice that no part is called is silent; four of
    /// other names are four by their mean pitches. One part in which four notes sound at every step that is not silent is four, too.
    ///
    /// - Throws: ``MusicError`` if there are no notes, they are another number of voices, or there are more steps than ``stepLimit``.
    public func voices() throws(MusicError) -> [[Int?]] {
        let sung = parts.filter { !$0.notes.isEmpty }
        guard !sung.isEmpty else {
            throw .unfit(
                operation: "voices", expected: "notes", found: "none", wayOut: "take a file in which someone plays")
        }
        let count = sung.reduce(0) { $1.notes.reduce($0) { max($0, steps(of: $1).upperBound) } }
        guard count <= Self.stepLimit else {
            throw .tooLarge(
                operation: "voices", limit: Self.stepLimit, unit: "sixteenth notes", found: "\(count) before the end")
        }
        let chords = sung.map { self.chords(of: $0, count: count) }
        let isMelodic = chords.map { $0.allSatisfy { $0.count <= 1 } }
        if sung.count > 1, !isMelodic.contains(false), let places = Self.places(of: sung) {
            return Voice.allCases.map { voice in
                places[voice].map { chords[$0].map(\.first) } ?? [Int?](repeating: nil, count: count)
            }
        }
        switch (sung.count, isMelodic) {
        case (1, [true]), (4, [true, true, true, true]):
            let heights = sung.map { part in
                Double(part.notes.reduce(0) { $0 + $1.pitch }) / Double(part.notes.count)
            }
            return heights.indices.sorted { heights[$0] > heights[$1] }.map { index in chords[index].map { $0.first } }
        case (1, [false]) where chords[0].allSatisfy({ [0, ChoraleGrid.voiceCount].contains($0.count) }):
            return (0..<ChoraleGrid.voiceCount).map { voice in
                chords[0].map { $0.isEmpty ? nil : $0[voice] }
            }
        default:
            throw .unfit(
                operation: "voices", expected: "one voice, four voices in four tracks, or chords of four notes",
                found: isMelodic.contains(false)
                    ? "\(sung.count) tracks with chords of other sizes" : "\(sung.count) voices",
                wayOut: "keep the tracks that are meant, one note at a time in each")
        }
    }

    /// Which part is which voice, where each is called like another one.
    private static func places(of parts: [Part]) -> [Voice: Int]? {
        var places: [Voice: Int] = [:]
        for (index, part) in parts.enumerated() {
            guard let voice = Voice.allCases.first(where: { $0.name == part.name.lowercased() }) else { return nil }
            places[voice] = index
        }
        return places.count == parts.count ? places : nil
    }

    /// The nearest step to a tick.
    private func step(at tick: Int) -> Int {
        let bounded = min(max(0, tick), 1 << 56)
        return (2 * ChoraleGrid.stepsPerQuarter * bounded + resolution) / (2 * resolution)
    }

    /// The steps at which a note sounds, one at least.
    private func steps(of note: Note) -> Range<Int> {
        let start = step(at: note.start)
        return start..<max(start + 1, step(at: note.end))
    }

    /// The pitches of a part step by step, each once, the highest first; O(notes + 128 · steps).
    private func chords(of part: Part, count: Int) -> [[Int]] {
        var changes = [[Int]](repeating: [], count: 128)
        for note in part.notes where changes.indices.contains(note.pitch) {
            if changes[note.pitch].isEmpty { changes[note.pitch] = [Int](repeating: 0, count: count + 1) }
            let steps = steps(of: note)
            changes[note.pitch][steps.lowerBound] += 1
            changes[note.pitch][steps.upperBound] -= 1
        }
        var chords = [[Int]](repeating: [], count: count)
        for (pitch, changes) in changes.enumerated().reversed() where !changes.isEmpty {
            var sounding = 0
            for step in 0..<count {
                sounding += changes[step]
                if sounding > 0 { chords[step].append(pitch) }
            }
        }
        return chords
    }
}
