"""Writes Sources/AttentionText/RegularExpressions/GeneralCategoryRuns.swift: the general category of every character.

    pip install unicodedata2==16.0.0
    python scripts/make-category-tables.py Sources/AttentionText/RegularExpressions/GeneralCategoryRuns.swift

Unicode 16 is what the regular expressions of the reference tokenizer (Oniguruma 6.9.10) know.
"""

import itertools
import sys

import unicodedata2

CATEGORIES = "Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cf Cs Co Cn".split()
LETTERS = "ghijklmnopqrstuvwxyzABCDEFGHIJ"


def words():
    """A run's length in hexadecimal (left out if 1) and the letter of its category."""
    for category, run in itertools.groupby(unicodedata2.category(chr(code)) for code in range(0x110000)):
        length = sum(1 for _ in run)
        yield (f"{length:x}" if length > 1 else "") + LETTERS[CATEGORIES.index(category)]


def lines(width=110):
    line = ""
    for word in words():
        if len(line) + len(word) > width:
            yield line
            line = ""
        line += word
    yield line


with open(sys.argv[1], "w") as file:
    file.write(
        f"// Made by scripts/make-category-tables.py from the Unicode Character Database {unicodedata2.unidata_version}.\n\n"
        "/// The general categories of all code points, run by run: `GeneralCategories` reads it once.\n"
        "enum GeneralCategoryRuns {\n"
        f"    /// The letter of each category, in the order of `GeneralCategory`.\n"
        f'    static let letters: StaticString = "{LETTERS}"\n\n'
        "    /// The length of a run in hexadecimal, left out where it is 1, and the letter of its category.\n"
        '    static let runs: StaticString = """\n'
        + "\n".join(f"        {line}\\" for line in lines()).removesuffix("\\")
        + '\n        """\n}\n')
