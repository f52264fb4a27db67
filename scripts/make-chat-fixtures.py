#!/usr/bin/env python3
"""Renders chat templates with transformers: Tests/AttentionTemplatesTests/Fixtures/cases.jsonl, a case a line, for the templates beside it.

    python3 scripts/make-chat-fixtures.py                     (transformers, jinja2)
    python3 scripts/make-chat-fixtures.py FOLDER              templates of your own: FOLDER/*.jinja, cases go to FOLDER/cases.jsonl

`ATTENTION_TEMPLATES=FOLDER swift test --filter AttentionTemplatesTests` then holds ours against them. The templates of the fixtures are
written for this project, with the constructs and the special tokens that those of the families have. A case has the template's name, the
values, and `text`, or `error` where the reference refuses."""
import datetime, glob, json, os, sys
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


count = 0
with open(os.path.join(FOLDER, "cases.jsonl"), "w", encoding="utf-8") as file:
    for case in cases():
        file.write(json.dumps(case, ensure_ascii=False) + "\n")
        count += 1
print(f"{count} cases in {FOLDER}")
