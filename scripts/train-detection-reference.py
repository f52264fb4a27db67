#!/usr/bin/env python3
"""The twin of `BloodCells train` and `attend train detection` in PyTorch: the same network, drawn, shown photographs and trained by the same recipe.

    attend train detection --settings --set pictures.flips=true > settings.json
    python3 scripts/train-detection-reference.py settings.json DATA [--seed 1] [--updates N] [--threads 1] [--output FILE.pt]

DATA is the folder of the blood cells that Examples/BloodCells reads. Random numbers differ, so that results agree as those of two seeds do. Prints the
average precision on the photographs to choose by, and at the end that on the test's by the model that was best on those. Needs torch, numpy, scipy and
pycocotools.
"""
import argparse, contextlib, copy, gzip, io, json, math, random, time
import numpy, torch
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from torch.nn import functional as F
from detection_network import PlaceDetector, corners, loss
from training_course import Course


def read(folder, part, names):
    """Pictures [N, 3, H, W] from 0 to 1, and (classes, boxes) of each: centres and sizes, shares of the picture."""
    data = gzip.open(f"{folder}/{part}-images.idx4.gz").read()
    shape = [int.from_bytes(data[4 + 4 * i:8 + 4 * i], "big") for i in range(4)]
    pictures = torch.from_numpy(numpy.frombuffer(data, "u1", offset=20).reshape(shape).copy()).permute(0, 3, 1, 2).float() / 255
    objects = [([], []) for _ in pictures]
    for line in gzip.open(f"{folder}/{part}.boxes.tsv.gz", "rt"):
        index, _, name, *sides = line.rstrip("\n").split("\t")
        left, top, right, bottom = (float(side) / whole for side, whole in zip(sides, (640, 480, 640, 480)))
        objects[int(index)][0].append(names.index(name))
        objects[int(index)][1].append([(left + right) / 2, (top + bottom) / 2, right - left, bottom - top])
    return pictures, [(torch.tensor(c, dtype=torch.long), torch.tensor(b).reshape(-1, 4)) for c, b in objects]


def cut(picture, classes, boxes, least):
    height, width = picture.shape[1:]
    area, proportion = random.uniform(least, 1), math.sqrt(math.exp(random.uniform(-math.log(4 / 3), math.log(4 / 3))))
    w = min(width, max(1, round(width * math.sqrt(area) * proportion)))
    h = min(height, max(1, round(height * math.sqrt(area) / proportion)))
    x, y = random.randint(0, width - w), random.randint(0, height - h)
    part = F.interpolate(picture[None, :, y:y + h, x:x + w], size=(height, width), mode="bilinear", align_corners=False)[0]
    middle = boxes[:, :2] * torch.tensor([width, height]) - torch.tensor([x, y])
    stays = ((middle >= 0) & (middle < torch.tensor([w, h]))).all(1)
    edges = corners(boxes[stays]) * torch.tensor([width, height, width, height]) - torch.tensor([x, y, x, y])
    edges = (edges / torch.tensor([w, h, w, h])).clamp(0, 1)
    return part, classes[stays], torch.cat([(edges[:, :2] + edges[:, 2:]) / 2, edges[:, 2:] - edges[:, :2]], 1)


def augmented(picture, classes, boxes, settings):
    if settings["crop"] < 1:
        picture, classes, boxes = cut(picture, classes, boxes, settings["crop"])
    for name, axis in (("mirrors", 0), ("flips", 1)):
        if settings[name] and random.random() < 0.5:
            picture, boxes = picture.flip(2 - axis), boxes.clone()
            boxes[:, axis] = 1 - boxes[:, axis]
    return picture, classes, boxes


class Judge:
    """Average precision as pycocotools computes it, each place with its likeliest class."""

    def __init__(self, objects, width, height, names):
        self.scale = torch.tensor([width, height, width, height])
        self.truth = COCO()
        truths = []
        for image, (classes, boxes) in enumerate(objects, 1):
            for label, box in zip(classes.tolist(), self.rectangles(boxes)):
                truths.append(dict(id=len(truths) + 1, image_id=image, category_id=label + 1, bbox=box, area=box[2] * box[3], iscrowd=0))
        self.truth.dataset = dict(images=[dict(id=i) for i in range(1, len(objects) + 1)], annotations=truths,
                                  categories=[dict(id=i + 1) for i in range(len(names))])
        self.names = names
        with contextlib.redirect_stdout(io.StringIO()):
            self.truth.createIndex()

    def rectangles(self, boxes):
        edges = corners(boxes) * self.scale
        return torch.cat([edges[:, :2], edges[:, 2:] - edges[:, :2]], 1).tolist()

    def __call__(self, answers):
        guesses = []
        for image, (logits, boxes) in enumerate(answers, 1):
            scores, labels = logits.sigmoid().max(1)
            for score, label, box in zip(scores.tolist(), labels.tolist(), self.rectangles(boxes)):
                guesses.append(dict(image_id=image, category_id=label + 1, bbox=box, score=score))
        with contextlib.redirect_stdout(io.StringIO()):
            evaluation = COCOeval(self.truth, self.truth.loadRes(guesses), "bbox")
            evaluation.evaluate(), evaluation.accumulate()
        precision = evaluation.eval["precision"][:, :, :, 0, 2]  # thresholds, recalls, classes

        def mean(part):
            return float(part[part > -1].mean()) if (part > -1).any() else 0.0

        all = dict(AP=mean(precision), AP50=mean(precision[0]), AP75=mean(precision[5]))
        each = {name: dict(AP=mean(precision[:, :, i]), AP50=mean(precision[0, :, i]), AP75=mean(precision[5, :, i])) for i, name in enumerate(self.names)}
        return all, each


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("settings")
    parser.add_argument("data")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--updates", type=int)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--output")
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    random.seed(options.seed)
    torch.set_num_threads(options.threads)
    settings = json.load(open(options.settings))
    sizes, shown = settings["model"], settings["pictures"]
    lines = gzip.open(f"{options.data}/train.boxes.tsv.gz", "rt")
    names = sorted({line.split("\t")[2] for line in lines})
    (pictures, objects), (held, held_objects), (test, test_objects) = (read(options.data, part, names) for part in ("train", "valid", "test"))
    mean = pictures.mean((0, 2, 3), keepdim=True)
    deviation = pictures.std((0, 2, 3), correction=0, keepdim=True)
    channels = [sizes["channelCount"] << i for i in range(sizes["convolutionCount"] - 1)] + [sizes["modelSize"]]
    model = PlaceDetector(channels, sizes["encoderLayerCount"], sizes["decoderLayerCount"], sizes["headCount"], sizes["feedForwardSize"], len(names),
                          sizes["dropout"], sizes["boxSize"])
    model.draw()
    course = Course(model, settings["training"], options.updates)

    @torch.no_grad()
    def judged(pictures, objects):
        model.eval()
        parts = ((pictures - mean) / deviation).split(shown["batchSize"])
        answers = [answer for part in parts for answer in zip(*model(part)[-1])]
        model.train()
        return Judge(objects, pictures.shape[3], pictures.shape[2], names)(answers)

    print(f"{sum(len(c) for c, _ in objects)} objects on {len(pictures)} photographs, {sum(p.numel() for p in model.parameters())} parameters", flush=True)
    best, kept, start, update = -1, None, time.time(), 0
    while update < course.updates:
        for indices in torch.randperm(len(pictures)).split(shown["batchSize"]):
            update += 1
            batch = [augmented(pictures[i], *objects[i], shown) for i in indices.tolist()]
            labels = [(classes, boxes) for _, classes, boxes in batch]
            seen = (torch.stack([picture for picture, _, _ in batch]) - mean) / deviation
            total = sum(loss(logits, boxes, labels) for logits, boxes in model(seen)) / max(1, sum(len(c) for c, _ in labels))
            total.backward()
            course.step(update)
            if update % course.settings["validationInterval"] == 0 or update == course.updates:
                found = judged(held, held_objects)[0]
                print(f"update {update}: loss {total.item():.4f}, AP {found['AP']:.4f}, AP50 {found['AP50']:.4f}, {time.time() - start:.0f} s", flush=True)
                if found["AP"] > best:
                    best, kept = found["AP"], copy.deepcopy(model.state_dict())
            if update == course.updates:
                break
    model.load_state_dict(kept)
    if options.output:
        torch.save(kept, options.output)
    all, each = judged(test, test_objects)
    for name, score in [("all", all)] + list(each.items()):
        print(f"test, {name}: AP {score['AP']:.4f}, AP50 {score['AP50']:.4f}, AP75 {score['AP75']:.4f}")


main()
