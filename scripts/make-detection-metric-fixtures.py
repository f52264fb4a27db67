#!/usr/bin/env python3
"""Writes Tests/Fixtures/Metrics/detection.json: what pycocotools says of found boxes, in its order.

    python3 scripts/make-detection-metric-fixtures.py        (numpy, pycocotools)
"""
import contextlib, io, json, os
import numpy
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

random = numpy.random.default_rng(3)


def box(largest):
    width, height = random.uniform(4, largest, 2)
    return [round(float(x), 1) for x in (random.uniform(0, 300 - width), random.uniform(0, 300 - height), width, height)]


def case(pictures, labels, largest, crowds):
    images, truths, guesses = [], [], []
    for picture in range(1, pictures + 1):
        images.append(dict(id=picture, width=300, height=300))
        for _ in range(random.integers(0, 9)):
            own, label = box(largest), int(random.integers(1, labels + 1))
            truths.append(dict(id=len(truths) + 1, image_id=picture, category_id=label, bbox=own, area=round(own[2] * own[3] * random.uniform(0.5, 1), 1),
                               iscrowd=int(random.random() < crowds)))
            for _ in range(random.integers(0, 4)):
                near = [round(float(x + random.normal(0, 0.1 * max(own[2:]))), 1) for x in own]
                near[2:] = [max(1.0, near[2]), max(1.0, near[3])]
                guesses.append(dict(image_id=picture, category_id=label if random.random() < 0.8 else int(random.integers(1, labels + 1)), bbox=near,
                                    score=round(float(random.random()), 2)))
        for _ in range(random.integers(0, 4)):
            guesses.append(dict(image_id=picture, category_id=int(random.integers(1, labels + 1)), bbox=box(largest), score=round(float(random.random()), 2)))
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO()
        coco.dataset = dict(images=images, annotations=truths, categories=[dict(id=i) for i in range(1, labels + 1)])
        coco.createIndex()
        evaluation = COCOeval(coco, coco.loadRes([dict(guess) for guess in guesses]), "bbox")
        evaluation.evaluate(), evaluation.accumulate(), evaluation.summarize()
    return dict(
        pictures=[dict(truths=[dict(label=t["category_id"], box=t["bbox"], area=t["area"], isCrowd=bool(t["iscrowd"])) for t in truths if t["image_id"] == i],
                       guesses=[dict(label=g["category_id"], box=g["bbox"], score=g["score"]) for g in guesses if g["image_id"] == i])
                  for i in range(1, pictures + 1)],
        statistics=[float(x) for x in evaluation.stats])


cases = [case(1, 1, 60, 0), case(8, 3, 60, 0), case(12, 4, 150, 0.2), case(25, 2, 100, 0.1)]
path = os.path.join(os.path.dirname(__file__), "..", "Tests", "Fixtures", "Metrics", "detection.json")
json.dump(dict(cases=cases), open(path, "w"), separators=(",", ":"))
