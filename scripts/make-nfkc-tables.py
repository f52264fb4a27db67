"""Writes Sources/AttentionText/Normalization/UnicodeTables.swift: decompositions and combining classes.

    python scripts/make-nfkc-tables.py Sources/AttentionText/Normalization/UnicodeTables.swift

Any Python from 3.9 on will do: what its `unicodedata` knows beyond Unicode 9, which the reference tokenizer uses, is left
out when the tables are read.
"""

import sys
import unicodedata


def scalars():
    return (c for c in range(0x110000) if not 0xD800 <= c < 0xE000)


def decompositions():
    """`delta`, `=` or `~`, and the mapping: delta from the previous code point, `=` canonical, `~` compatibility."""
    previous = 0
    for code in scalars():
        mapping = unicodedata.decomposition(chr(code))
        if not mapping:
            continue
        parts = mapping.split()
        kind = "="
        if parts[0].startswith("<"):
            kind, parts = "~", parts[1:]
        yield f"{code - previous:x}{kind}" + ",".join(f"{int(part, 16):x}" for part in parts)
        previous = code


def combining_classes():
    """`delta` `*` count `=` class for each run of code points of one class."""
    previous, start, count, kind = 0, 0, 0, 0
    for code in range(0x110001):
        value = unicodedata.combining(chr(code)) if code < 0x110000 else 0
        if count and (value != kind or code != start + count):
            yield f"{start - previous:x}*{count:x}={kind:x}"
            previous, count = start, 0
        if value:
            if not count:
                start, kind = code, value
            count += 1


def exclusions():
    """Canonical pairs that must not be composed again, as deltas."""
    previous = 0
    for code in scalars():
        mapping = unicodedata.decomposition(chr(code))
        if mapping and not mapping.startswith("<"):
            if len(mapping.split()) == 2 and unicodedata.normalize("NFC", chr(code)) != chr(code):
                yield f"{code - previous:x}"
                previous = code


def literal(name, comment, words):
    lines, line = [], ""
    for word in words:
        if len(line) + 1 + len(word) > 105:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    lines.append(line)
    body = "\n".join(f"        {text} \\" for text in lines[:-1]) + f"\n        {lines[-1]}"
    return f'    /// {comment}\n    static let {name}: StaticString = """\n{body}\n        """\n'


with open(sys.argv[1], "w") as file:
    file.write(
        "// Made by scripts/make-nfkc-tables.py from the Unicode Character Database "
        f"{unicodedata.unidata_version}.\n\n"
        "/// The Unicode data that normalisation needs, as text in hexadecimal; `UnicodeData` reads it once.\n"
        "enum UnicodeTables {\n"
        + "\n".join([
            literal("decompositions", "Words `delta=mapping` (canonical) and `delta~mapping` (compatibility).",
                    decompositions()),
            literal("combiningClasses", "Words `delta*count=class`.", combining_classes()),
            literal("compositionExclusions", "Deltas between the characters that are never composed.", exclusions()),
        ])
        + "}\n")
