import AttentionFiles
import AttentionText
import Testing

@Suite struct BPETrainerTests {
    /// Counting by hand: `▁low` 5, `▁lower` 2, `▁newest` 6, `▁widest` 3. Of `es` and `st`, 9 each, `e` has the smaller id;
    /// then `est` 9; of `lo`, `ow` and `▁l`, 7 each, `l` has the smallest; of `▁lo` and `low`, ▁; of `ne`, `ew`, … `e`.
    @Test func learnsTheExampleOfThePaper() throws {
        let lines =
            Array(repeating: "low", count: 5) + Array(repeating: "lower", count: 2)
            + Array(repeating: "newest", count: 6) + Array(repeating: "widest", count: 3)
        let alphabet = ["d", "e", "i", "l", "n", "o", "r", "s", "t", "w", "▁"]
        let first = 4 + 256 + alphabet.count
        let tokenizer = try BPETrainer(vocabularySize: first + 6, characterCoverage: 1).train(on: lines)
        #expect((260..<first).map(tokenizer.piece) == alphabet)
        #expect((first..<first + 6).map(tokenizer.piece) == ["es", "est", "lo", "▁lo", "▁low", "ew"])
        #expect(tokenizer.encode("lowest").pieces == ["▁low", "est", "</s>"])
    }

    @Test func layOut() throws {
        let tokenizer = try BPETrainer(vocabularySize: 270).train(on: ["aa ab", "aa"])
        #expect((0..<4).map(tokenizer.piece) == ["<pad>", "<s>", "</s>", "<unk>"])
        #expect(tokenizer.piece(of: 4) == "<0x00>")
        #expect(tokenizer.piece(of: 259) == "<0xFF>")
        #expect(tokenizer.encode("").ids == [2])
        #expect(tokenizer.encode("é").pieces == ["▁", "<0xC3>", "<0xA9>", "</s>"])
        #expect(tokenizer.decode(tokenizer.encode("aa É日\n b").ids) == "aa É日\n b")
    }

    @Test func punctuationStandsAlone() throws {
        let lines = Array(repeating: "no, no! (no)", count: 9)
        let tokenizer = try BPETrainer(vocabularySize: 400).train(on: lines)
        #expect(tokenizer.encode("no, (no).").pieces == ["▁no", ",", "▁", "(", "no", ")", "<0x2E>", "</s>"])
        #expect(tokenizer.decode(tokenizer.encode("no, (no).").ids) == "no, (no).")
    }

    /// A word's characters, each punctuation mark of the lines below apart.
    private func cut(_ word: [String]) -> [[String]] {
        var parts: [[String]] = [[]]
        for character in word {
            if ",'?<>/".contains(character) {
                parts += [[character], []]
            } else {
                parts[parts.count - 1].append(character)
            }
        }
        return parts.filter { !$0.isEmpty }
    }

    /// Training the slow way: count every pair anew for each merge.
    @Test func agreesWithCountingAnew() throws {
        let lines = [
            "the cat sat on the mat and the rat sat on that cat", "banana bandana cabana", "aaaa aaa aaaaaaa",
            "Le chat est sur la natte, n'est-ce pas ?", "mississippi missing", "<s> </s> s</s>s s</s>s",
        ]
        let trainer = BPETrainer(vocabularySize: 360, characterCoverage: 1)
        let tokenizer = try trainer.train(on: lines)
        var words = lines.flatMap { line in
            line.split(separator: " ").flatMap { cut("▁\($0)".unicodeScalars.map(String.init)) }
        }
        var ids: [String: Int] = [:]
        for id in 0..<tokenizer.count { ids[tokenizer.piece(of: id) ?? ""] = id }
        var next = 260 + Set(words.joined()).count
        while true {
            var counts: [[String]: Int] = [:]
            for word in words {
                for (left, right) in zip(word, word.dropFirst()) { counts[[left, right], default: 0] += 1 }
            }
            let best = counts.filter { $0.value >= 2 }.min {
                (-$0.value, ids[$0.key[0]]!, ids[$0.key[1]]!) < (-$1.value, ids[$1.key[0]]!, ids[$1.key[1]]!)
            }
            guard let pair = best?.key, next < 360 else { break }
            let piece = pair.joined()
            if ids[piece]! == next { next += 1 } else { #expect(ids[piece]! < next, "\(piece) at \(next)") }
            words = words.map { word in
                var merged: [String] = []
                for piece in word {
                    if piece == pair[1], merged.last == pair[0] {
                        merged[merged.count - 1] = pair.joined() + "\u{0}"
                    } else {
                        merged.append(piece)
                    }
                }
                return merged.map { $0.hasSuffix("\u{0}") ? String($0.dropLast()) : $0 }
            }
        }
        #expect(next == tokenizer.count)
        #expect(tokenizer.count > 300)
    }

    @Test func sameTextSameTokenizer() throws {
        let lines = try Fixtures.json("cases.json")["cases"]["translation"].elements.map(\.["text"].text)
        let trainer = BPETrainer(vocabularySize: 600)
        #expect(try trainer.train(on: lines).json() == trainer.train(on: lines).json())
    }

    @Test func specialPiecesAreNeverLearnt() throws {
        let lines = Array(repeating: "x</s>x", count: 50)
        let tokenizer = try BPETrainer(vocabularySize: 400).train(on: lines)
        #expect(tokenizer.id(of: "</s>") == 2)
        #expect(tokenizer.encode("x").ids.last == 2)
        #expect(try Tokenizer(json: tokenizer.json()).json() == tokenizer.json())
    }

    @Test func coverageDropsRareCharacters() throws {
        let lines = Array(repeating: "aaaaaaaaa", count: 10) + ["z"]
        let tokenizer = try BPETrainer(vocabularySize: 270, characterCoverage: 0.98).train(on: lines)
        #expect(tokenizer.id(of: "a") != nil)
        #expect(tokenizer.id(of: "z") == nil)
        #expect(tokenizer.decode(tokenizer.encode("z").ids) == "z")
    }

    @Test func lowerCasingStaysWithTheTokenizer() throws {
        let trained = try BPETrainer(vocabularySize: 300, isLowercasing: true).train(on: ["Ein Haus", "ein HAUS"])
        let read = try Tokenizer(json: trained.json())
        #expect(read.encode("EIN Haus").ids == trained.encode("ein haus").ids)
        #expect(read.decode(read.encode("EIN Haus").ids) == "ein haus")
    }

    @Test func digitsStandAlone() throws {
        let tokenizer = try BPETrainer(vocabularySize: 400).train(on: Array(repeating: "year 1984 and 1984", count: 20))
        #expect(tokenizer.encode("1984").pieces == ["▁", "1", "9", "8", "4", "</s>"])
    }

    @Test(arguments: [
        "v1.2 costs $1,234.50", "™ ² ½ ﬁ ①", "😀 👩‍💻 ❤️ 🇫🇷", "東京 Привет שלום", "a_b?c=d&e=1#x {n} %s `f()` <b>",
        "C:\\d ~/x É",
    ])
    func everyCharacterComesBack(_ text: String) throws {
        let tokenizer = try BPETrainer(vocabularySize: 300).train(on: ["some words"])
        #expect(tokenizer.decode(tokenizer.encode(text).ids) == text)
    }

    @Test func typographyBecomesPlain() throws {
        let tokenizer = try BPETrainer(vocabularySize: 300).train(on: ["some words"])
        #expect(tokenizer.decode(tokenizer.encode("it’s “so”…\u{A0}!\u{202F}e\u{301}").ids) == "it's \"so\"... ! é")
    }

    @Test func dropoutCutsFinerAndSpellsTheSame() throws {
        let lines = Array(repeating: "the newest and the widest of all", count: 50)
        let tokenizer = try BPETrainer(vocabularySize: 400).train(on: lines)
        var generator = SystemRandomNumberGenerator()
        let whole = tokenizer.encode("the newest", addingSpecialTokens: false).ids
        #expect(tokenizer.encode("the newest", dropout: 0, using: &generator) == whole)
        let single = tokenizer.encode("the newest", dropout: 1, using: &generator)
        #expect(single.count == "▁the▁newest".unicodeScalars.count)
        let cuts = Set((0..<200).map { _ in tokenizer.encode("the newest", dropout: 0.3, using: &generator) })
        #expect(cuts.count > 5)
        #expect(cuts.allSatisfy { tokenizer.decode($0) == "the newest" })
    }

    @Test func textIsTextUnlessAskedFor() throws {
        let tokenizer = try BPETrainer(vocabularySize: 300).train(on: ["some words"])
        #expect(tokenizer.encode("a</s>", addingSpecialTokens: false).ids.contains(2))
        for text in ["</s>", "<s>b</s>", "<pad>", "<unk> x"] {
            let ids = tokenizer.encode(text, addingSpecialTokens: false, recognizingSpecialTokens: false).ids
            #expect(!ids.isEmpty && ids.allSatisfy { !tokenizer.isSpecial($0) })
            #expect(tokenizer.decode(ids) == text)
        }
    }

    @Test func refusesAVocabularyTooSmall() {
        #expect {
            try BPETrainer(vocabularySize: 261).train(on: ["ab"])
        } throws: {
            "\($0)"
                == "train: expected a vocabulary size of at least 263 (special, byte and character pieces), found 261; "
                + "ask for more, or lower the character coverage"
        }
    }
}
