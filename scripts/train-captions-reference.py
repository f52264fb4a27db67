#!/usr/bin/env python3
"""The twin of Examples/ShowAttendTell in PyTorch: the same network, shown the same kinds of pictures and trained by the same recipe.

    python3 scripts/train-captions-reference.py LOOK scenes|emoji DATA UPDATES [--seed 1] [--threads 1]

LOOK is soft, covering, reinforce, gumbel or exact, as there; DATA the folder of MNIST's four files, or of the emoji's. Random numbers differ, so that results
agree as those of two seeds do. Prints the share of captions that are right to the word, of pictures held out every 500 updates and of test pictures at the
end. Needs torch and numpy.
"""
import argparse, gzip, math, time
import numpy, torch
from torch import nn
from torch.nn import functional as F

NAMES = "zero one two three four five six seven eight nine".split()
PLURALS = "zeros ones twos threes fours fives sixes sevens eights nines".split()
GRID, PITCH, FRAME, SIDE = 3, 21, 28, 64


def idx(path):
    data = gzip.open(path).read()
    rank = data[3]
    shape = [int.from_bytes(data[4 + 4 * i:8 + 4 * i], "big") for i in range(rank)]
    return numpy.frombuffer(data, "u1", offset=4 + 4 * rank).reshape(shape)


def caption(digits):
    """Of a dict from (row, column) to digit: rows from above, in each runs of equal digits from the left."""
    rows = []
    for row in range(GRID):
        runs = []
        for column in range(GRID):
            if (row, column) in digits:
                digit = digits[row, column]
                if runs and runs[-1][0] == digit:
                    runs[-1][1] += 1
                else:
                    runs.append([digit, 1])
        if runs:
            rows.append(" beside ".join(
                f"{'an' if d == 8 else 'a'} {NAMES[d]}" if n == 1 else f"{NAMES[n]} {PLURALS[d]}" for d, n in runs))
    return " above ".join(rows)


class Scenes:
    channels, sizes, poolings, dropout = 1, (16, 32, 64, 64), 3, 0.0
    limit = 12  # The longest caption has eleven words, and an end.

    def __init__(self, folder):
        self.parts = {}
        for part in ("train", "test"):
            images, labels = idx(f"{folder}/{part}-images-idx3-ubyte.gz"), idx(f"{folder}/{part}-labels-idx1-ubyte.gz")
            self.parts[part] = images, labels, [numpy.flatnonzero(labels == d) for d in range(10)]
        self.words = list(dict.fromkeys(["a", "an", "above", "beside"] + NAMES + PLURALS)) + ["?"]

    def scene(self, part, random):
        images, labels, places = self.parts[part]
        count = random.integers(2, 5)
        cells = sorted(random.permutation(GRID * GRID)[:count])
        canvas, digits, before = numpy.zeros((SIDE, SIDE), "u1"), {}, None
        for cell in cells:
            if before is not None and random.random() < 0.5:
                index = random.choice(places[before])
            else:
                index = random.integers(len(labels))
            before = int(labels[index])
            row, column = divmod(int(cell), GRID)
            digits[row, column] = before
            y, x = (PITCH * place + 11 - FRAME // 2 + random.integers(-1, 2) for place in (row, column))
            inside = canvas[max(0, y):y + FRAME, max(0, x):x + FRAME]
            source = images[index][max(0, -y):, max(0, -x):][:inside.shape[0], :inside.shape[1]]
            numpy.maximum(inside, source, out=inside)
        return canvas[None], caption(digits).split()

    def batch(self, random, size):
        return [self.scene("train", random) for _ in range(size)]

    def held(self, part):
        random = numpy.random.default_rng(987 if part == "valid" else 654)
        return [self.scene("train" if part == "valid" else "test", random) for _ in range(500 if part == "valid" else 2000)]


class Emoji:
    channels, sizes, poolings, dropout = 3, (32, 64, 64), 2, 0.3
    limit = 17

    def __init__(self, folder):
        self.parts = {}
        for part in ("train", "valid", "test"):
            images = idx(f"{folder}/{part}-images.idx4.gz").transpose(0, 3, 1, 2)
            lines = gzip.open(f"{folder}/{part}.tsv.gz", "rt").read().splitlines()
            captions = [line.split("\t")[1].replace(":", " :").replace(",", " ,").split() for line in lines]
            self.parts[part] = list(zip(images, captions))
        self.order, counts = [], {}
        for _, words in self.parts["train"]:
            for word in words:
                counts[word] = counts.get(word, 0) + 1
        self.words = sorted(word for word, count in counts.items() if count > 1) + ["?"]

    def batch(self, random, size):
        """Each moved by up to two pixels; what comes in is white."""
        made = []
        if len(self.order) < size:
            self.order += random.permutation(len(self.parts["train"])).tolist()
        chosen, self.order = self.order[:size], self.order[size:]
        for index in chosen:
            image, words = self.parts["train"][index]
            y, x = random.integers(0, 5, size=2)
            wide = numpy.pad(image, ((0, 0), (2, 2), (2, 2)), constant_values=255)
            made.append((wide[:, y:y + 32, x:x + 32], words))
        return made

    def held(self, part):
        return self.parts[part]


class Teller(nn.Module):
    def __init__(self, task, look, state=128, word=32, hidden=64):
        super().__init__()
        sizes = task.sizes
        self.look, self.poolings, self.end, self.dropout = look, task.poolings, len(task.words), task.dropout
        self.convolutions = nn.ModuleList(nn.Conv2d(i, o, 3, padding=1) for i, o in zip((task.channels,) + sizes, sizes))
        self.norms = nn.ModuleList(nn.GroupNorm(4, o) for o in sizes)
        size = sizes[-1]
        self.positions = nn.Parameter(torch.randn(1, 64, size) * 0.2)
        self.start = nn.Linear(size, 2 * state)
        self.words = nn.Embedding(len(task.words) + 1, word)
        self.cell = nn.LSTMCell(word + size, state)
        self.query, self.key, self.vector = nn.Linear(state, hidden), nn.Linear(size, hidden, bias=False), nn.Linear(hidden, 1, bias=False)
        self.gate = nn.Linear(state, 1)
        self.output, self.sight = nn.Linear(state, len(task.words) + 1), nn.Linear(size, len(task.words) + 1, bias=False)
        self.baseline = nn.Linear(state, 1)
        for module in list(self.convolutions) + [self.start, self.query, self.key, self.vector, self.output, self.sight]:
            nn.init.xavier_uniform_(module.weight)
            if module.bias is not None:
                nn.init.zeros_(module.bias)

    def forward(self, images, known=None, count=None):
        """Logits [B, T, V], weights [B, T, L], and of what was drawn ln α, entropy and baselines, each [B, T]."""
        x = images
        for index, (convolution, norm) in enumerate(zip(self.convolutions, self.norms)):
            x = norm(convolution(x)).relu()
            if index < self.poolings:
                x = F.max_pool2d(x, 2)
        places = x.flatten(2).transpose(1, 2) + self.positions
        keys = self.key(places)
        sights = self.sight(places) if self.look == "exact" else None
        batch = len(images)
        h, c = self.start(places.mean(1)).tanh().chunk(2, 1)
        z = torch.zeros(batch, places.shape[2])
        previous = torch.full((batch,), self.end)
        found = []
        for step in range(count if known is None else known.shape[1]):
            h, c = self.cell(torch.cat([self.words(previous), z], 1), (h, c))
            scores = self.vector((self.query(h)[:, None] + keys).tanh())[:, :, 0]
            weights = scores.softmax(1)
            beta = self.gate(h).sigmoid()
            chance = entropy = expected = torch.zeros(batch)
            if self.look == "gumbel" and self.training:
                noise = -torch.empty_like(scores).exponential_().log()
                soft = (scores + noise).softmax(1)
                weights = F.one_hot(soft.argmax(1), scores.shape[1]) - soft.detach() + soft
            elif self.look in ("gumbel", "reinforce") and not self.training:
                weights = F.one_hot(weights.argmax(1), scores.shape[1]).float()
            if self.look == "reinforce" and self.training:
                spared = (torch.rand(batch, 1) < 0.5).float()
                drawn = F.one_hot(torch.multinomial(weights.detach(), 1)[:, 0], scores.shape[1]).float()
                logs = scores.log_softmax(1)
                chance = (drawn * logs).sum(1) * (1 - spared[:, 0])
                entropy = -(weights * logs).sum(1)
                expected = self.baseline(h.detach())[:, 0]
                read = spared * weights + (1 - spared) * drawn
            else:
                read = weights
            z = beta * (read[:, :, None] * places).sum(1)
            told = F.dropout(h, self.dropout, self.training)
            if self.look == "exact":
                each = self.output(told)[:, None] + beta[:, None] * sights
                logits = ((weights[:, None] @ each.softmax(2))[:, 0] + 1e-20).log()
            else:
                logits = self.output(told) + self.sight(z)
            found.append((logits, weights, chance, entropy, expected))
            previous = known[:, step] if known is not None else logits.argmax(1)
        return [torch.stack(parts, 1) for parts in zip(*found)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("look", choices="soft covering reinforce gumbel exact".split())
    parser.add_argument("task", choices=["scenes", "emoji"])
    parser.add_argument("data")
    parser.add_argument("updates", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--interval", type=int, default=500)
    parser.add_argument("--rate", type=float, default=2e-3)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    random = numpy.random.default_rng(options.seed)
    task = (Scenes if options.task == "scenes" else Emoji)(options.data)
    number = {word: index for index, word in enumerate(task.words)}
    end = len(task.words)
    model = Teller(task, options.look)
    print(f"{sum(p.numel() for p in model.parameters())} parameters, {end + 1} words")
    optimizer = torch.optim.Adam(model.parameters(), lr=options.rate)

    def seen(pictures):
        return torch.from_numpy(numpy.stack([image for image, _ in pictures])).float() / 255

    def loss(pictures):
        lines = [[number.get(word, end - 1) for word in words] + [end] for _, words in pictures]
        count = max(map(len, lines))
        isWord = torch.tensor([[float(i < len(line)) for i in range(count)] for line in lines])
        known = torch.tensor([line + [end] * (count - len(line)) for line in lines])
        logits, weights, chance, entropy, expected = model(seen(pictures), known)
        likely = logits.log_softmax(2).gather(2, known[:, :, None])[:, :, 0] * isWord
        total = -likely.sum()
        named = total.item() / isWord.sum().item()
        if options.look == "covering":
            total = total + 0.1 * ((1 - (weights * isWord[:, :, None]).sum(1)) ** 2).sum()
        if options.look == "reinforce":
            reward = likely.detach().flip(1).cumsum(1).flip(1)
            surprise = (reward - expected) * isWord
            total = total - (surprise.detach() * chance).sum() - 0.01 * (entropy * isWord).sum() + 0.02 * (surprise ** 2).sum()
        return total / isWord.sum(), named

    @torch.no_grad()
    def right(pictures):
        model.eval()
        count = 0
        for start in range(0, len(pictures), 100):
            part = pictures[start:start + 100]
            choices = model(seen(part), count=task.limit)[0].argmax(2).tolist()
            for line, (_, words) in zip(choices, part):
                told = [task.words[i] for i in (line[:line.index(end)] if end in line else line)]
                count += told == words
        model.train()
        return count / len(pictures)

    held, start, recent = task.held("valid"), time.process_time(), []
    for update in range(1, options.updates + 1):
        warmup = min(200, options.updates // 10)
        rate = update / warmup if update <= warmup else (
            1 + math.cos(math.pi * (update - warmup) / max(1, options.updates - warmup))) / 2
        for group in optimizer.param_groups:
            group["lr"] = options.rate * rate
        total, named = loss(task.batch(random, 32))
        optimizer.zero_grad()
        total.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5)
        optimizer.step()
        recent.append(named)
        if update % options.interval == 0:
            print(f"update {update}: {sum(recent) / len(recent):.4f} nats a word, {100 * right(held):.1f} % of captions right, "
                  f"{time.process_time() - start:.0f} s", flush=True)
            recent = []
    print(f"test: {100 * right(task.held('test')):.1f} % of captions right")


main()
