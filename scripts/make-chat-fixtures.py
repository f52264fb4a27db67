#!/usr/bin/env python3
"""Renders chat templates with transformers: Tests/AttentionTemplatesTests/Fixtures/cases.jsonl, a case a line, for the templates beside it.

    python3 scripts/make-chat-fixtures.py                     (transformers, jinja2)
    python3 scripts/make-chat-fixtures.py FOLDER              templates of your own: FOLDER/*.jinja, cases go to FOLDER/cases.jsonl

`ATTENTION_TEMPLATES=FOLDER swift test --filter AttentionTemplatesTests` then holds ours against them. The templates of the fixtures are
written for this project, with the constructs and the special tokens that those of the families have. A case has the template's name, the
values, and `text`, or `error` where the reference refuses."""
import datetime, glob, json, os, re, sys
from transformers.utils import chat_template_utils as utils

NOW = 1_750_000_000
FOLDER = sys.argv[1] if len(sys.argv) > 1 else os.path.join(
    os.path.dirname(__file__), "..", "Tests", "AttentionTemplatesTests", "Fixtures")


class Clock(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(NOW, datetime.timezone.utc)


utils.datetime = Clock

WEATHER = {"type": "function", "function": {
    "name": "weather", "description": "The weather of a day — \"now\" unless given <b>", "parameters": {
        "type": "object", "properties": {
            "place": {"type": "string", "description": "Where; e.g. 東京"},
            "days": {"type": "array", "items": {"type": "integer"}, "default": [1, 2.5, None, True]},
            "unit": {"type": "string", "enum": ["°C", "°F"]}}, "required": ["place"]},
    "return": {"type": "number"}}}
CLOCK = {"type": "function", "function": {"name": "clock", "description": "The time.", "parameters": {"type": "object", "properties": {}}}}


def said(role, content, **more):
    return {"role": role, "content": content, **more}


CALL = {"role": "assistant", "content": "", "tool_calls": [
    {"id": "call12345", "type": "function", "function": {"name": "weather", "arguments": {"place": "Zürich", "days": [1], "unit": "°C"}}}]}
CONVERSATIONS = {
    "one": [said("user", "Hello")],
    "system": [said("system", "Be brief."), said("user", "What is a semaphore?")],
    "turns": [said("system", "  Be brief.\n"), said("user", " Hi \n there "), said("assistant", "\n Hello! \n"), said("user", "And\tnow?")],
    "answered": [said("user", "2+2?"), said("assistant", "4")],
    "empty": [said("user", "")],
    "blank": [said("user", " \n\t "), said("assistant", ""), said("user", "x")],
    "unicode": [said("user", "Ça va? 😀 e\u0301 東京 \u00a0 \u200b\u2028 ﷺ 'q' \"d\" <b>&amp; \\n {{ x }} {% y %}"), said("assistant", "Straße ǅ"), said("user", "ß")],
    "tool": [said("user", "Weather in Zürich?"), CALL, said("tool", "{\"temperature\": 21.5}", tool_call_id="call12345", name="weather"),
             said("assistant", "21.5 °C."), said("user", "Thanks")],
    "tools twice": [said("system", "Use tools."), said("user", "Weather?"), CALL, said("tool", "21", tool_call_id="call12345"),
                    said("tool", "22", tool_call_id="call12345")],
    "thinking": [said("user", "1+1?"), said("assistant", "<think>\nOne and one.\n</think>\n\n2"), said("user", "+1?"),
                 said("assistant", "3", reasoning_content="\nTwo and one.\n")],
    "no think": [said("system", "Plain. /no_think"), said("user", "Hi")],
    "override": [said("system", "Mine alone. /system_override"), said("user", "Hi")],
    "two users": [said("user", "a"), said("user", "b")],
    "parts": [said("user", [{"type": "text", "text": " Look: "}, {"type": "image"}, {"type": "text", "text": "what?"}])],
    "odd role": [said("user", "a"), said("narrator", "b")],
}


def cases():
    for path in sorted(glob.glob(os.path.join(FOLDER, "*.jinja"))):
        source = open(path, encoding="utf-8", newline="").read()
        for name, messages in CONVERSATIONS.items():
            for prompt in (True, False):
                for tools in ([None, [WEATHER, CLOCK]] if "tool" in name or name in ("one", "system") else [None]):
                    for extra in ([{}, {"enable_thinking": False}] if "thinking" in source and name in ("one", "thinking") else [{}]):
                        values = dict(bos_token="<s>", eos_token="</s>", pad_token="<pad>", **extra)
                        case = dict(template=os.path.basename(path), conversation=name, add_generation_prompt=prompt,
                                    messages=messages, tools=tools, values=values)
                        try:
                            case["text"] = utils.render_jinja_template(
                                [messages], tools=tools, chat_template=source, add_generation_prompt=prompt, **values)[0][0]
                        except Exception as error:  # whatever the reference refuses
                            case["error"] = f"{type(error).__name__}: {error}"
                        yield case


# Whitespace, expressions, filters, tests and methods one by one.
SNIPPETS = r"""
a {% if true %} b {% endif %} c
  {% if true %}  b\n  {% endif %}\nc
x\n  {%- if true -%}  b  {%- endif -%}  \nc
x\n  {%+ if true %}\nb{% endif +%}\nc
x\n  {# note #}\n  y {#- gone -#} z\n\n
{{ 1 }}\n{{- 2 }}\n{{ 3 -}}\n 4
{% raw %} {{ x }} {%- if %} {% endraw %}\n!
{{ 7 // 2 }} {{ -7 // 2 }} {{ 7 % 3 }} {{ -7 % 3 }} {{ 7 / 2 }} {{ 2 ** 10 }} {{ 1.5 * 2 }} {{ 1e3 }} {{ 10 - 2 - 3 }} {{ 2 ** 3 ** 2 }} {{ -2 ** 2 }}
{{ 1 + true }} {{ 1 == 1.0 }} {{ true == 1 }} {{ "1" == 1 }} {{ none == none }} {{ nothing == none }} {{ nothing == other }}
{{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ "a" < "b" }} {{ "B" < "a" }} {{ [1, 2] < [1, 3] }}
{{ "a" ~ 1 ~ none ~ true ~ 1.0 ~ [1, "b", none] ~ {"k": 'v"', 2: (1,)} ~ nothing }}
{{ not true or true and false }} {{ 1 and 0 or "x" }} {{ "" or [] or {} or "last" }} {{ not 1 in [1] }} {{ 2 not in [1] }}
{{ "y" if 1 > 2 }}|{{ "y" if 1 > 2 else "n" }}|{{ 1 if 0 else 2 if 0 else 3 }}
{{ "abcdef"[2] }} {{ "abcdef"[-1] }} {{ "abcdef"[1:4] }} {{ "abcdef"[::-1] }} {{ "abcdef"[:-2] }} {{ "abcdef"[5:1:-2] }} {{ [1,2,3][1:] }} {{ (1,2,3)[::2] }} {{ "abc"[9] }}|
{{ {"a": 1}.a }} {{ {"a": 1}["a"] }} {{ {"a": 1}.b }}| {{ {"items": 1}["items"] }} {{ {"a": {"b": [1, {"c": 2}]}}.a.b[1].c }} {{ {"a": 1}.get("b", 5) }} {{ {"a": 1}.get("b") }}
{{ "é"|length }} {{ "e\u0301"|length }} {{ "😀x"[1] }} {{ "\x41\t|\q|" }} {{ 'it''s' }}
{% for i in range(3) %}{{ i }}{% if not loop.last %}, {% endif %}{% endfor %} {% for i in [] %}x{% else %}none{% endfor %}
{% for k, v in {"b": 1, "a": 2}.items() %}{{ k }}={{ v }};{% endfor %}{% for k in {"b": 1, "a": 2} %}{{ k }}{% endfor %}{% for k, v in {"b": 1, "a": 2}|dictsort %}{{ k }}{{ v }}{% endfor %}
{% for i in range(10) if i is odd %}{{ loop.index }}:{{ i }}/{{ loop.length }}/{{ loop.revindex }} {% endfor %}
{% for i in range(10) %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 5 %}{% break %}{% endif %}{{ i }}{% endfor %}
{% for a in [1,2] %}{% for b in [3,4] %}{{ loop.index }}{{ loop.depth }}{% endfor %}{{ loop.index }}{{ loop.cycle("x", "y") }}{{ loop.previtem }}{{ loop.nextitem }}{% endfor %}
{% set x = 1 %}{% for i in [1,2] %}{% set x = x + i %}{{ x }}{% endfor %}{{ x }}{% if true %}{% set x = 9 %}{% endif %}{{ x }}
{% set ns = namespace(n=0, s="") %}{% for i in [1,2,3] %}{% set ns.n = ns.n + i %}{% set ns.s = ns.s ~ i %}{% endfor %}{{ ns.n }}{{ ns.s }}{{ ns.other is defined }}
{% set a, b = 1, 2 %}{{ a }}{{ b }}{% set c = 1, 2 %}{{ c }}{% set d %} text {{ a }} {% endset %}[{{ d }}]{% set e | upper | trim %} text {% endset %}[{{ e }}]
{% macro m(a, b=2, c=a) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ m(1) }} {{ m(1, c=5) }} {{ m() }}|{{ m(b=3) }}|{{ m is callable }}
{% macro f(n) %}{{ n }}{% if n > 0 %}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(5) }}
{% macro box() %}<{{ caller("x") }}>{% endmacro %}{% call(y) box() %}{{ y }}!{% endcall %}
{% with a = 1, b = 2 %}{{ a + b }}{% endwith %}{{ a is defined }}{% filter upper %}abc{{ 1 }}{% endfilter %}
{{ nothing is defined }} {{ nothing is undefined }} {{ none is none }} {{ 1 is number }} {{ true is number }} {{ true is boolean }} {{ 1.0 is float }} {{ 1 is integer }} {{ true is integer }} {{ "s" is string }} {{ {} is mapping }} {{ [] is sequence }} {{ "s" is sequence }} {{ {} is sequence }} {{ 1 is iterable }} {{ "s" is iterable }}
{{ 3 is odd }} {{ 3 is even }} {{ 9 is divisibleby 3 }} {{ 1 is eq 1 }} {{ 1 is in [1] }} {{ 2 is gt(1) }} {{ 1 is not none }} {{ "a" is not string }} {{ "abc" is lower }} {{ "ABC" is upper }} {{ 1 is sameas 1 }}
{{ "  a b  "|trim }}| {{ "xxaxx".strip("x") }} {{ "\n a \n".lstrip() }}|{{ "\n a \n".rstrip("\n") }}|{{ "a,b,,c".split(",") }} {{ " a  b ".split() }} {{ "a b c".split(" ", 1) }} {{ "a b c".rsplit(" ", 1) }} {{ "a\nb\r\nc\n".splitlines() }}
{{ "abc".startswith("ab") }} {{ "abc".endswith(("x", "c")) }} {{ "aXbX".replace("X", "--") }} {{ "aXbX".replace("X", "-", 1) }} {{ "ab".replace("", ".") }} {{ "Hello wOrld-x it's".title() }} {{ "hELLO wORLD".capitalize() }} {{ "straße".upper() }} {{ "ΑΣ".lower() }} {{ "abcabc".find("c") }} {{ "abcabc".rfind("c") }} {{ "abc".find("z") }} {{ "abcabc".count("b") }} {{ ",".join(["a", "b"]) }} {{ "prefix".removeprefix("pre") }} {{ "suffix".removesuffix("fix") }} {{ "a=b=c".partition("=") }} {{ "7".zfill(3) }} {{ "12".isdigit() }} {{ "ab1".isalpha() }} {{ "AB".isupper() }}
{{ [1,2,3]|join(", ") }} {{ ["a",1,none]|join }} {{ [{"n": 1}, {"n": 2}]|join("-", attribute="n") }} {{ [3,1,2]|sort }} {{ ["b","A","a"]|sort }} {{ [3,1,2]|sort(reverse=true) }} {{ [1,1,2]|unique|list }} {{ [1,2,3]|sum }} {{ [1,5,3]|max }} {{ [4,2]|min }} {{ [1,2,3]|reverse|list }} {{ "abc"|reverse }} {{ [1,2,3,4,5]|batch(2)|list }}
{{ [{"r": "u", "c": 1}, {"r": "a"}]|selectattr("r", "equalto", "u")|list }} {{ [{"r": "u"}, {"r": "a"}]|rejectattr("r", "==", "u")|map(attribute="r")|list }} {{ [{"c": 1}, {}]|selectattr("c")|list|length }} {{ [{"c": 1}, {}]|selectattr("c", "defined")|list|length }} {{ [0,1,2]|select|list }} {{ [1,2,3]|select("odd")|list }} {{ [1,2,3]|reject("gt", 2)|list }} {{ ["a","b"]|map("upper")|join }} {{ [{"a": {"b": 7}}]|map(attribute="a.b")|first }} {{ [{}]|map(attribute="z", default="-")|list }}
{{ nothing|default("d") }} {{ ""|default("d") }}|{{ ""|default("d", true) }} {{ none|d("x") }} {{ "abc"|first }} {{ [1,2]|last }} {{ []|first }}| {{ nothing|length }} {{ nothing|trim }}| {{ {"a": 1}|length }} {{ {"a": 1}|list }} {{ {"a": 1}|items|list }} {{ {"b": 1}.keys()|list }} {{ {"b": 1}.values()|list }}
{{ "12"|int + 1 }} {{ "x"|int }} {{ "x"|int(5) }} {{ "3.7"|int }} {{ 3.9|int }} {{ "1.5"|float }} {{ -3|abs }} {{ 2.567|round(2) }} {{ 2.5|round }} {{ 2.1|round(method="ceil") }} {{ 5|string + "x" }} {{ "%d %s %%" % (3, "a") }} {{ "%s"|format(none) }} {{ "a b c"|wordcount }}
{{ {"a": [1, 2.0, "é<>&'\"\\\n\u0001\u2028😀", true, none], "b": {}, "c": []}|tojson }} {{ {"a": [1, {"x": []}], "b": {}}|tojson(indent=2) }} {{ {"b": 1, "a": "é"}|tojson(sort_keys=true, ensure_ascii=true) }} {{ [1, 2]|tojson(separators=(",", ":")) }} {{ "x"|tojson }} {{ 1e16|tojson }} {{ 0.1|tojson }} {{ 1e-7|tojson }}
{{ "a\nb\n\nc"|indent }}|{{ "a\nb"|indent(2, true) }}|{{ "a\n\nb"|indent(2, false, true) }}|{{ "a\nb"|indent(">> ") }} {{ "<a href='x'>&"|e }} {{ "hello (world) a-b"|title }} {{ "hELLO"|capitalize }} {{ "a"|safe }}
{{ dict(a=1, b="x") }} {{ range(5)|list }} {{ range(1, 10, 3)|list }} {{ range(3, 0, -1)|list }} {{ [1] + [2] }} {{ "ab" * 3 }} {{ [0] * 2 }} {{ (1, 2) + (3,) }} {{ ["a\n", 'b"', "c'", "\u00e9\u200b"] }}
{{ strftime_now("%Y-%m-%d") }} {% generation %}inside{% endgeneration %} {{ "a" "b" }} {{ [1, 2,] }} {{ {"a": 1,} }} {{ 1_000 }} {{ (1) }} {{ () }} {{ "x".__class__ is defined }} {{ [[1, 2], [3]][0][1] }} {{ {"a.b": 1}["a.b"] }} {{ [10, 20].1 }}
{{ raise_exception("no: " ~ 1) }}
{{ nothing.member }}
{{ nothing + 1 }}
{{ "a" + 1 }}
{{ 1 / 0 }}
{{ [1].append(2) }}
{{ {"a": 1}.update(b=2) }}
{{ nothing() }}
{{ nothing|tojson }}
{{ 1 in 5 }}
{% for x in none %}{% endfor %}
{% for x in 5 %}{% endfor %}
{{ x|unknown_filter }}
{{ x is unknown_test }}
{% unknown_tag %}
{% if true %}
{% endif %}
{% for x in %}{% endfor %}
{{ 1 + }}
{{ "open }}
{{ (1, 2 }}
{% set ns.x = 1 %}
{% set a.b.c = 1 %}
{{ a b }}
{# open
{% raw %} open
{{ range(1000000) }}
{{ 1 < "a" }}
{{ "abc".nothing() }}
{% break %}
{{ {[]: 1} }}
{{ m(1, 2) }}{% macro m(a) %}{% endmacro %}
{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}
{% macro m(a) %}{% endmacro %}{{ m(b=1) }}
{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}
"""


def snippets():
    for line in SNIPPETS.strip("\n").split("\n"):
        # A backslash and n outside of tags is a line's end.
        parts = re.split(r"(\{\{.*?\}\}|\{%.*?%\})", line)
        source = "".join(part if part[:2] in ("{{", "{%") else part.replace("\\n", "\n") for part in parts)
        try:
            yield dict(source=source, text=utils._compile_jinja_template(source).render())
        except Exception as error:
            yield dict(source=source, error=f"{type(error).__name__}: {error}")


if len(sys.argv) < 2:
    with open(os.path.join(FOLDER, "snippets.json"), "w", encoding="utf-8") as file:
        json.dump(list(snippets()), file, ensure_ascii=False, indent=1)
count = 0
with open(os.path.join(FOLDER, "cases.jsonl"), "w", encoding="utf-8") as file:
    for case in cases():
        file.write(json.dumps(case, ensure_ascii=False) + "\n")
        count += 1
print(f"{count} cases in {FOLDER}")
