"""Writes Tests/Fixtures/Metrics/sacrebleu.json: python3 scripts/make-metric-fixtures.py

Needs sacrebleu (and regex, for its international tokeniser) from the Python package index. All sentences are our own.
"""

import json
import pathlib
import sys

import sacrebleu
from sacrebleu.metrics import BLEU, CHRF
from sacrebleu.tokenizers.tokenizer_13a import Tokenizer13a
from sacrebleu.tokenizers.tokenizer_intl import TokenizerV14International

directory = pathlib.Path(__file__).parent.parent / "Tests" / "Fixtures" / "Metrics"

# Per case: rows of a hypothesis and its references.
CASES = {
    "plain": [
        ["The kettle sings on the stove.", "The kettle is singing on the stove."],
        ["Seven grey geese flew over the mill at dawn.", "At dawn seven grey geese flew over the mill."],
        ["Nobody had told the baker about the broken oven.", "Nobody told the baker that the oven was broken."],
    ],
    "punctuation": [
        ['He asked: "Is it 3.5% or $1,250.00?" -- nobody knew...', 'He asked "Is it 3.5 % or $1,250?" – nobody knew…'],
        ["A well-known 12-year-old (from Köln) won 1,5 to 0.5!", "A well-known 12 year old from Köln won 1.5 to 0.5."],
        ["&quot;Tea &amp; cake&quot; cost &lt;5 euros&gt;; don&apos;t wait.", '"Tea & cake" cost <5 euros>; don\'t wait.'],
        ["See x.y/z_1, item [4] {b} ~ 'c' `d` #9 @home ^up |or| a\\b.", "See x.y/z_1 , item [4] {b} ~ 'c' `d` #9 @home."],
        ["It rose by .5, then fell 7. and 8-9-10, no more,", "It rose by 0.5 then fell 7 and 8-9-10, no more."],
    ],
    "several references": [
        ["The boat left early.", "The boat left early.", "The ferry departed early.", "The ship sailed at an early hour."],
        ["My brother sells shoes", "My brother sells shoes.", "My brother is a shoe seller."],
        ["It rains and rains and rains.", "It rains and rains.", "It keeps raining.", "It rains without end, it rains."],
        ["Where?", "Where to?", "Where is it?"],
    ],
    "short": [
        ["Yes.", "Yes."],
        ["No", "No, thank you."],
        ["", "Something should stand here."],
        ["Two words", "Two words"],
        ["   ", " "],
    ],
    "empty": [["", "Nothing was said."], ["", ""]],
    "disjoint": [["alpha beta gamma delta", "one two three four five"], ["epsilon", "six seven"]],
    "no long matches": [["red fox blue hen", "red hen blue fox runs"], ["a b x c d", "a b y c d"]],
    "not ascii": [
        ["Größe und Straße – „schön“, ÄÖÜ…", "GRÖSSE und Strasse – »schön«, äöü …"],
        ["ΟΔΥΣΣΕΥΣ ΚΑΙ ΟΔΟΣ Σ", "Οδυσσευς και οδος σ"],
        ["İstanbul ve IĞDIR", "istanbul ve ığdır"],
        ["¿Qué hora es? ¡Las 7½!", "¿Que hora es? ¡Las 7 1/2!"],
        ["e\u0301te\u0301 d'avant", "été d'avant"],
        ["東京は 晴れ、 です。", "東京は晴れです。"],
        ["price 5€+3£=8¤ x²≠٣٫٥", "price 5 € + 3 £ = 8 ¤ x² ≠ ٣٫٥"],
        ["emoji 👩‍👩‍👧 fine", "emoji 👩‍👩‍👧, fine"],
    ],
    "white space": [
        ["tabs\tand\u00a0no-break\u2009thin\u3000wide", "tabs and no-break thin wide"],
        ["separator\u001chere \u0085next\u200bzero", "separator here next zero"],
        ["trailing   space  \r", "trailing space"],
        ["hyphen-\nated line\nend <skipped>gone", "hyphenated line end gone"],
    ],
    "tokenised": [
        ["a man in a blue shirt is standing on a ladder .", "a man in a blue shirt stands on a ladder ."],
        ["two dogs play in the snow .", "two dogs are playing in the snow ."],
    ],
}

BLEU_OPTIONS = [
    {},
    {"lowercase": True},
    {"tokenize": "none"},
    {"tokenize": "none", "lowercase": True},
    {"tokenize": "intl"},
    {"tokenize": "char"},
    {"smooth_method": "none"},
    {"smooth_method": "floor"},
    {"smooth_method": "floor", "smooth_value": 0.005},
    {"smooth_method": "add-k"},
    {"smooth_method": "add-k", "smooth_value": 0.5},
]
CHRF_OPTIONS = [
    {},
    {"word_order": 2},
    {"word_order": 1, "lowercase": True},
    {"whitespace": True},
    {"eps_smoothing": True},
    {"eps_smoothing": True, "word_order": 2},
    {"char_order": 3, "beta": 3},
    {"char_order": 0, "word_order": 2},
]


def streams(rows):
    """Rows of references as sacrebleu wants them: one list per reference, None where a row has fewer."""
    count = max(len(row) for row in rows) - 1
    return [[row[i + 1] if i + 1 < len(row) else None for row in rows] for i in range(count)]


def bleu(rows, options):
    metric = BLEU(**options)
    hypotheses = [row[0] for row in rows]
    score = metric.corpus_score(hypotheses, streams(rows))
    signature = str(metric.get_signature())
    sentence = BLEU(effective_order=True, **options)
    return {
        "options": options,
        "score": score.score,
        "precisions": score.precisions,
        "brevityPenalty": score.bp,
        "hypothesisLength": score.sys_len,
        "referenceLength": score.ref_len,
        "signature": signature,
        "line": score.format(signature=signature),
        "sentences": [sentence.sentence_score(row[0], row[1:]).score for row in rows],
    }


def chrf(rows, options):
    metric = CHRF(**options)
    score = metric.corpus_score([row[0] for row in rows], streams(rows))
    signature = str(metric.get_signature())
    return {
        "options": options,
        "score": score.score,
        "signature": signature,
        "line": score.format(signature=signature),
        "sentences": [CHRF(**options).sentence_score(row[0], row[1:]).score for row in rows],
    }


lines = [cell for rows in CASES.values() for row in rows for cell in row] + [
    "...", ",,,", "1,2,3.", ".1", "1.", "-1", "1-", "1--2", "a--1-b", "1.-2", "3,-,4", "&amp;quot;&amp;lt;&quot",
    "<skipped><skip<skipped>ped>", "--\n-\n", "5..6", "x,5 5,x", "\n", "é.1.é", "'s' '9'", "½.½ Ⅷ,Ⅷ ٣.٤", "a_b‿c", "$5 5$",
]
fixtures = {
    "sacrebleu": sacrebleu.__version__,
    "python": sys.version.split()[0],
    "cases": [
        {
            "name": name,
            "rows": rows,
            "bleu": [bleu(rows, options) for options in BLEU_OPTIONS],
            "chrf": [chrf(rows, options) for options in CHRF_OPTIONS],
        }
        for name, rows in CASES.items()
    ],
    "tokens": [
        {"line": line, "13a": Tokenizer13a()(line.rstrip()), "intl": TokenizerV14International()(line.rstrip())}
        for line in lines
    ],
}
directory.mkdir(parents=True, exist_ok=True)
(directory / "sacrebleu.json").write_text(json.dumps(fixtures, indent=1, ensure_ascii=True) + "\n")
