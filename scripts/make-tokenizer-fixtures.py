"""Makes the fixtures of AttentionTextTests with Hugging Face `tokenizers`, the reference.

    pip install tokenizers==0.23.3
    python scripts/make-tokenizer-fixtures.py Tests/AttentionTextTests/Fixtures text.txt \
        --train '.build/release/tokenize-lines train {} 600'

Without `text.txt` only `stages.json` is made anew.

`text.txt` is what the small tokenizers are trained on (the committed ones: the first 2,000 lines of both columns of
Tatoeba English-French). `--train` is the command that trains the translation tokenizer: it reads lines from standard
input, and `{}` stands for the file it writes. All others are trained by the reference.

Writes one `NAME.tokenizer.json` for each tokenizer; `cases.json`, texts with the ids, words and decoded text the
reference gives for each; and `stages.json`, single stages with their input and output.
"""

import argparse
import json
import pathlib
import platform
import shlex
import subprocess

import tokenizers
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

TEXTS = [
    "", " ", "  ", "a", "Hello, world!", "How are you?", "I'm sure they don't, we'll see.", "  two  spaces  inside  ",
    "Où est la gare ?", "Où est la gare\u00a0?", "Où est la gare\u202f?", "« Bonjour »", "«\u00a0Bonjour\u00a0»",
    "L’été, c'est déjà fini…", "œuvre, cœur, ÉCOLE, garçon, Noël, naïve", "e\u0301te\u0301 de\u0301ja\u0300",
    "a\u0323\u0307 a\u0307\u0323 q\u0307\u0323", "ﬁn ﬂeur ﬀ ﬃ ﬆ", "Ｆｕｌｌｗｉｄｔｈ　ｔｅｘｔ！", "①②③ ½ ⅓ x² H₂O ™ ℃ №5",
    "tab\tand\ttabs", "\t", "line\nbreak", "carriage\rreturn", "null\u0000byte", "bell\u0007 escape\u001b[0m",
    "zero\u200bwidth\u200djoin\u2060er", "soft\u00adhyphen", "\ufeffmark", "right\u200fleft", "😀", "Nice 👍🏽 work 👩‍👩‍👧 🇫🇷!",
    "日本語のテキスト", "中文字符 and English", "한국어 텍스트", "\u1112\u1161\u11ab\u1100\u116e\u11a8", "Привет, мир!", "Γειά σου Κόσμος ΟΔΟΣ",
    "שלום עולם", "مرحبا بالعالم", "हिन्दी में", "ไทย", "Straße, İstanbul, ǅ, Ǆ", "1234567890", "3.14159 and 2,718",
    "a1b2c3 ２３ Ⅷ ٣", "state-of-the-art snake_case", "...", "!?!?", "--- *** ===", "http://example.org/a?b=c&d=%20",
    "don't 's 're  'll", "▁already▁marked", "▁", "a▁", "<s>", "Hi</s>there", "<pad> <unk> </s>", "<0x41><0x0A>",
    "supercalifragilisticexpialidocious", "x" * 150, "aaaaaaaaaaaaaaaa", "ab" * 40, "\u2003em\u2009thin\u3000wide",
    "\u0085next\u2028line", "\U0010ffff\ue000", "\u0378 unassigned", "trailing space ", "trailing nbsp\u00a0",
    "[CLS] [MASK] [SEP]", "mask <mask> it , <mask>end", "Yesterday yesterday yesterdays", "The cat sat on the mat.",
]

SPECIAL = ["<pad>", "<s>", "</s>", "<unk>"]


def translation(path, command, text):
    arguments = [part.replace("{}", str(path)) for part in shlex.split(command)]
    subprocess.run(arguments, input=text.encode(), check=True)
    return Tokenizer.from_file(str(path))


def wordpiece(lines):
    made = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.decoder = decoders.WordPiece()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    made.train_from_iterator(lines, trainers.WordPieceTrainer(vocab_size=300, special_tokens=special, show_progress=False))
    made.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    return made


def byte_level(lines):
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    made.post_processor = processors.ByteLevel(trim_offsets=True)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    made.train_from_iterator(lines, trainers.BpeTrainer(
        vocab_size=400, special_tokens=["<|endoftext|>"], initial_alphabet=alphabet, show_progress=False))
    return made


def unigram(lines, byte_fallback):
    made = Tokenizer(models.Unigram())
    made.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace("  ", " ")])
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    made.decoder = decoders.Metaspace()
    special = SPECIAL + [f"<0x{byte:02X}>" for byte in range(256)] if byte_fallback else SPECIAL
    made.train_from_iterator(lines, trainers.UnigramTrainer(
        vocab_size=len(special) + 200, special_tokens=special, unk_token="<unk>", show_progress=False))
    document = json.loads(made.to_str())
    document["model"]["byte_fallback"] = byte_fallback
    document["added_tokens"] = document["added_tokens"][:len(SPECIAL)]
    if byte_fallback:
        document["decoder"] = json.loads(
            '{"type": "Sequence", "decoders": [{"type": "ByteFallback"}, {"type": "Metaspace", "replacement": "▁",'
            ' "prepend_scheme": "always", "split": true}]}')
    return Tokenizer.from_str(json.dumps(document))


def word_suffix(lines):
    """BPE with an end-of-word suffix, unknown characters, and added tokens of every kind."""
    made = Tokenizer(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>", fuse_unk=False))
    made.normalizer = normalizers.Sequence([normalizers.NFD(), normalizers.Lowercase(), normalizers.StripAccents()])
    made.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Digits(True), pre_tokenizers.Punctuation("contiguous")])
    made.decoder = decoders.BPEDecoder()
    made.train_from_iterator(lines, trainers.BpeTrainer(
        vocab_size=300, special_tokens=["<unk>"], end_of_word_suffix="</w>", limit_alphabet=40, show_progress=False))
    made.add_special_tokens([AddedToken("<mask>", lstrip=True, rstrip=True, normalized=False)])
    made.add_tokens([
        AddedToken("Yesterday", single_word=True, normalized=True), AddedToken("<pad>", normalized=False),
        AddedToken("world", normalized=True), AddedToken("worlds", normalized=True),
        AddedToken("the", single_word=True, normalized=False)])
    return made


def llama_like(path):
    """The translation model in the clothes of other models: prepended ▁, decoders Replace, Fuse and Strip."""
    document = json.loads(pathlib.Path(path).read_text())
    document["normalizer"] = {"type": "Sequence", "normalizers": [
        {"type": "Prepend", "prepend": "▁"}, {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]}
    document["pre_tokenizer"] = None
    document["post_processor"] = {"type": "TemplateProcessing", "single": [
        {"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}], "pair": [
        {"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
        "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}}
    document["decoder"] = {"type": "Sequence", "decoders": [
        {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"},
        {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}
    document["model"]["ignore_merges"] = True
    return Tokenizer.from_str(json.dumps(document))


def metaspace_first(path):
    document = json.loads(pathlib.Path(path).read_text())
    document["pre_tokenizer"]["prepend_scheme"] = "first"
    document["model"]["byte_fallback"] = False
    document["model"]["unk_token"] = "<unk>"
    return Tokenizer.from_str(json.dumps(document))


def words_of(text, encoding):
    """For each token the white-space word its offsets lie in; `None` where they hold no more than white space."""
    starts, inside = [], False
    for position, character in enumerate(text):
        if character.isspace() and character not in "\x1c\x1d\x1e\x1f":
            inside = False
        elif not inside:
            starts.append(position)
            inside = True
    result = []
    for start, end in encoding.offsets:
        filled = [p for p in range(start, end) if not text[p].isspace() or text[p] in "\x1c\x1d\x1e\x1f"]
        result.append(sum(1 for s in starts if s <= filled[0]) - 1 if filled else None)
    return result


STAGES = {
    "normalizer": [
        {"type": "NFC"}, {"type": "NFD"}, {"type": "NFKC"}, {"type": "NFKD"}, {"type": "Lowercase"},
        {"type": "StripAccents"}, {"type": "Strip", "strip_left": True, "strip_right": True},
        {"type": "Strip", "strip_left": True, "strip_right": False},
        {"type": "Strip", "strip_left": False, "strip_right": True},
        {"type": "Replace", "pattern": {"String": "aa"}, "content": "é"},
        {"type": "Replace", "pattern": {"String": " "}, "content": ""}, {"type": "Prepend", "prepend": "▁▁"},
        {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None,
         "lowercase": True},
        {"type": "BertNormalizer", "clean_text": False, "handle_chinese_chars": False, "strip_accents": True,
         "lowercase": False},
        {"type": "ByteLevel"}, {"type": "Nmt"},
        {"type": "Replace", "pattern": {"Regex": " {2,}|[0-9]"}, "content": "▁"},
        {"type": "Sequence", "normalizers": [{"type": "NFKD"}, {"type": "StripAccents"}, {"type": "Lowercase"}]},
    ],
    "pre_tokenizer": [
        {"type": "Metaspace", "replacement": "▁", "prepend_scheme": scheme, "split": split}
        for scheme in ["always", "first", "never"] for split in [True, False]
    ] + [
        {"type": "Whitespace"}, {"type": "WhitespaceSplit"}, {"type": "BertPreTokenizer"},
        {"type": "CharDelimiterSplit", "delimiter": "-"}, {"type": "CharDelimiterSplit", "delimiter": "é"},
        {"type": "Digits", "individual_digits": True}, {"type": "Digits", "individual_digits": False},
        {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
        {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
        {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": False},
        {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"},
                                               {"type": "Metaspace", "replacement": "_", "prepend_scheme": "first"}]},
    ] + [
        stage for behavior in ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"] for stage in [
            {"type": "Punctuation", "behavior": behavior},
            {"type": "Split", "pattern": {"String": "a"}, "behavior": behavior, "invert": False},
            {"type": "Split", "pattern": {"String": "aa"}, "behavior": behavior, "invert": True}]
    ],
    "decoder": [
        {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "WordPiece", "prefix": "##", "cleanup": True},
        {"type": "WordPiece", "prefix": "##", "cleanup": False}, {"type": "BPEDecoder", "suffix": "</w>"},
        {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
        {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "never", "split": True},
        {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
        {"type": "Replace", "pattern": {"String": "▁"}, "content": "  "},
        {"type": "Replace", "pattern": {"Regex": "▁+|[a-c]"}, "content": "é"},
        {"type": "CTC", "pad_token": "<pad>", "word_delimiter_token": "|", "cleanup": True},
        {"type": "CTC", "pad_token": "x", "word_delimiter_token": "Ċ", "cleanup": False},
        {"type": "Strip", "content": "▁", "start": 1, "stop": 0}, {"type": "Strip", "content": "é", "start": 2, "stop": 0},
        {"type": "Strip", "content": "é", "start": 0, "stop": 1},
        {"type": "Sequence", "decoders": [{"type": "ByteFallback"}, {"type": "Fuse"}]},
    ],
}

PIECES = [
    ["▁Hello", ",", "▁wor", "ld"], ["▁▁", "▁a▁b", "▁"], ["<0x41>", "<0xC3>", "<0xA9>", "x", "<0xC3>", "y"],
    ["<0xE2>", "<0x82>"], ["<0xF0>", "<0x9F>", "<0x98>", "<0x80>", "!"], ["<0xZZ>", "<0x4>", "<0x0a>"],
    ["hel", "##lo", "world", ".", "do", "##n't", "do not", "'", "s", "he 's", "##"],
    ["low</w>", "er</w>", "est", "new</w>"], ["ĠHello", "Ġw", "Ã", "©", "Ċ"], ["Ã", "x", "日本", "ðŁĺ", "Ģ"],
    ["<pad>", "h", "h", "<pad>", "e", "l", "<pad>", "l", "l", "o", "|", "|", "w", "o", "|", " ", ".", "<pad>"],
    ["do", "|", "n't", "<pad>", "<pad>", "|"], ["ééaé", "é", "ééé", "aé"], ["a"], ["##a"], ["n't", "▁n't"],
]


def stage_cases(kind, stage):
    document = {"version": "1.0", "added_tokens": [], "model": {"type": "WordLevel", "vocab": {}, "unk_token": ""}, kind: stage}
    made = getattr(Tokenizer.from_str(json.dumps(document)), kind)
    if kind == "normalizer":
        return [[text, made.normalize_str(text)] for text in TEXTS]
    if kind == "pre_tokenizer":
        return [[text, [piece for piece, _ in made.pre_tokenize_str(text)]] for text in TEXTS]
    # Strip fails in the reference where both ends or more than there is would go.
    return [[pieces, made.decode(pieces)] for pieces in PIECES]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("text", type=pathlib.Path, nargs="?")
    parser.add_argument("--train")
    options = parser.parse_args()

    made_by = {"tokenizers": tokenizers.__version__, "python": platform.python_version()}
    stages = [
        {"kind": kind, "stage": stage, "cases": stage_cases(kind, stage)}
        for kind, group in STAGES.items() for stage in group
    ]
    write(options.folder / "stages.json", {"made by": made_by, "stages": stages})
    if options.text is None:
        return

    text = options.text.read_text()
    lines = text.splitlines()
    path = options.folder / "translation.tokenizer.json"
    made = {
        "translation": translation(path, options.train, text), "wordpiece": wordpiece(lines),
        "byte-level": byte_level(lines), "unigram": unigram(lines, False), "unigram-bytes": unigram(lines, True),
        "word-suffix": word_suffix(lines), "llama-like": llama_like(path), "metaspace-first": metaspace_first(path),
    }
    cases = {}
    for name, tokenizer in made.items():
        if name != "translation":
            tokenizer.save(str(options.folder / f"{name}.tokenizer.json"), pretty=False)
        cases[name] = []
        for text in TEXTS:
            encoding = tokenizer.encode(text)
            cases[name].append({
                "text": text, "ids": encoding.ids, "words": words_of(text, encoding),
                "bare": tokenizer.encode(text, add_special_tokens=False).ids,
                "decoded": tokenizer.decode(encoding.ids),
                "whole": tokenizer.decode(encoding.ids, skip_special_tokens=False),
            })
    write(options.folder / "cases.json", {"made by": made_by, "cases": cases})


def write(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")


main()
