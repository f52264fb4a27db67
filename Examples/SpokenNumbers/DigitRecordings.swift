import AttentionFiles
package import AttentionSignals
package import AttentionTensors
package import AttentionTraining

/// Recordings of single digits, by who says them.
package struct DigitRecordings: Sendable {
    /// A digit that somebody says.
    package struct Recording: Sendable {
        package let digit: Int
        package let sound: Sound

        package init(digit: Int, sound: Sound) { (self.digit, self.sound) = (digit, sound) }
    }

    /// The recordings of each person.
    package let speakers: [[Recording]]

    /// Recordings of these people.
    package init(speakers: [[Recording]]) { self.speakers = speakers }

    /// Those in a folder, whose files are called `digit_person_number.wav` or `.flac` as in the Free Spoken Digit Dataset.
    package init(folder: String) throws {
        var speakers: [String: [Recording]] = [:]
        for name in try Directory.names(in: folder) where Sound.isNamed(name) {
            let parts = name.split(separator: "_")
            guard parts.count == 3, let digit = Int(parts[0]), (0...9).contains(digit) else { continue }
            speakers[String(parts[1]), default: []].append(
                Recording(digit: digit, sound: try Sound(contentsOf: folder + "/" + name)))
        }
        self.init(speakers: speakers.sorted { $0.key < $1.key }.map(\.value))
    }

    /// So many numbers of lengths of this range, drawn from `key`.
    package func numbers(_ count: Int, lengths: ClosedRange<Int>, key: RandomKey) throws -> [SpokenNumber] {
        var generator = key.generator()
        return try (0..<count).map { _ in
            try SpokenNumber(length: Int.random(in: lengths, using: &generator), from: self, using: &generator)
        }
    }
}

/// Numbers that nobody has said before, batch after batch: each follows from the seed, its epoch and its number.
package struct NumberBatches: BatchSource {
    let recordings: DigitRecordings
    let lengths: ClosedRange<Int>
    let batchSize: Int
    let key: RandomKey

    /// A thousand batches.
    package func epoch(_ number: Int) -> Epoch<[SpokenNumber]> {
        Epoch(count: 1000) { batch in
            try recordings.numbers(batchSize, lengths: lengths, key: key[number][batch])
        }
    }
}
