import AttentionFiles
import AttentionText
import Testing

/// The sentences that people see, word for word.
@Suite struct TokenizerErrorTests {
    private func sentence(_ json: String) -> String {
        do {
            _ = try Tokenizer(json: Array(json.utf8))
            return "no error"
        } catch {
            return error.description
        }
    }

    private let damaged = "; it is damaged or of another kind: copy it again, or take another"
    private let unknown = "; take a tokenizer of these stages, or train one"
    private let wrong = "; correct it there, or train a new tokenizer"

    private func sentence(_ field: String, _ stage: String) -> String {
        sentence(#"{"\#(field)": \#(stage), "model": {"type": "BPE", "vocab": {}, "merges": []}}"#)
    }

    @Test func files() {
        #expect {
            try Tokenizer(contentsOf: "/no/such/tokenizer.json")
        } throws: {
            "\($0)"
                == "read: could not read /no/such/tokenizer.json: No such file or directory; "
                + "check the spelling of the path"
        }
    }

    @Test func documents() {
        #expect(sentence("") == "tokenizer: expected a value at byte 0 of the JSON document, found the end" + damaged)
        #expect(
            sentence("[1, 2")
                == "tokenizer: expected ',' or ']' in an array at byte 5 of the JSON document, found the end" + damaged)
        #expect(sentence("[]") == "tokenizer: tokenizer.json: expected an object, found an array" + wrong)
        #expect(sentence("{}") == #"tokenizer: tokenizer.json: expected a value in "model", found nothing"# + wrong)
        #expect(
            sentence(#"{"added_tokens": [{"id": -1}]}"#)
                == #"tokenizer: added token: expected a whole number from 0 to 2147483647 in "id", found the number -1"#
                + wrong
        )
    }

    @Test func stages() {
        #expect(
            sentence("normalizer", #"{"type": "X"}"#)
                == "tokenizer: expected a normalizer among NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Strip, "
                + "Replace, Prepend, BertNormalizer, Precompiled, Nmt, ByteLevel, SentencePieceNormalizer, Sequence, "
                + #"found "X""# + unknown)
        #expect(
            sentence("pre_tokenizer", #"{"type": "X"}"#)
                == "tokenizer: expected a pre-tokenizer among Metaspace, ByteLevel, BertPreTokenizer, Whitespace, "
                + #"WhitespaceSplit, Punctuation, Digits, Split, CharDelimiterSplit, Sequence, found "X""# + unknown)
        #expect(
            sentence("post_processor", #"{"type": "X"}"#)
                == "tokenizer: expected a post-processor among TemplateProcessing, BertProcessing, "
                + #"RobertaProcessing, ByteLevel, Sequence, found "X""# + unknown)
        #expect(
            sentence("decoder", #"{"type": "X"}"#)
                == "tokenizer: expected a decoder among ByteFallback, Metaspace, Fuse, Replace, Strip, ByteLevel, "
                + #"WordPiece, BPEDecoder, CTC, SentencePieceDecoder, Sequence, found "X""# + unknown)
        #expect(
            sentence(#"{"model": {"type": "X"}}"#)
                == "tokenizer: expected a model among BPE, WordPiece, Unigram, WordLevel, SentencePieceUnigram, "
                + #"SentencePieceBPE, RenumberedSubwords, found "X""# + unknown)
    }

    /// Found by the fuzzer: a text was filled up to as many tokens as a damaged file said.
    @Test func paddingBeyondAllMeasure() {
        for (padding, field) in [
            (#"{"strategy": {"Fixed": 1048577}, "pad_token": "a"}"#, "Fixed"),
            (
                #"{"strategy": "BatchLongest", "pad_to_multiple_of": 1048577, "pad_token": "a"}"#,
                "pad_to_multiple_of"
            ),
        ] {
            #expect(
                sentence("padding", padding)
                    == #"tokenizer: padding: expected a whole number from 0 to 1048576 in "\#(field)", found the number 1048577"#
                    + wrong)
        }
    }

    @Test func fields() {
        #expect(
            sentence("normalizer", #"{"type": "Replace", "pattern": {"Text": "a+"}, "content": ""}"#)
                == "tokenizer: normalizer Replace: expected {\"String\": \"…\"} or {\"Regex\": \"…\"} "
                + #"with a text that is not empty in "pattern", found an object"# + wrong)
        #expect(
            sentence("normalizer", #"{"type": "Replace", "pattern": {"Regex": "a(?<=b)"}, "content": ""}"#)
                == "tokenizer: normalizer Replace: expected a regular expression that needs no backtracking, "
                + #"found the group (?<= at character 1 of "a(?<=b)"; "#
                + "write it in another way, or take another tokenizer")
        #expect(
            sentence("pre_tokenizer", #"{"type": "Metaspace", "replacement": "ab"}"#)
                == #"tokenizer: pre-tokenizer Metaspace: expected one character in "replacement", found the string "ab""#
                + wrong
        )
        #expect(
            sentence("pre_tokenizer", #"{"type": "Punctuation", "behavior": "Never"}"#)
                == "tokenizer: pre-tokenizer Punctuation: expected Removed, Isolated, MergedWithPrevious, "
                + #"MergedWithNext or Contiguous in "behavior", found the string "Never""# + wrong)
        #expect(
            sentence("decoder", #"{"type": "WordPiece", "prefix": "", "cleanup": 1}"#)
                == #"tokenizer: decoder WordPiece: expected true or false in "cleanup", found the number 1"# + wrong)
        #expect(
            sentence(#"{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": ["a b"]}}"#)
                == #"tokenizer: model BPE: expected the vocabulary to hold "b", named by "merges"; add it there"#)
        #expect(
            sentence(#"{"model": {"type": "BPE", "vocab": {"a": 1.5}, "merges": []}}"#)
                == #"tokenizer: model BPE: expected a whole number from 0 to 2147483647 in "a", found the number 1.5"#
                + wrong)
        #expect(
            sentence(#"{"model": {"type": "BPE", "vocab": {"a": 0, "b": 0}, "merges": []}}"#)
                == #"tokenizer: model BPE: expected an id of its own for each of the 2 pieces in "vocab", found 1 ids"#
                + wrong)
        #expect(
            sentence(#"{"model": {"type": "BPE", "vocab": {}, "merges": [3]}}"#)
                == #"tokenizer: model BPE: expected pairs of pieces in "merges", found the number 3 at position 0"#
                + wrong)
        #expect(
            sentence(#"{"model": {"type": "BPE", "vocab": {}, "merges": [], "dropout": 0.1}}"#)
                == "tokenizer: model BPE: expected null (encoding here is not random) in \"dropout\", "
                + "found the number 0.1" + wrong)
        #expect(
            sentence(#"{"model": {"type": "Unigram", "vocab": [["a", 0]], "unk_id": 1}}"#)
                == #"tokenizer: model Unigram: expected an id below the vocabulary's 1 pieces in "unk_id", found the number 1"#
                + wrong
        )
        #expect(
            sentence(
                #"{"model": {"type": "WordPiece", "vocab": {"a": 0}, "unk_token": "[UNK]"}}"#)
                == #"tokenizer: model WordPiece: expected the vocabulary to hold "[UNK]", named by "unk_token"; add it there"#
        )
    }
}
