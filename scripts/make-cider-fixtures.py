#!/usr/bin/env python3
"""Writes Tests/Fixtures/Metrics/cider.json: python3 scripts/make-cider-fixtures.py

CIDEr-D of Vedantam et al. 2015, with counts of n-grams instead of shares, as the authors' program (ciderD_scorer.py) has them; vectors over all n-grams, by
numpy.
All sentences are our own.
"""
import json, pathlib
import numpy

CASES = {
    "pictures": [
        ["a dog runs on the beach", "a dog runs along the beach", "a brown dog is running on sand", "the dog runs"],
        ["two cats sleep on a sofa", "two cats are asleep on the sofa", "cats sleep on a red sofa"],
        ["a man rides a horse", "a man is riding a brown horse", "a rider on a horse", "a man rides a horse on the beach"],
        ["a bowl of fruit", "a bowl with apples and pears on the table"],
    ],
    "one reference": [
        ["a three above two ones", "a three above two ones"],
        ["two ones above a three", "a three above two ones"],
        ["an eight", "an eight beside a two above a nine"],
        ["a five beside a five beside a five beside a five beside a five", "a five beside a nine"],
    ],
    "repetition": [
        ["the the the the the the the", "the cat is on the mat", "there is a cat on the mat"],
        ["a cat a cat a cat", "a cat and a dog", "a cat with a cat"],
        ["a dog", "a dog"],
    ],
    "empty and short": [["", "a word"], ["word", "word"], ["two words", ""], ["nothing in common", "entirely different"]],
    "one picture": [["a dog", "a dog", "the dog"]],
}


def cider(rows, sigma=6):
    lines = [[line.split() for line in row] for row in rows]
    scores = numpy.zeros(len(rows))
    for order in range(1, 5):
        grams = [[[tuple(words[i:i + order]) for i in range(len(words) - order + 1)] for words in row] for row in lines]
        vocabulary = sorted({gram for row in grams for line in row for gram in line})
        place = {gram: i for i, gram in enumerate(vocabulary)}
        if not vocabulary:
            continue

        def counts(line):
            return numpy.bincount([place[gram] for gram in line], minlength=len(vocabulary)).astype(float)

        rows_of_counts = [[counts(line) for line in row] for row in grams]
        pictures = sum(numpy.minimum(1, sum(row[1:])) for row in rows_of_counts)
        idf = numpy.log(len(rows) / numpy.maximum(1, pictures))
        for picture, row in enumerate(rows_of_counts):
            g, total = row[0] * idf, 0.0
            for reference, h in enumerate(row[1:], 1):
                s = h * idf
                norms = numpy.linalg.norm(g) * numpy.linalg.norm(s)
                if norms > 0:
                    delta = len(lines[picture][0]) - len(lines[picture][reference])
                    total += numpy.exp(-delta ** 2 / (2 * sigma ** 2)) * (numpy.minimum(g, s) @ s) / norms
            scores[picture] += 10 * total / (len(row) - 1) / 4
    return scores.tolist()


cases = [{"name": name, "rows": rows, "scores": cider(rows), "narrow": cider(rows, sigma=2)} for name, rows in CASES.items()]
path = pathlib.Path(__file__).parent.parent / "Tests" / "Fixtures" / "Metrics" / "cider.json"
path.write_text(json.dumps({"cases": cases}, indent=1) + "\n")
