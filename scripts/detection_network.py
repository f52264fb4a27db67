"""The network of `attend train detection` in PyTorch, its parameters named as attend names them, and its loss. Read by train-detection-reference.py and
make-place-detection-fixtures.py."""
import math, torch
from scipy.optimize import linear_sum_assignment
from torch import nn
from torch.nn import functional as F
from image_networks import Block, Unit


class Attention(nn.Module):
    def __init__(self, size, heads):
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.output = (nn.Linear(size, size) for _ in range(4))

    def forward(self, queries, keys, values, wanted=False):
        def split(x):
            return x.unflatten(2, (self.heads, -1)).transpose(1, 2)

        q, k, v = split(self.query(queries)), split(self.key(keys)), split(self.value(values))
        if wanted:
            weights = (q @ k.transpose(2, 3) / math.sqrt(q.shape[3])).softmax(3)
            return self.output((weights @ v).transpose(1, 2).flatten(2)), weights
        return self.output(F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)), None


class FeedForward(nn.Module):
    def __init__(self, size, hidden):
        super().__init__()
        self.up, self.down = nn.Linear(size, hidden), nn.Linear(hidden, size)

    def forward(self, x):
        return self.down(F.relu(self.up(x)))


class EncoderLayer(nn.Module):
    def __init__(self, size, heads, hidden, dropout):
        super().__init__()
        self.dropout = dropout
        self.self_attention, self.feed_forward = Attention(size, heads), FeedForward(size, hidden)
        self.self_attention_norm, self.feed_forward_norm = nn.LayerNorm(size), nn.LayerNorm(size)

    def drop(self, branch):
        return F.dropout(branch, self.dropout, self.training)

    def forward(self, x, places, wanted=False):
        y = self.self_attention_norm(x)
        branch, weights = self.self_attention(y + places, y + places, y, wanted)
        x = x + self.drop(branch)
        return x + self.drop(self.feed_forward(self.feed_forward_norm(x))), weights


class DecoderLayer(EncoderLayer):
    def __init__(self, size, heads, hidden, dropout):
        super().__init__(size, heads, hidden, dropout)
        self.cross_attention, self.cross_attention_norm = Attention(size, heads), nn.LayerNorm(size)

    def forward(self, x, places, encoded, wanted=False):
        y = self.self_attention_norm(x)
        branch, among = self.self_attention(y + places, y + places, y, wanted)
        x = x + self.drop(branch)
        branch, looked = self.cross_attention(self.cross_attention_norm(x) + places, encoded + places, encoded, wanted)
        x = x + self.drop(branch)
        return x + self.drop(self.feed_forward(self.feed_forward_norm(x))), among, looked


class Answer(nn.Module):
    """Of which classes what a place stands for is, and where its box is, against the answer before."""

    def __init__(self, size, classes):
        super().__init__()
        self.norm = nn.LayerNorm(size)
        self.classes, self.hidden, self.box = nn.Linear(size, classes), nn.Linear(size, size), nn.Linear(size, 4)

    def forward(self, x):
        x = self.norm(x)
        return self.classes(x), self.box(F.relu(self.hidden(x)))


def sine_places(height, width, size):
    """DETR's positions of a whole picture, [h w, M]."""
    half = size // 2
    scales = 10000 ** (2 * torch.div(torch.arange(half), 2, rounding_mode="floor").double() / half)

    def turned(count):
        angles = torch.arange(1, count + 1).double() / (count + 1e-6) * 2 * math.pi
        turns = angles[:, None] / scales
        return torch.where(torch.arange(half) % 2 == 0, turns.sin(), turns.cos())

    rows, columns = turned(height)[:, None].expand(-1, width, -1), turned(width)[None].expand(height, -1, -1)
    return torch.cat([rows, columns], 2).flatten(0, 1).float()


class PlaceDetector(nn.Module):
    """Gives for the encoder and each layer of the decoder (logits [B, L, C], boxes [B, L, 4]), the last being the answer."""

    def __init__(self, sizes=(32, 64, 80), encoder_layers=2, decoder_layers=2, heads=4, hidden=160, classes=3, dropout=0.0, box_size=0.15):
        super().__init__()
        size = sizes[-1]
        self.box_size = box_size
        self.stem = Unit(3, sizes[0], 3, 2)
        self.blocks = nn.ModuleList(Block(a, b, 2, "none", 4, 7) for a, b in zip(sizes, sizes[1:]))
        self.encoder = nn.ModuleList(EncoderLayer(size, heads, hidden, dropout) for _ in range(encoder_layers))
        self.encoder_norm = nn.LayerNorm(size)
        self.decoder = nn.ModuleList(DecoderLayer(size, heads, hidden, dropout) for _ in range(decoder_layers))
        self.answers = nn.ModuleList(Answer(size, classes) for _ in range(decoder_layers + 1))

    def draw(self):
        for name, value in self.named_parameters():
            if name.endswith("norm.weight"):
                nn.init.ones_(value)
            elif name.endswith("classes.bias"):
                nn.init.constant_(value, -math.log(99))
            elif name.endswith(".bias"):
                nn.init.zeros_(value)
            elif name.endswith("box.weight"):
                nn.init.normal_(value, 0, 0.001)
            elif name.endswith("classes.weight"):
                nn.init.normal_(value, 0, 0.01)
            elif name.endswith("convolution.weight"):
                nn.init.normal_(value, 0, math.sqrt(2 / value[0].numel()))
            else:
                nn.init.normal_(value, 0, math.sqrt(1 / value.shape[1]))

    def start(self, height, width):
        """Where the boxes of places begin, as logits."""
        y, x = torch.meshgrid((torch.arange(height) + 0.5) / height, (torch.arange(width) + 0.5) / width, indexing="ij")
        side = torch.full_like(x, self.box_size)
        return torch.stack([x, y, side, side], 2).flatten(0, 1).logit()

    def forward(self, x, wanted=False):
        x = F.relu(self.stem(x))
        for block in self.blocks:
            x = block(x)[0]
        height, width = x.shape[2:]
        x = x.flatten(2).transpose(1, 2)
        places = sine_places(height, width, x.shape[2]).to(x)
        seen, among, looked = [], [], []
        for layer in self.encoder:
            x, weights = layer(x, places, wanted)
            seen.append(weights)
        encoded = self.encoder_norm(x)
        x, box, found = encoded, self.start(height, width).to(x).expand(x.shape[0], -1, -1), []
        for index, answer in enumerate(self.answers):
            if index:
                x, own, others = self.decoder[index - 1](x, places, encoded, wanted)
                among.append(own)
                looked.append(others)
            logits, change = answer(x)
            box = box.detach() + change
            found.append((logits, box.sigmoid()))
        return (found, encoded, seen, among, looked) if wanted else found


def corners(boxes):
    centre, half = boxes[..., :2], boxes[..., 2:] / 2
    return torch.cat([centre - half, centre + half], -1)


def generalized(a, b):
    """GIoU of boxes by their corners that belong together."""
    def area(box):
        return (box[..., 2:] - box[..., :2]).clamp(min=0).prod(-1)

    def span(low, high):
        return torch.cat([low, high], -1)

    common = area(span(torch.maximum(a[..., :2], b[..., :2]), torch.minimum(a[..., 2:], b[..., 2:])))
    around = area(span(torch.minimum(a[..., :2], b[..., :2]), torch.maximum(a[..., 2:], b[..., 2:])))
    union = area(a) + area(b) - common
    return common / union - (around - union) / around


CLASS, BOX, OVERLAP, BALANCE, FOCUS = 2, 5, 2, 0.25, 2


@torch.no_grad()
def match(logits, boxes, classes, truths, repeats=1):
    """Places and objects of one picture."""
    p = logits.sigmoid()
    right = -BALANCE * (1 - p) ** FOCUS * (p + 1e-8).log()
    wrong = -(1 - BALANCE) * p ** FOCUS * (1 - p + 1e-8).log()
    cost = CLASS * (right - wrong)[:, classes] + BOX * torch.cdist(boxes, truths, p=1)
    cost = cost - OVERLAP * generalized(corners(boxes)[:, None], corners(truths)[None])
    places, objects = linear_sum_assignment(cost.repeat(1, repeats).numpy())
    return torch.as_tensor(places), torch.as_tensor(objects) % max(1, len(truths))


def loss(logits, boxes, labels, repeats=1):
    """The sum over the objects of a batch, and over the places."""
    target, chosen, wanted = torch.zeros_like(logits), [], []
    for row, (classes, truths) in enumerate(labels):
        places, objects = match(logits[row], boxes[row], classes, truths, repeats)
        target[row, places, classes[objects]] = 1
        chosen.append(boxes[row, places])
        wanted.append(truths[objects])
    chosen, wanted = torch.cat(chosen), torch.cat(wanted)
    p = logits.sigmoid()
    surprise = F.binary_cross_entropy_with_logits(logits, target, reduction="none")
    known = p * target + (1 - p) * (1 - target)
    focal = ((BALANCE * target + (1 - BALANCE) * (1 - target)) * (1 - known) ** FOCUS * surprise).sum()
    overlap = (1 - generalized(corners(chosen), corners(wanted))).sum()
    return (CLASS * focal + BOX * (chosen - wanted).abs().sum() + OVERLAP * overlap) / repeats
