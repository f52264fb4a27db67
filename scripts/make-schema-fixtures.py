#!/usr/bin/env python3
"""Makes Tests/AttentionTextTests/Fixtures/schemas.json: JSON schemas, texts that fit them in the form that is written here, and texts that do
not, as the reference validator says (jsonschema with its format checkers; pip install 'jsonschema[format]').

    scripts/make-schema-fixtures.py
    scripts/make-schema-fixtures.py --check FILE    lines of "number of the schema, tab, text": every text must fit
"""

import json
import copy
import importlib.metadata
import pathlib
import random
import re
import sys

from jsonschema import Draft202012Validator

OUTPUT = pathlib.Path(__file__).parent.parent / "Tests/AttentionTextTests/Fixtures/schemas.json"
INTEGER, STRING, NULL = {"type": "integer"}, {"type": "string"}, {"type": "null"}


def strings(**words):
    return {"type": "string", **words}


def integers(**words):
    return {"type": "integer", **words}


def objects(properties, **words):
    return {"type": "object", "properties": properties, **words}


# A schema, and values that try it besides those that are drawn. Members of drawn objects come in the order of `names`.
TABLE = [
    (integers(minimum=3, maximum=17), [3, 17, 2, 18, 0, -5, 100]),
    (integers(minimum=-12, maximum=105), [-12, 105, -13, 106, 0, 99, 100]),
    (integers(exclusiveMinimum=-1, exclusiveMaximum=10), [-1, 0, 9, 10]),
    (integers(minimum=0), [0, -1, 10**17]),
    (integers(maximum=-7), [-7, -6, -70, -10**12]),
    (integers(minimum=998, maximum=100002), [998, 997, 1000, 99999, 100002, 100003]),
    (integers(minimum=0.5, maximum=2.5), [0, 1, 2, 3]),
    (integers(multipleOf=7), [0, 7, -14, 8, 700, 701, 7 * 10**9, 7 * 10**9 + 1]),
    (integers(multipleOf=12, minimum=100, maximum=1200), [96, 100, 108, 1200, 1212, 1201]),
    (integers(multipleOf=5, minimum=-23), [-20, -25, -23, 0, 35, 10005]),
    ({"allOf": [integers(multipleOf=4), {"multipleOf": 6}, {"minimum": 1}, {"maximum": 50}]}, [12, 24, 18, 48, 60, 0]),
    ({"type": "number", "minimum": 0}, [0, 0.5, -0.5, 12.25, 1e-7]),
    ({"type": "number", "minimum": 0, "maximum": 1}, [0, 1, 0.999, 1.001, 1.5, -0.1]),
    ({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 2.5}, [0, 0.001, 2.4999, 2.5, 2.51, 1, 2]),
    ({"type": "number", "minimum": -1.25, "maximum": 0.05}, [-1.25, -1.26, -1.2, 0.05, 0.06, 0, 0.0501, -1]),
    ({"type": "number", "minimum": 1.5, "maximum": 1.75}, [1.5, 1.49, 1.6, 1.75, 1.76, 1.7501, 1]),
    ({"type": "number", "multipleOf": 3}, [3, -3, 3.5, 0, 4]),
    (strings(pattern="^[a-c]{2,3}$"), ["ab", "abc", "a", "abca", "abd", "ab\n"]),
    (strings(pattern="b"), ["b", "abc", "ac", "\"b", "\\", "b\n", ""]),
    (strings(pattern="^a|c$"), ["ab", "bc", "ba", "a", "c", ""]),
    (strings(pattern="^(ab|ca)*$", minLength=2, maxLength=4), ["", "ab", "abca", "ababab", "aba"]),
    (strings(pattern="^\\d{3}-\\w+$"), ["123-a", "12-a", "123-", "123-a_9"]),
    (strings(pattern="^(?!-)[a-z-]+$"), ["a-b", "-a", "a", ""]),
    (strings(pattern="^(?:[0-9]{2})\\/[^\"\\\\]?$"), ["12/", "12/é", "12/\"", "12/ab"]),
    (strings(pattern="^\\S+\\s\\S+$", maxLength=6), ["a b", "ab", "é 😀", "abc def", "a\tb"]),
    ({"allOf": [strings(pattern="a"), {"pattern": "b"}, {"minLength": 3}]}, ["ab", "aab", "bba", "abc", "acc"]),
    (strings(minLength=1, maxLength=3), ["", "a", "é😀x", "abcd", "\n\"\\"]),
    (strings(format="date"), ["2024-02-29", "2023-02-29", "1900-02-29", "2000-02-29", "2023-13-01", "2023-04-31", "0000-01-01", "2023-4-1"]),
    (strings(format="time"), ["12:30:00Z", "23:59:59.25+01:00", "24:00:00Z", "12:30", "12:60:00Z"]),
    (strings(format="date-time"), ["2024-02-29T00:00:00Z", "2024-02-29 00:00:00Z", "2023-02-30T00:00:00Z", "2024-01-01T00:00:00-08:00"]),
    (strings(format="duration"), ["P1Y2M3DT4H5M6S", "PT5M", "P1W", "P", "P1YT", "1D", "P3D"]),
    (strings(format="uuid"), ["12345678-1234-1234-1234-123456789abc", "12345678123412341234123456789abc", "12345678-1234-1234-1234-123456789abg"]),
    (strings(format="email"), ["a@b.de", "a.b+c@mail.example.org", "a", "@b", "a@"]),
    (strings(format="ipv4"), ["0.0.0.0", "255.255.255.255", "256.1.1.1", "1.2.3", "01.2.3.4"]),
    (strings(format="ipv6"), ["::", "::1", "1:2:3:4:5:6:7:8", "1::8", "fe80::1:2", "1:2:3:4:5:6:7", "1::2::3", "12345::"]),
    (strings(format="hostname"), ["example.org", "a", "-a", "a-", "a..b", "a-b.c1"]),
    (strings(format="uri"), ["https://a.b/c?d=e#f", "mailto:a@b.de", "a", "http://a b", "urn:x:y"]),
    ({"type": ["string", "null"], "maxLength": 2}, [None, "ab", "abc", 3]),
    ({"type": ["integer", "boolean"], "minimum": 5}, [5, 4, True, False, None]),
    ({"enum": ["a", "é\"", 1, 2.5, None, True, [], {}, [1, {"k": "v"}], {"a": 1, "b": [2, 3]}]}, [[1, {"k": "v"}], {"a": 1, "b": [2, 3]}, 2, "b", [1], {"a": 1}]),
    ({"const": {"x": [1, 2, {"y": None}]}}, [{"x": [1, 2, {"y": None}]}, {"x": [1, 2]}, {}]),
    ({"const": "a", "enum": ["a", "b"], "type": "string"}, ["a", "b"]),
    ({"type": "string", "enum": ["a", "bcd", 3], "maxLength": 2}, ["a", "bcd", 3]),
    ({"enum": [1, 5, 10, 15], "minimum": 4, "multipleOf": 5}, [1, 5, 10, 15]),
    ({"anyOf": [integers(minimum=3), strings(pattern="^x")]}, [3, 2, "x", "y", None]),
    ({"oneOf": [integers(maximum=3), integers(minimum=5), NULL]}, [3, 4, 5, None, "a"]),
    ({"oneOf": [strings(maxLength=2), strings(minLength=4)]}, ["ab", "abc", "abcd"]),
    ({"oneOf": [strings(pattern="^a"), strings(pattern="^[bc]")]}, ["a", "b", "d", ""]),
    ({"oneOf": [{"const": "a"}, {"enum": ["b", 1]}, {"type": "boolean"}]}, ["a", "b", 1, 2, True]),
    (
        {
            "oneOf": [
                objects({"kind": {"const": "cat"}, "lives": INTEGER}, required=["kind"], additionalProperties=False),
                objects({"kind": {"const": "dog"}, "name": STRING}, required=["kind", "name"], additionalProperties=False),
            ]
        },
        [{"kind": "cat"}, {"kind": "cat", "lives": 9}, {"kind": "dog"}, {"kind": "dog", "name": "x"}, {"kind": "cat", "name": "x"}],
    ),
    ({"type": "array", "items": INTEGER, "minItems": 2, "maxItems": 4}, [[1], [1, 2], [1, 2, 3, 4], [1, 2, 3, 4, 5], [1, "a"], []]),
    ({"type": "array", "prefixItems": [INTEGER, STRING], "minItems": 2, "maxItems": 2}, [[1, "a"], [1], ["a", 1], [1, "a", 2]]),
    ({"type": "array", "prefixItems": [INTEGER, STRING], "items": NULL}, [[], [1], [1, "a"], [1, "a", None, None], [1, "a", 2]]),
    ({"type": "array", "prefixItems": [INTEGER], "items": False, "minItems": 1}, [[], [1], [1, 2]]),
    ({"allOf": [{"type": "array", "items": {"minimum": 2}}, {"items": INTEGER, "maxItems": 2}]}, [[], [2], [1], [2, 3], [2, 3, 4]]),
    (objects({"a": INTEGER, "b": STRING, "c": NULL}, required=["b"]), [{"a": 1, "b": "x", "c": None}, {"b": ""}, {"a": 1}]),
    (objects({"a": INTEGER}, additionalProperties=STRING), [{"a": 1, "x": "y"}, {"x": "y", "ab": "z"}, {"a": "1"}, {"x": 1}, {"": "x"}]),
    (objects({"a": INTEGER, "ab": NULL}, additionalProperties=True, required=["a"]), [{"a": 1, "x": [1]}, {"a": 1, "ab": None, "abc": 2}, {"a": 1, "ab": 2}, {"x": 1}]),
    ({"type": "object", "additionalProperties": INTEGER, "required": ["a"]}, [{"a": 1}, {"a": 1, "b": 2}, {"b": 2}, {}]),
    ({"allOf": [objects({"a": INTEGER}, required=["a"]), objects({"b": STRING})]}, [{"a": 1, "b": "x"}, {"a": 1}, {"b": "x"}, {"a": 1, "b": 2}]),
    ({"allOf": [objects({"a": INTEGER}, additionalProperties=False), objects({"a": {"minimum": 3}, "b": STRING})]}, [{"a": 3}, {"a": 2}, {"a": 3, "b": "x"}, {}]),
    (objects({"a": INTEGER, "b": INTEGER}, anyOf=[{"required": ["a"]}, {"required": ["b"]}]), [{"a": 1}, {"b": 1}, {}, {"a": 1, "b": 2}]),
    ({"$ref": "#/$defs/n", "maximum": 4, "$defs": {"n": integers(minimum=2)}}, [1, 2, 4, 5]),
    ({"allOf": [{"$ref": "#/$defs/n"}], "default": 3, "$defs": {"n": {"enum": [1, 3]}}}, [1, 2, 3]),
    (
        {"$ref": "#/$defs/tree", "$defs": {"tree": objects({"v": INTEGER, "k": {"type": "array", "items": {"$ref": "#/$defs/tree"}}}, required=["v"])}},
        [{"v": 1}, {"v": 1, "k": [{"v": 2, "k": []}, {"v": 3}]}, {"v": 1, "k": [{}]}, {"k": []}],
    ),
    (
        {"anyOf": [NULL, objects({"v": STRING, "next": {"$ref": "#"}}, required=["v", "next"])]},
        [None, {"v": "a", "next": None}, {"v": "a", "next": {"v": "b", "next": None}}, {"v": "a"}, {"v": "a", "next": 1}],
    ),
    (
        {
            "$ref": "#/$defs/b",
            "$defs": {
                "a": objects({"id": INTEGER, "sub": {"$ref": "#/$defs/a"}}, required=["id"]),
                "b": {"allOf": [{"$ref": "#/$defs/a"}, objects({"sub": {"$ref": "#/$defs/b"}, "name": STRING}, required=["name"])]},
            },
        },
        [{"id": 1, "name": "x"}, {"id": 1, "sub": {"id": 2, "name": "y"}, "name": "x"}, {"id": 1, "sub": {"id": 2}, "name": "x"}, {"id": 1}],
    ),
    ({"$ref": "#/$defs/l/anyOf/1", "$defs": {"l": {"anyOf": [NULL, {"const": 7}]}}}, [None, 7, 8]),
    ({}, [None, {"a": [1, "x", {"b": -1.5}]}, [], "x"]),
    ({"allOf": [True, {"type": "boolean"}], "unevaluatedProperties": False}, [True, None]),
]


# The reference takes any text with an @ for an address; two parts are wanted here.
CHECKER = copy.deepcopy(Draft202012Validator.FORMAT_CHECKER)
CHECKER.checks("email")(lambda text: not isinstance(text, str) or re.fullmatch(r"[^@\s]+@[^@\s]+", text) is not None)


def as_python(schema):
    """The same with patterns as Python reads them: in ECMA-262 a $ is the end of the text alone."""
    if isinstance(schema, list):
        return [as_python(item) for item in schema]
    if isinstance(schema, dict):
        return {key: value.replace("$", "\\Z") if key == "pattern" else as_python(value) for key, value in schema.items()}
    return schema


def validator_of(schema):
    return Draft202012Validator(as_python(schema), format_checker=CHECKER)


class Drawing:
    """Values that are like those of a schema."""

    def __init__(self, schema, seed):
        self.random = random.Random(seed)
        self.names, self.texts, self.numbers = [], ["", "a", "b", "é", "ab"], [0, 1, 2, 3, 4, 5, 7, 10, 12, -1, -2, 0.5, 1.5]
        self.collect(schema)

    def collect(self, schema):
        if isinstance(schema, list):
            for item in schema:
                self.collect(item)
        if isinstance(schema, dict):
            for key, value in schema.items():
                if key == "properties":
                    self.names += [name for name in value if name not in self.names]
                if isinstance(value, (int, float)) and not isinstance(value, bool):
                    self.numbers += [value - 1, value, value + 1]
                self.collect(value)

    def value(self, depth=0):
        kind = self.random.randrange(7 if depth < 3 else 4)
        if kind == 0:
            return self.random.choice([None, True, False])
        if kind in (1, 2):
            return self.random.choice(self.numbers)
        if kind == 3:
            return "".join(self.random.choice(["a", "b", "c", "x", "é", "1", "\n", '"']) for _ in range(self.random.randrange(5)))
        if kind == 4:
            return [self.value(depth + 1) for _ in range(self.random.randrange(4))]
        return {name: self.value(depth + 1) for name in self.names if self.random.random() < 0.6}


def strict(text):
    def refuse(constant):
        raise ValueError(constant)

    def once(pairs):
        assert len({key for key, _ in pairs}) == len(pairs)
        return dict(pairs)

    return json.loads(text, parse_constant=refuse, object_pairs_hook=once)


def fits(validator, text):
    try:
        return validator.is_valid(strict(text))
    except (ValueError, AssertionError, RecursionError):
        return False


def is_plain(value):
    """Whether numbers are written as they are here."""
    if isinstance(value, float):
        return "e" not in json.dumps(value) and not value.is_integer()
    if isinstance(value, (list, dict)):
        return all(is_plain(item) for item in (value.values() if isinstance(value, dict) else value))
    return True


def damaged(text, draw):
    place = draw.randrange(len(text) + 1)
    other = draw.choice('{}[]",:0123456789-.aeéxtn\\ ')
    return draw.choice([text[:place] + text[place + 1 :], text[:place] + other + text[place:], text[:place] + other + text[place + 1 :]])


def main():
    cases = []
    for number, (schema, values) in enumerate(TABLE):
        Draft202012Validator.check_schema(schema)
        validator = validator_of(schema)
        drawing = Drawing(schema, number)
        texts = []
        for value in values + [drawing.value() for _ in range(400)]:
            for separators in [(",", ":"), (", ", ": ")]:
                texts.append((value, json.dumps(value, separators=separators, ensure_ascii=False)))
        fitting, others = [], []
        for value, text in texts:
            if not fits(validator, text):
                others.append(text)
            elif is_plain(value):
                fitting.append(text)
        fitting, others = list(dict.fromkeys(fitting)), list(dict.fromkeys(others))
        assert fitting, schema
        fitting, others = fitting[:16], others[:12]
        for _ in range(200):
            text = damaged(drawing.random.choice(fitting), drawing.random)
            if not fits(validator, text) and text not in others and len(others) < 32:
                others.append(text)
        assert fitting and others or not schema, schema
        cases.append({"schema": schema, "fitting": fitting, "others": others})
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    OUTPUT.write_text(f'{{"made by": "scripts/make-schema-fixtures.py, jsonschema {importlib.metadata.version("jsonschema")}", "cases": [\n{lines}\n]}}\n')
    print(len(cases), sum(len(c["fitting"]) for c in cases), sum(len(c["others"]) for c in cases))


def check(path):
    wrong = counted = 0
    for line in pathlib.Path(path).read_text().split("\n"):
        if not line:
            continue
        number, text = line.split("\t", 1)
        schema = TABLE[int(number)][0]
        counted += 1
        # ECMA-262, which schemas follow, counts U+FEFF as white space; Python does not.
        if not fits(validator_of(schema), text.replace("\ufeff", "\u00a0")):
            wrong += 1
            print("does not fit:", json.dumps(schema), text)
    print(f"{counted} texts, {wrong} that do not fit")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    check(sys.argv[2]) if sys.argv[1:2] == ["--check"] else main()
