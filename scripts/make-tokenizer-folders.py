"""Makes folders of small tokenizers, and what the references make of texts with them, for AttentionTextTests.

    pip install tokenizers==0.23.3 sentencepiece==0.2.3
    python scripts/make-tokenizer-folders.py Tests/AttentionTextTests/Fixtures

Writes `folders/NAME/`, a tokenizer as models carry it with `cases.jsonl` (texts, pairs) and `batch.jsonl` (texts encoded
together), and `patterns.json`, how the regular expressions that models are published with cut texts.
"""

import argparse
import itertools
import json
import pathlib
import shutil
import tempfile
from random import Random

import sentencepiece
import tokenizers
from tokenizers import (
    AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers)

LINES = [
    "The river runs slowly past the old mill, and nobody knows why it was built there.",
    "She had been reading about tokenizers; they'd cut words like 'unbelievable' into pieces.",
    "Der Fluss fließt langsam an der alten Mühle vorbei, die niemand mehr braucht.",
    "La rivière coule lentement près du vieux moulin, où l'été fut très doux.",
    "En el año 1984 costaba 1,234.50 pesetas; hoy cuesta 3.14159 euros.",
    "Привет, мир! Мельница стоит у реки.", "Γειά σου Κόσμε, ο ποταμός κυλάει.", "日本語のテキストを小さな部分に切る。",
    "한국어 텍스트도 조각으로 나눈다.", "def f(x):\n    return x + 1  # the old mill\n", "naïve café, señor, Ångström, œuvre",
    "The lower the newest, the wider the widest; lower, lower, newest, widest.", "I'm sure you'll say we've done it.",
] * 4

TEXTS = [
    "", " ", "   ", "a", "The river runs slowly past the old mill.", "  two  spaces  inside  ", "I'm sure they DON'T, we'll see!",
    "naïve café 1234567 3.14", "e\u0301te\u0301 a\u0323\u0307 \u0301x", "ﬁn ① ½ Ｆｕｌｌ ™ x²", "tab\tline\nreturn\r\n end ",
    "日本語のテキスト", "한국어 각", "Привет ΟΔΟΣ Straße İ", "😀 👩‍👩‍👧 🇫🇷!", "zero\u200bwidth\u00a0nbsp\u3000wide \ufeffmark",
    "null\u0000 bell\u0007 \u00ad", "▁already▁marked ▁", "<s> Hi</s>there <mask> <pad>", "[CLS] a [MASK], b[SEP]",
    "mask <mask> it , <mask>end", "special specials special.", "unbelievableunbelievable" * 5, "a_b-c...!?", "\u0378 \ue000 \U0010ffff",
    "def f(x):\n\n    return x\n  \n", "<0x41><0x0A> <unk> <|endoftext|>x",
]
PAIRS = [("The river", "La rivière coule"), ("", "b"), ("a", ""), ("the old mill past the river", "who? nobody knows why"),
         (" two  spaces ", " naïve "), ("日本", "<mask> x")]
BATCH = [["a", "The river runs slowly past the old mill."], [["a", "b c"], ["The old mill", "nobody knows why"]], ["", "x y z"]]

PATTERNS = {
    "gpt2": r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
    "llama3": r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
              r"|\s+(?!\S)|\s+",
    "qwen2": r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
             r"|\s+(?!\S)|\s+",
    "o200k": r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
             r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
             r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "spaces": r" {2,}", "runs": r"[^\s]+|\s", "lazy": r"a+?b|\d{2,3}?|[A-C&&[^B]]+",
}
# Where alternatives compete: contractions of either case, digits by threes, line ends, marks, white space of every kind.
ADVERSARIAL = TEXTS + [
    "'S'T'RE'Ve'M'LL'd 'x ''s", "don'T can'T we'LL\u017f 'ſ i'M", "1 12 123 1234 12345 ١٢٣٤ Ⅷ ½²", "\r\n\r\n x\n\n\n  \n y \r",
    " \n  \t \u00a0 \u2003 x", "a\u0301b\u0301 \u0301\u0301", "camelCaseHTTPServer ABCdef XMLHttp'S ǅungla ʰa ªº", "!!!\n\n???/// //\n/",
    "  x   y    z     ", "\u2028a\u2029b\u0085c\u000bd\u000ce", "aab aaab ab b AACB BCA", "日本A本b本'll", "\u200da\u200db \u180e", "x" * 60 + "   ",
    " '", "'", " 's", "\n's", "a'", "\t\tx", " \t x", "٣'re", "ß'S", "\u1e9e \u0130i", "🇫🇷's", "\u00a0\u00a0x\u00a0 y",
]



def random_patterns(count):
    """Patterns of a small grammar, which all strings of a small alphabet are cut with."""
    random = Random(20261)

    def item(depth):
        kind = random.randrange(10)
        if kind < 5 or depth == 0:
            return random.choice(["a", "b", " ", "[ab]", "[^a]", r"\s", r"\S", r"\w", "."])
        if kind < 7:
            return f"(?:{choice(depth - 1)})"
        if kind < 9:
            return item(0) + random.choice(["*", "+", "?", "{2}", "{1,2}", "+?", "??", "*?"])
        return item(0) + random.choice(["(?!a)", "(?=b)", r"(?!\S)", "$"])

    def choice(depth):
        return "|".join("".join(item(depth) for _ in range(random.randint(1, 3))) for _ in range(random.randint(1, 3)))
    return [choice(2) for _ in range(count)]


def bert(vocabulary_size=260):
    made = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=40))
    made.normalizer = normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.decoder = decoders.WordPiece()
    made.train_from_iterator(LINES, trainers.WordPieceTrainer(
        vocab_size=vocabulary_size, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], show_progress=False))
    made.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    return made


def added_tokens():
    made = bert()
    made.add_special_tokens([AddedToken("<mask>", lstrip=True, rstrip=True, normalized=False)])
    made.add_tokens([
        AddedToken("special", single_word=True, normalized=True), AddedToken("<pad>", normalized=False, rstrip=True),
        AddedToken("MILL", normalized=True), AddedToken("unbelievable", normalized=False)])
    return made


def truncated(length, padding, **options):
    made = bert()
    made.enable_truncation(length, **options)
    if padding:
        made.enable_padding(pad_id=0, pad_token="[PAD]", **padding)
    return made


def byte_level(model, pre_tokenizer, special):
    made = Tokenizer(model)
    made.pre_tokenizer = pre_tokenizer
    made.decoder = decoders.ByteLevel()
    made.train_from_iterator(LINES, trainers.BpeTrainer(
        vocab_size=330, special_tokens=special, initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False))
    return made


def roberta():
    made = byte_level(models.BPE(), pre_tokenizers.ByteLevel(add_prefix_space=True), ["<s>", "<pad>", "</s>", "<unk>"])
    made.add_special_tokens([AddedToken("<mask>", lstrip=True)])
    made.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    return made


def pattern(name, **options):
    cut = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(PATTERNS[name]), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    made = byte_level(models.BPE(**options), cut, ["<|endoftext|>"])
    made.normalizer = normalizers.NFC()
    made.post_processor = processors.Sequence([
        processors.ByteLevel(trim_offsets=False),
        processors.TemplateProcessing("<|endoftext|> $A", "<|endoftext|> $A <|endoftext|> $B:1", [("<|endoftext|>", 0)])])
    return made


def llama2():
    characters = sorted({character for line in LINES[:6] for character in line.replace(" ", "▁")} | {"▁"})
    special = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)]
    made = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    made.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    made.train_from_iterator(
        [word for line in LINES for word in line.replace(" ", " ▁").split(" ")],
        trainers.BpeTrainer(vocab_size=400, special_tokens=special, initial_alphabet=characters, show_progress=False,
                            limit_alphabet=len(characters)))
    document = json.loads(made.to_str())
    document["added_tokens"] = document["added_tokens"][:3]
    made = Tokenizer.from_str(json.dumps(document))
    made.decoder = decoders.Sequence([
        decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    made.post_processor = processors.TemplateProcessing("<s> $A", "<s> $A <s>:1 $B:1", [("<s>", 1)])
    return made


def word_level():
    made = Tokenizer(models.WordLevel(unk_token="<unk>"))
    made.normalizer = normalizers.Sequence([
        normalizers.Nmt(), normalizers.NFKD(), normalizers.StripAccents(), normalizers.Strip(), normalizers.Lowercase()])
    made.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Whitespace(), pre_tokenizers.Punctuation(), pre_tokenizers.Digits(individual_digits=True)])
    made.train_from_iterator(LINES, trainers.WordLevelTrainer(
        vocab_size=80, special_tokens=["<pad>", "<unk>"], show_progress=False))
    return made


RULES = [("ﬁ", "fi"), ("①", "1"), ("e\u0301", "é"), ("a\u0323", "ạ"), ("™", "TM"), ("\u00a0", " "), ("\t", " "), ("\n", " "),
         ("\u200b", " "), ("\ufeff", ""), ("Ｆ", "F"), ("²", "2"), ("\u0301", "")]


def sentencepiece_model(folder, name, **options):
    """A SentencePiece model with a small character map of its own."""
    with tempfile.TemporaryDirectory() as work:
        rules, text = pathlib.Path(work) / "rules.tsv", pathlib.Path(work) / "text"
        rules.write_text("".join(
            " ".join(f"{ord(c):X}" for c in source) + "\t" + " ".join(f"{ord(c):X}" for c in target) + "\n"
            for source, target in RULES))
        text.write_text("\n".join(line.replace("\n", " ") for line in LINES) + "\n")
        sentencepiece.SentencePieceTrainer.train(
            input=str(text), model_prefix=str(pathlib.Path(work) / "m"), normalization_rule_tsv=str(rules),
            minloglevel=2, hard_vocab_limit=False, num_threads=1, **options)
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(pathlib.Path(work) / "m.model", folder / name)


def unigram(path, byte_fallback):
    from sentencepiece import sentencepiece_model_pb2
    model = sentencepiece_model_pb2.ModelProto()
    model.ParseFromString(path.read_bytes())
    pieces = [(piece.piece, piece.score) for piece in model.pieces]
    if byte_fallback:
        pieces += [(f"<0x{byte:02X}>", -20.0) for byte in range(256)]
    made = Tokenizer(models.Unigram(pieces, model.trainer_spec.unk_id, byte_fallback))
    precompiled = normalizers.Precompiled(model.normalizer_spec.precompiled_charsmap)
    made.normalizer = normalizers.Sequence([
        precompiled, normalizers.Strip(left=False, right=True), normalizers.Replace(Regex(" {2,}"), "▁")])
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    made.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Metaspace()])
    made.add_special_tokens(["<s>", "</s>", "<unk>", AddedToken("<mask>", lstrip=True)])
    made.post_processor = processors.TemplateProcessing("$A </s>", "$A </s> $B:1 </s>:1", [("</s>", made.token_to_id("</s>"))])
    return made


def case(encoding, has_windows=True):
    windows = encoding.overflowing if has_windows else []
    return {
        "ids": encoding.ids, "tokens": encoding.tokens, "offsets": encoding.offsets, "word_ids": encoding.word_ids,
        "sequence_ids": encoding.sequence_ids, "type_ids": encoding.type_ids,
        "special_tokens_mask": encoding.special_tokens_mask, "attention_mask": encoding.attention_mask,
        # The windows of pairs hold windows in turn; the first level is compared.
        **({"overflowing": [case(window, has_windows=False) for window in windows]} if windows else {}),
    }


def cases(tokenizer, texts):
    result = []
    for text in texts:
        # The first ten without special tokens, too.
        for special in [True, False] if tokenizer.post_processor and text in TEXTS[:10] else [True]:
            encoding = tokenizer.encode(text, add_special_tokens=special)
            result.append({
                "text": text, **({} if special else {"add_special_tokens": False}), **case(encoding),
                "decode": tokenizer.decode(encoding.ids, skip_special_tokens=False),
                "decode_skip_special": tokenizer.decode(encoding.ids)})
    for text, pair in PAIRS:
        try:
            encoding = tokenizer.encode(text, pair)
        except Exception as refusal:
            # Where the text that is to give way is too short.
            print(f"{text!r}, {pair!r}: {refusal}")
            continue
        result.append({"text": text, "pair": pair, **case(encoding),
                       "decode": tokenizer.decode(encoding.ids, skip_special_tokens=False)})
    return result


def sentencepiece_cases(path):
    processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
    for text in TEXTS:
        made = processor.encode(text, return_type="proto")
        # Its offsets are bytes.
        length = lambda end: len(text.encode()[:end].decode(errors="ignore"))
        yield {
            "text": text, "ids": [piece.id for piece in made.pieces], "tokens": [piece.piece for piece in made.pieces],
            "offsets": [[length(piece.begin), length(piece.end)] for piece in made.pieces],
            "decode": processor.decode([piece.id for piece in made.pieces]),
        }


def write_lines(path, values):
    path.write_text("".join(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n" for value in values))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    root = parser.parse_args().folder
    folders = root / "folders"
    shutil.rmtree(folders, ignore_errors=True)

    control = dict(pad_id=3, bos_id=0, eos_id=1, unk_id=2)
    sentencepiece_model(folders / "sentencepiece-unigram", "spiece.model", model_type="unigram", vocab_size=300,
                        user_defined_symbols=["<mask>", "MILL"], **control)
    sentencepiece_model(folders / "sentencepiece-bpe-bytes", "tokenizer.model", model_type="bpe", vocab_size=500,
                        byte_fallback=True, split_digits=True, remove_extra_whitespaces=False, **control)
    sentencepiece_model(folders / "sentencepiece-suffix", "sentencepiece.bpe.model", model_type="unigram", vocab_size=260,
                        treat_whitespace_as_suffix=True, **control)
    path = folders / "sentencepiece-unigram" / "spiece.model"
    made = {
        "wordpiece-added-tokens": added_tokens(), "byte-level-roberta": roberta(),
        "byte-level-llama3": pattern("llama3", ignore_merges=True), "byte-level-o200k": pattern("o200k"),
        "bpe-bytes": llama2(), "word-level": word_level(),
        "unigram": unigram(path, False), "unigram-bytes": unigram(path, True),
        "truncate-longest": truncated(12, dict(pad_to_multiple_of=8), stride=2),
        "truncate-left": truncated(12, dict(direction="left", length=14), stride=1, direction="left"),
        "truncate-first": truncated(16, None, strategy="only_first", stride=1),
        "truncate-second": truncated(16, None, strategy="only_second"),
    }
    for name, tokenizer in made.items():
        folder = folders / name
        folder.mkdir(parents=True, exist_ok=True)
        tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
        # The reference fails where the second text is to give way and there is none.
        texts = [] if name == "truncate-second" else TEXTS[:13] if tokenizer.truncation else TEXTS
        write_lines(folder / "cases.jsonl", cases(tokenizer, texts))
        if tokenizer.padding:
            write_lines(folder / "batch.jsonl", [
                {"texts": texts, "encodings": [case(e) for e in tokenizer.encode_batch(
                    [tuple(t) if isinstance(t, list) else t for t in texts])]} for texts in BATCH])
    for name in ["sentencepiece-unigram/spiece.model", "sentencepiece-bpe-bytes/tokenizer.model",
                 "sentencepiece-suffix/sentencepiece.bpe.model"]:
        path = folders / name
        write_lines(path.parent / "cases.jsonl", sentencepiece_cases(path))

    made_by = {"tokenizers": tokenizers.__version__, "sentencepiece": sentencepiece.__version__}
    patterns = []
    for name, text in PATTERNS.items():
        split = pre_tokenizers.Split(Regex(text), "isolated")
        patterns.append({"name": name, "pattern": text, "cases": [
            [item, [piece for piece, _ in split.pre_tokenize_str(item)]] for item in ADVERSARIAL]})
    strings = ["".join(letters) for length in range(1, 5) for letters in itertools.product("ab ", repeat=length)]
    exhaustive = []
    for text in random_patterns(60):
        split = pre_tokenizers.Split(Regex(text), "isolated")
        exhaustive.append([text, [
            "".join(str(len(piece)) for piece, _ in split.pre_tokenize_str(item)) for item in strings]])
    (root / "patterns.json").write_text(
        json.dumps({"made by": made_by, "patterns": patterns, "strings": strings, "exhaustive": exhaustive},
                   ensure_ascii=False, separators=(",", ":")) + "\n")


main()
