#!/usr/bin/env python3
"""Writes Tests/Fixtures/Metrics/rouge.json: python3 scripts/make-rouge-fixtures.py

Needs rouge-score from the Python package index. All sentences are our own.
"""
import importlib.metadata, json, pathlib
from rouge_score import rouge_scorer

CASES = [
    ("terminal mail reader", "mail reader for the terminal"),
    ("The kettle sings, and sings again.", "the kettle is singing again and again and again"),
    ("Seven grey geese flew over the mill at dawn.", "At dawn seven grey geese flew over the mill."),
    ("library for reading PNG-files (v1.2.3)", "Library for reading and writing PNG files, version 1.2.3"),
    ("same words in the same order", "same words in the same order"),
    ("nothing in common", "entirely different"),
    ("", "something should stand here"),
    ("one", "one"),
    ("one two", "two"),
    ("a a a b", "a b b a"),
    ("Größe und Straße", "Grosse Strasse, Größe!"),
    ("İstanbul KELVIN \u212a sign \u01c5", "istanbul kelvin k sign"),
    ("C++ and C# and F♯", "c c f"),
    ("first line\nsecond line.", "first line. second\tline"),
    ("... --- !!!", "words"),
]
scorer = rouge_scorer.RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=False)
rows = []
for summary, reference in CASES:
    scores = scorer.score(reference, summary)
    rows.append({"summary": summary, "reference": reference}
                | {name: [score.precision, score.recall, score.fmeasure] for name, score in scores.items()})
path = pathlib.Path(__file__).parent.parent / "Tests" / "Fixtures" / "Metrics" / "rouge.json"
path.write_text(json.dumps({"version": importlib.metadata.version("rouge-score"), "cases": rows}, indent=1, ensure_ascii=True) + "\n")
