import AttentionSignals
import Testing

/// What becomes of FLAC files that are cut, damaged or made to do harm.
@Suite struct FLACDamageTests {
    /// What is read, or why nothing is.
    private func answer(_ bytes: [UInt8]) -> String {
        var shortage = ""
        do throws(SignalError) {
            let sound = try Sound(bytes, limit: 1 << 20) { shortage = $0.description }
            return shortage.isEmpty ? "\(sound.sampleCount) samples" : shortage
        } catch { return error.description }
    }

    @Test func whatIsCutIsReadAsFarAsItGoes() throws {
        for (name, blockSize) in [("block-256", 256), ("unknown-length", 256), ("block-17", 17), ("channels-6", 120)] {
            let bytes = try Fixtures.bytes("flac/\(name).flac")
            let whole = try FLAC.sound(from: bytes)
            var least = 0
            for count in 0..<bytes.count {
                let sound: Sound
                do throws(SignalError) { sound = try FLAC.sound(from: Array(bytes.prefix(count))) } catch {
                    // Only what ends within its metadata, which take 130 bytes, is none at all.
                    #expect(count < 130, "\(name), \(count): \(error)")
                    continue
                }
                #expect(
                    sound.sampleCount % blockSize == 0 && sound.sampleCount >= least
                        && sound.sampleCount < whole.sampleCount)
                #expect(sound.channels == whole.channels.map { Array($0.prefix(sound.sampleCount)) })
                least = sound.sampleCount
            }
            #expect(whole.sampleCount - least <= blockSize)
        }
    }

    @Test func saysWhatACutFileLacks() throws {
        let end = "the file is cut short, what is there was read"
        let known = try Fixtures.bytes("flac/block-256.flac")
        #expect(answer(known.dropLast(1)) == "flac: expected 700 samples of each channel, found 512; \(end)")
        let unknown = try Fixtures.bytes("flac/unknown-length.flac")
        #expect(
            answer(unknown.dropLast(1))
                == "flac: expected whole frames, found one that is cut behind 512 samples; \(end)")
        #expect(answer(known.dropLast(0)) == "700 samples" && answer(unknown.dropLast(0)) == "700 samples")
    }

    private static let way = "the file is damaged or of another kind: copy it again, or take another"

    @Test func refusesFrames() {
        // Three samples of one channel, with the rate and the bits of the file.
        let header: [UInt8] = [0xFF, 0xF8, 0x60, 0, 0, 2]
        let silence = "0 000000 0 0000000000000000"
        func complaint(_ header: [UInt8], _ bits: String = silence) -> String {
            answer(FLACFile.bytes(of: [FLACFile.frame(header, bits)]))
        }
        func changed(_ place: Int, _ byte: UInt8) -> [UInt8] {
            header.enumerated().map { $0.offset == place ? byte : $0.element }
        }
        #expect(complaint(header) == "3 samples")
        let refusals: [(found: String, expected: String)] = [
            (complaint(changed(1, 0xFA)), "FFF8 or FFF9, with which a frame begins, found other bytes"),
            (complaint(changed(0, 0xFE)), "FFF8 or FFF9, with which a frame begins, found other bytes"),
            (complaint(changed(2, 0)), "the size of a block, found a reserved value"),
            (complaint([0xFF, 0xF8, 0x70, 0, 0, 0xFF, 0xFF]), "blocks of at most 65535 samples, found 65536"),
            (complaint(changed(2, 0x6F)), "the rate of a frame, found a reserved value"),
            (complaint(changed(3, 0xB0)), "an arrangement of channels, found a reserved value"),
            (complaint(changed(3, 0x06)), "the bits of a sample, found a reserved value"),
            (complaint(changed(3, 0x01)), "a reserved bit of 0 in a frame's header, found 1"),
            (complaint(changed(4, 0xFF)), "the number of a frame, found a byte with which none begins"),
            (complaint(changed(4, 0x80)), "the number of a frame, found a byte with which none begins"),
            (complaint(changed(4, 0xC2)), "the number of a frame, found a byte with which none goes on"),
            (complaint(header, "1 000000 0"), "a reserved bit of 0 before samples, found 1"),
            (complaint(header, "0 000010 0"), "a way of writing samples, found the reserved one of number 2"),
            (complaint(header, "0 001101 0"), "a way of writing samples, found the reserved one of number 13"),
            (
                complaint(header, "0 000000 1 0000000000000001"),
                "fewer wasted bits than the 16 of a sample, found 16"
            ),
            (complaint(header, "0 001100 0"), "4 samples to begin a prediction with, found a block of 3"),
            (
                complaint(header, "0 100000 0 0000000000000000 1111 00000"),
                "coefficients of 1 to 15 bits, found the reserved value"
            ),
            (
                complaint(header, "0 100000 0 0000000000000000 0000 10000"),
                "a shift of coefficients of 0 or more, found -16"
            ),
            (complaint(header, "0 001000 0 10"), "one of two ways of writing differences, found a reserved one"),
            (
                complaint(header, "0 001000 0 00 0001"),
                "3 samples, of which 0 are told, in equal partitions, found 2 partitions"
            ),
            (
                complaint(
                    header, "0 001000 0 00 0000 1111 10001 01000000000000000 00000000000000000 00000000000000000"),
                "samples of 16 bits, found 32768"
            ),
        ]
        for (found, expected) in refusals { #expect(found == "flac: expected \(expected); \(Self.way)") }
        #expect(
            complaint(changed(3, 0x02))
                == "flac: expected 1 × 16 bits at 16000 Hz in all frames, as the file says at its beginning, found one of 1 × 8 bits at 16000 Hz; "
                + "convert it, with: ffmpeg -i IN.flac OUT.wav")
    }

    @Test func refusesWrongChecksums() {
        let frame = FLACFile.frame([0xFF, 0xF8, 0x60, 0, 0, 2], "0 000000 0 0000000000000000")
        func complaint(_ place: Int) -> String {
            answer(
                FLACFile.bytes(of: [frame.enumerated().map { $0.offset == place ? $0.element ^ 1 : $0.element }, frame])
            )
        }
        let header = "flac: expected a frame's header with the right checksum, found another; \(Self.way)"
        let whole = "flac: expected a frame with the right checksum, found another; \(Self.way)"
        #expect(complaint(6) == header && complaint(5) == header)
        #expect(complaint(8) == whole && complaint(frame.count - 1) == whole)
    }

    @Test func refusesMetadata() {
        let file = FLACFile.bytes(of: [])
        func complaint(_ place: Int, _ values: UInt8...) -> String {
            var changed = file
            changed.replaceSubrange(place..<place + values.count, with: values)
            return answer(changed)
        }
        #expect(
            complaint(4, 4)
                == "flac: expected a block STREAMINFO of 34 bytes first, found kind 4 of 34 bytes; \(Self.way)")
        #expect(complaint(20, 0, 0x20) == "flac: expected samples of 4 to 32 bits, found 3; \(Self.way)")
        #expect(
            complaint(18, 0, 0, 0)
                == "flac: expected a rate of 1 to 1000000 samples a second, found 0; say the rate that the sound was recorded at"
        )
        #expect(complaint(4, 0) == "flac: expected more metadata, found the end after 42 bytes; \(Self.way)")
        let more = Array(file[..<4]) + [0] + Array(file[5...])
        #expect(
            answer(more + [0x7F, 0, 0, 0])
                == "flac: expected a block of metadata of a kind from 1 to 126, found 127; \(Self.way)")
        #expect(
            answer(more + [0x81, 0, 0, 9, 1, 2])
                == "flac: expected 9 bytes of metadata, found the end after 48 bytes; \(Self.way)")
        #expect(answer(more + [0x81, 0, 0, 2, 1, 2]) == "0 samples")
        #expect(
            answer(Array("ID3".utf8) + [4, 0, 0, 0, 0, 0, 1, 0] + Array("RIFF".utf8))
                == "flac: expected fLaC at the beginning, found other bytes; \(Self.way)")
    }

    /// Numbers that always come in the same order (Steele, Lea & Flood 2014).
    private struct SplitMix: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return mixed ^ mixed >> 31
        }
    }

    /// Damage is refused, or does no harm: nothing stops the process, and no more is read than allowed.
    @Test func damageIsRefused() throws {
        let names = try Fixtures.names("flac")
        var generator = SplitMix(state: 9639)
        var refused = 0
        for round in 0..<30 {
            for name in names {
                var bytes = try Fixtures.bytes(name)
                for _ in 0...round % 4 {
                    let place = Int.random(in: 0..<bytes.count, using: &generator)
                    bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                }
                do throws(SignalError) {
                    let sound = try Sound(bytes, limit: 1 << 20) { #expect(!$0.description.isEmpty) }
                    #expect(sound.sampleCount * sound.channels.count <= 1 << 20)
                } catch {
                    #expect(!error.description.isEmpty)
                    refused += 1
                }
            }
        }
        #expect(refused > 30 * names.count / 2)
    }

    /// Samples of random bits behind a header with the right checksum, which damage seldom leaves.
    @Test func nonsenseIsRefused() {
        var generator = SplitMix(state: 16)
        for round in 0..<3000 {
            let header: [UInt8] = [0xFF, 0xF8, 0x60, 0, 0, UInt8.random(in: 0...255, using: &generator)]
            var bits = (0..<600).map { _ in Bool.random(using: &generator) ? "1" : "0" }.joined()
            // Of half, the channel is predicted, which random bits seldom say.
            if round % 2 == 0 { bits = "0 100\(bits.prefix(3)) 0 \(bits)" }
            #expect(!answer(FLACFile.bytes(of: [FLACFile.frame(header, bits)])).isEmpty)
        }
    }
}
