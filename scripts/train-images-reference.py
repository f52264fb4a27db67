#!/usr/bin/env python3
"""The twin of `attend train images` in PyTorch: the same networks, drawn, shown pictures and trained by the same recipe.

    attend train images --architecture cct --settings > settings.json
    python3 scripts/train-images-reference.py cct settings.json DATA [--seed 1] [--updates N] [--hold-out 5000] [--threads 1]

NETWORK is cct, cnn, cnn-se, cnn-spatial or cnn-cbam; DATA the folder of MNIST's or Fashion-MNIST's four files. Random numbers differ, so that results agree
as those of two seeds do. Prints the accuracy on the pictures held out, and at the end that on the test pictures by the model that was best on those.
Needs torch and numpy.
"""
import argparse, copy, gzip, json, time
import numpy, torch
from torch.nn import functional as F
from image_networks import CCT, AttentiveCNN
from training_course import Course


def idx(path):
    data = gzip.open(path).read()
    rank = data[3]
    shape = [int.from_bytes(data[4 + 4 * i:8 + 4 * i], "big") for i in range(rank)]
    return torch.from_numpy(numpy.frombuffer(data, "u1", offset=4 + 4 * rank).reshape(shape).copy())


def part(folder, name):
    return idx(f"{folder}/{name}-images-idx3-ubyte.gz"), idx(f"{folder}/{name}-labels-idx1-ubyte.gz").long()


def network(name, settings, size, classes):
    model = settings["model"]
    if name == "cct":
        channels = (3,) + (model["convolutionSize"],) * (model["convolutionCount"] - 1) + (model["modelSize"],)
        return CCT(size, channels, model["layerCount"], model["headCount"], model["feedForwardSize"], model["kernelSize"], classes, model["dropout"],
                   model["attentionDropout"])
    sizes = [model["channelCount"] << i for i in range(model["blockCount"])]
    return AttentiveCNN(sizes, model["attention"], model["reduction"], model["kernelSize"], classes)


def augmented(pictures, settings):
    """Half of them mirrored, each moved by up to `shift` pixels."""
    if settings["flips"]:
        mirrored = torch.rand(len(pictures)) < 0.5
        pictures = torch.where(mirrored[:, None, None], pictures.flip(2), pictures)
    reach = settings["shift"]
    if reach:
        wide, (height, width) = F.pad(pictures, (reach,) * 4), pictures.shape[1:]
        places = torch.randint(0, 2 * reach + 1, (len(pictures), 2))
        pictures = torch.stack([p[y:y + height, x:x + width] for p, (y, x) in zip(wide, places.tolist())])
    return pictures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("network")
    parser.add_argument("settings")
    parser.add_argument("data")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--updates", type=int)
    parser.add_argument("--hold-out", type=int, default=5000)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    settings = json.load(open(options.settings))
    shown = settings["pictures"]
    if shown["crop"] < 1:
        raise SystemExit("expected pictures.crop of 1, which is all that this twin does")
    (pictures, labels), (test, answers) = part(options.data, "train"), part(options.data, "test")
    order = torch.randperm(len(pictures))
    held, learnt = order[:options.hold_out], order[options.hold_out:]
    mean = pictures[learnt].float().div(255).mean().item()
    deviation = pictures[learnt].float().div(255).std(correction=0).item()

    def seen(batch):
        return ((batch.float() / 255 - mean) / deviation)[:, None].expand(-1, 3, -1, -1)

    model = network(options.network, settings, pictures.shape[1:], int(labels.max()) + 1)
    model.draw()
    course = Course(model, settings["training"], options.updates)

    @torch.no_grad()
    def accuracy(batchwise, targets):
        model.eval()
        right = sum((model(seen(b))[0].argmax(1) == t).sum().item() for b, t in zip(batchwise.split(200), targets.split(200)))
        model.train()
        return right / len(targets)

    print(f"{sum(p.numel() for p in model.parameters())} parameters")
    best, kept, start, update = 0, None, time.time(), 0
    while update < course.updates:
        for indices in learnt[torch.randperm(len(learnt))].split(shown["batchSize"]):
            update += 1
            logits = model(seen(augmented(pictures[indices], shown)))[0]
            loss = F.cross_entropy(logits, labels[indices], label_smoothing=shown["smoothing"])
            loss.backward()
            course.step(update)
            if update % course.settings["validationInterval"] == 0:
                found = accuracy(pictures[held], labels[held])
                print(f"update {update}: accuracy {found:.4f}, {time.time() - start:.0f} s", flush=True)
                if found > best:
                    best, kept = found, copy.deepcopy(model.state_dict())
            if update == course.updates:
                break
    if kept:
        model.load_state_dict(kept)
    print(f"test: accuracy {accuracy(test, answers):.4f}")


main()
