#!/usr/bin/env python3
"""The twin of `attend train sounds` in PyTorch: transformers' audio spectrogram transformer, trained by the same recipe on the same sounds.

    attend train sounds --train TRAIN.tsv --valid VALID.tsv --output words …
    python3 scripts/train-sounds-reference.py words --train TRAIN.tsv --valid VALID.tsv --test TEST.tsv [--seed 1] [--threads 1]

WORDS is the folder that `attend train sounds` left: its sizes, its settings and its means are used, and none of its weights. First it is told how far the
folder's own model, read by transformers, is from being as good as `attend evaluate sounds` says. Tables have lines `file TAB class`. Random numbers differ,
so that results agree as those of two seeds do. Needs torch, torchaudio, transformers, scipy and numpy: without
torchaudio, transformers takes windows of 400 samples at any rate, which are other features.
"""
import argparse, copy, json, math, os, time
import numpy, torch, torchaudio
from scipy.io import wavfile
from scipy.signal import resample_poly
from torch.nn import functional as F
from training_course import Course
from transformers import ASTConfig, ASTFeatureExtractor, ASTForAudioClassification


def sounds(table, extractor):
    folder = os.path.dirname(os.path.abspath(table))
    values, labels = [], []
    for line in open(table):
        if not line.strip():
            continue
        name, label = line.rstrip("\n").split("\t")
        rate, samples = wavfile.read(os.path.join(folder, name))
        samples = samples.astype("f8") / 32768
        if rate != extractor.sampling_rate:
            divisor = math.gcd(rate, extractor.sampling_rate)
            samples = resample_poly(samples, extractor.sampling_rate // divisor, rate // divisor)
        values.append(extractor(samples.astype("f4"), sampling_rate=extractor.sampling_rate, return_tensors="pt").input_values[0])
        labels.append(label)
    return torch.stack(values), labels


def augmented(batch, settings, silence):
    """Each moved in time by up to `shift` moments, and with some bands and moments that are not heard."""
    made = torch.full_like(batch, silence)
    _, frames, bands = batch.shape
    for index, sound in enumerate(batch):
        shift = int(torch.randint(-settings["shift"], settings["shift"] + 1, ()))
        if shift >= 0:
            made[index, shift:] = sound[:frames - shift]
        else:
            made[index, :shift] = sound[-shift:]
        for axis, count, most in ((0, frames, settings["maskedMoments"]), (1, bands, settings["maskedBands"])):
            length = int(torch.randint(0, min(count, most) + 1, ()))
            start = int(torch.randint(0, count - length + 1, ()))
            made[index].narrow(axis, start, length).zero_()
    return made


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    for part in ("train", "valid", "test"):
        parser.add_argument("--" + part, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    settings = json.load(open(options.folder + "/settings.json"))
    heard = settings["sounds"]
    extractor = ASTFeatureExtractor.from_pretrained(options.folder)
    config = ASTConfig.from_pretrained(options.folder)
    (train, train_labels), (valid, valid_labels), (test, test_labels) = (
        sounds(path, extractor) for path in (options.train, options.valid, options.test))
    number = config.label2id
    answers, asked, tested = (torch.tensor([number[label] for label in labels]) for labels in (train_labels, valid_labels, test_labels))

    @torch.no_grad()
    def accuracy(model, values, targets):
        model.eval()
        right = sum((model(v).logits.argmax(1) == t).sum().item() for v, t in zip(values.split(32), targets.split(32)))
        model.train()
        return right / len(targets)

    print(f"the folder's own model: validation {accuracy(ASTForAudioClassification.from_pretrained(options.folder), valid, asked):.4f}, "
          f"test {accuracy(ASTForAudioClassification.from_pretrained(options.folder), test, tested):.4f}")
    model = ASTForAudioClassification(config)
    for name, parameter in model.named_parameters():
        if name.endswith("bias"):
            torch.nn.init.zeros_(parameter)
        elif "norm" in name:
            torch.nn.init.ones_(parameter)
        else:
            torch.nn.init.normal_(parameter, std=0.02)
    course = Course(model, settings["training"])
    print(f"{sum(p.numel() for p in model.parameters())} parameters")
    silence = -extractor.mean / (2 * extractor.std)
    best, kept, start, update = 0, None, time.process_time(), 0
    while update < course.updates:
        for indices in torch.randperm(len(train)).split(heard["batchSize"]):
            update += 1
            logits = model(augmented(train[indices], heard, silence)).logits
            loss = F.cross_entropy(logits, answers[indices], label_smoothing=heard["smoothing"])
            loss.backward()
            course.step(update)
            if update % course.settings["validationInterval"] == 0:
                found = accuracy(model, valid, asked)
                print(f"update {update}: accuracy {found:.4f}, {time.process_time() - start:.0f} s", flush=True)
                if found > best:
                    best, kept = found, copy.deepcopy(model.state_dict())
            if update == course.updates:
                break
    if kept:
        model.load_state_dict(kept)
    print(f"test: accuracy {accuracy(model, test, tested):.4f}")


main()
