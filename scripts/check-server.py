#!/usr/bin/env python3
"""Asks a running attend-server as the real clients do, and holds what they understand against what they should.

    pip install openai huggingface_hub libretranslatepy schemathesis
    attend-server --model en-fr=default --model minilm=all-MiniLM-L6-v2 [--model writer=DIR] --port 8080 &
    scripts/check-server.py http://127.0.0.1:8080 [--fuzz]

Every client that is installed is asked about every model that is served and that it knows; what is left out is said. With --fuzz, schemathesis makes requests
of /openapi.json, none of which may be answered with 500.
"""
import argparse
import importlib.util
import json
import math
import subprocess
import sys
import urllib.error
import urllib.request

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("url")
parser.add_argument("--key", default="none", help="an API key, if one is needed")
parser.add_argument("--fuzz", action="store_true")
arguments = parser.parse_args()
url = arguments.url.rstrip("/")
failures = 0


def fetch(path, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", "Authorization": "Bearer " + arguments.key}
    with urllib.request.urlopen(urllib.request.Request(url + path, data=data, headers=headers)) as answer:
        return json.load(answer)


models = {}
for model in fetch("/v1/models")["data"]:
    models.setdefault(model["task"], model["id"])


def check(name, package, task, body):
    """Runs a check if its client is installed and a model for it is served."""
    global failures
    if importlib.util.find_spec(package) is None:
        return print(f"left out  {name}: {package} is not installed")
    if task not in models:
        return print(f"left out  {name}: no model for {task} is served")
    try:
        body(models[task])
        print(f"right     {name}")
    except Exception as error:
        failures += 1
        print(f"WRONG     {name}: {type(error).__name__}: {error}")


def client():
    import openai

    return openai.OpenAI(base_url=url + "/v1", api_key=arguments.key, max_retries=0)


def expect(condition, what):
    if not condition:
        raise AssertionError(what)


def close(found, wanted, tolerance=1e-5):
    expect(len(found) == len(wanted), f"{len(found)} numbers instead of {len(wanted)}")
    worst = max(abs(x - y) for x, y in zip(found, wanted))
    expect(worst <= tolerance, f"differs by {worst}")


def embeddings(model):
    texts = ["A cat sleeps on the sofa.", "A kitten naps on the couch.", "Stocks fell on Monday."]
    # The client asks for base64 unless told otherwise.
    cut = {"truncate": True}
    packed = client().embeddings.create(model=model, input=texts, extra_body=cut)
    plain = client().embeddings.create(model=model, input=texts, encoding_format="float", extra_body=cut)
    for one, other in zip(packed.data, plain.data):
        close(one.embedding, other.embedding, 1e-6)
    expect(packed.usage.prompt_tokens == packed.usage.total_tokens > 3, "usage")
    short = client().embeddings.create(model=model, input="a", dimensions=2).data[0].embedding
    expect(len(short) == 2 and abs(math.hypot(*short) - 1) < 1e-5, "dimensions")
    one = client().embeddings.create(model=model, input=texts[0], encoding_format="float", extra_body=cut).data[0].embedding
    close(one, plain.data[0].embedding)


def refusals(model):
    import openai

    try:
        client().embeddings.create(model="no-such-model", input="a")
        raise AssertionError("a model that there is not")
    except openai.NotFoundError as error:
        expect(error.code == "model_not_found", error.code)
    try:
        client().embeddings.create(model=model, input=[])
        raise AssertionError("no text")
    except openai.BadRequestError as error:
        expect(error.param == "input", error.param)


def completions(model):
    options = dict(model=model, prompt="Once upon a time", max_tokens=12, temperature=0)
    whole = client().completions.create(**options)
    pieces = list(client().completions.create(stream=True, stream_options={"include_usage": True}, **options))
    expect("".join(c.text for e in pieces for c in e.choices) == whole.choices[0].text, "the stream says something else")
    expect(pieces[-1].usage.completion_tokens == whole.usage.completion_tokens, "usage")
    drawn = [
        [choice.text for choice in client().completions.create(model=model, prompt="A", max_tokens=8, temperature=1, seed=3, n=2).choices]
        for _ in range(2)
    ]
    expect(drawn[0] == drawn[1] and len(drawn[0]) == 2, "seed")


def chat(model):
    import openai

    messages = [{"role": "user", "content": "Say yes or no."}]
    schema = {"type": "json_schema", "json_schema": {"name": "answer", "schema": {"type": "object", "properties": {"answer": {"enum": ["yes", "no"]}}, "required": ["answer"]}}}
    try:
        whole = client().chat.completions.create(model=model, messages=messages, response_format=schema, max_tokens=40)
    except openai.BadRequestError as error:
        if "made for conversations" in str(error):
            return print("          (the model was not made for conversations)")
        raise
    expect(json.loads(whole.choices[0].message.content)["answer"] in ("yes", "no"), "schema")
    stream = client().chat.completions.create(model=model, messages=messages, max_tokens=12, temperature=0, stream=True)
    text = "".join(choice.delta.content or "" for event in stream for choice in event.choices)
    same = client().chat.completions.create(model=model, messages=messages, max_tokens=12, temperature=0)
    expect(text == same.choices[0].message.content, "the stream says something else")


def inference_embeddings(model):
    from huggingface_hub import InferenceClient

    vectors = InferenceClient(model=url + "/embed", token=arguments.key).feature_extraction("A cat sleeps on the sofa.", truncate=True)
    close(list(vectors[0]), fetch("/embed", {"inputs": "A cat sleeps on the sofa.", "truncate": True})[0])
    scores = InferenceClient(model=url + "/similarity", token=arguments.key).sentence_similarity("A cat.", ["A cat.", "Stocks fell."])
    expect(abs(scores[0] - 1) < 1e-4 and len(scores) == 2, scores)


def inference_classes(model):
    from huggingface_hub import InferenceClient

    answer = InferenceClient(model=url + "/predict", token=arguments.key).text_classification([["What a lovely day!"]])
    expect(answer and 0 <= (answer if not isinstance(answer, list) else answer[0]).score <= 1, answer)


def inference_chat(model):
    from huggingface_hub import InferenceClient

    try:
        answer = InferenceClient(base_url=url + "/v1", api_key=arguments.key).chat_completion(
            [{"role": "user", "content": "Hello"}], model=model, max_tokens=5)
    except Exception as error:
        if "made for conversations" in str(error):
            return print("          (the model was not made for conversations)")
        raise
    expect(answer.choices[0].message.role == "assistant", answer)


def libretranslate(model):
    from libretranslatepy import LibreTranslateAPI

    api = LibreTranslateAPI(url, api_key=arguments.key)
    languages = api.languages()
    first = next(language for language in languages if language["targets"])
    text = api.translate("Where is the nearest train station?", first["code"], first["targets"][0])
    print(f"          {text}")
    expect(text and text != "Where is the nearest train station?", text)


check("openai embeddings", "openai", "embedding", embeddings)
check("openai refusals", "openai", "embedding", refusals)
check("openai completions", "openai", "generation", completions)
check("openai chat", "openai", "generation", chat)
check("huggingface_hub embeddings", "huggingface_hub", "embedding", inference_embeddings)
check("huggingface_hub classes", "huggingface_hub", "classification", inference_classes)
check("huggingface_hub chat", "huggingface_hub", "generation", inference_chat)
check("libretranslatepy", "libretranslatepy", "translation", libretranslate)

if arguments.fuzz:
    command = [sys.executable, "-m", "schemathesis.cli", "run", url + "/openapi.json", "--checks", "not_a_server_error", "--max-examples", "50",
               "-H", "Authorization: Bearer " + arguments.key]
    failures += subprocess.run(command).returncode != 0

sys.exit(1 if failures else 0)
