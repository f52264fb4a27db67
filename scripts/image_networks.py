"""The networks of `attend train images` in PyTorch, their parameters named as attend names them: compact convolutional transformers (Hassani et al.
2021) and small convolutional networks with attention. Read by train-images-reference.py and make-image-fixtures.py."""
import math, torch
from torch import nn
from torch.nn import functional as F


class SelfAttention(nn.Module):
    def __init__(self, size, heads, bias, dropout):
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.query, self.key, self.value = (nn.Linear(size, size, bias=bias) for _ in range(3))
        self.output = nn.Linear(size, size)

    def forward(self, x):
        batch, count, size = x.shape
        q, k, v = (m(x).view(batch, count, self.heads, -1).transpose(1, 2) for m in (self.query, self.key, self.value))
        weights = (q @ k.transpose(2, 3) / math.sqrt(q.shape[3])).softmax(3)
        read = F.dropout(weights, self.dropout, self.training) @ v
        return self.output(read.transpose(1, 2).reshape(batch, count, size)), weights


class FeedForward(nn.Module):
    def __init__(self, size, hidden):
        super().__init__()
        self.up, self.down = nn.Linear(size, hidden), nn.Linear(hidden, size)

    def forward(self, x):
        return self.down(F.gelu(self.up(x)))


class Layer(nn.Module):
    def __init__(self, size, heads, hidden, bias, dropout, attention_dropout):
        super().__init__()
        self.dropout = dropout
        self.self_attention, self.feed_forward = SelfAttention(size, heads, bias, attention_dropout), FeedForward(size, hidden)
        self.self_attention_norm, self.feed_forward_norm = nn.LayerNorm(size), nn.LayerNorm(size)

    def forward(self, x):
        branch, weights = self.self_attention(self.self_attention_norm(x))
        x = x + F.dropout(branch, self.dropout, self.training)
        return x + F.dropout(self.feed_forward(self.feed_forward_norm(x)), self.dropout, self.training), weights


class Pooler(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.query = nn.Parameter(torch.zeros(size))

    def forward(self, x):
        weights = (x @ self.query / math.sqrt(x.shape[2])).softmax(1)
        return (weights[:, None] @ x)[:, 0], weights


class CCT(nn.Module):
    """Gives logits, what each layer gives on, and where each looks, the head last."""

    def __init__(self, image=(28, 28), channels=(3, 64, 128), layers=2, heads=2, hidden=128, kernel=3, classes=10, dropout=0.0, attention_dropout=0.1):
        super().__init__()
        size = channels[-1]
        grid = list(image)
        for _ in channels[1:]:
            grid = [(side + 1) // 2 for side in grid]
        self.encoder = nn.Module()
        self.encoder.convolutions = nn.ModuleList(
            nn.Conv2d(a, b, kernel, padding=kernel // 2, bias=False) for a, b in zip(channels, channels[1:]))
        self.encoder.positions = nn.Parameter(torch.zeros(1, grid[0] * grid[1], size))
        self.encoder.layers = nn.ModuleList(Layer(size, heads, hidden, False, dropout, attention_dropout) for _ in range(layers))
        self.encoder.norm = nn.LayerNorm(size)
        self.head = nn.Module()
        self.head.pooler = Pooler(size)
        self.classifier = nn.Linear(size, classes)

    def draw(self):
        for name, value in self.named_parameters():
            if "convolutions." in name:
                nn.init.normal_(value, 0, math.sqrt(2 / value[0].numel()))
            elif name.endswith("positions"):
                nn.init.normal_(value, 0, 0.2)
            elif name.endswith(".bias"):
                nn.init.zeros_(value)
            elif name.endswith("norm.weight"):
                nn.init.ones_(value)
            else:
                nn.init.normal_(value, 0, 0.02)

    def forward(self, x):
        for convolution in self.encoder.convolutions:
            x = F.max_pool2d(F.relu(convolution(x)), 3, 2, 1)
        x = x.flatten(2).transpose(1, 2) + self.encoder.positions
        states, attentions = [x], []
        for layer in self.encoder.layers:
            x, weights = layer(x)
            states.append(x)
            attentions.append(weights)
        pooled, weights = self.head.pooler(self.encoder.norm(x))
        return self.classifier(pooled), states, attentions + [weights[:, None, None]]


class SqueezeExcitation(nn.Module):
    def __init__(self, size, reduced):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(size, reduced), nn.Linear(reduced, size)

    def forward(self, x):
        return x * self.fc2(F.relu(self.fc1(x.mean((2, 3))))).sigmoid()[:, :, None, None], None


def spatial(x, kernel):
    summary = torch.cat([x.mean(1, keepdim=True), x.amax(1, keepdim=True)], 1)
    weights = F.conv2d(summary, kernel, padding=kernel.shape[2] // 2).sigmoid()
    return x * weights, weights


class SpatialAttention(nn.Module):
    def __init__(self, kernel):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1, 2, kernel, kernel))

    def forward(self, x):
        return spatial(x, self.weight)


class CBAM(nn.Module):
    def __init__(self, size, reduced, kernel):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(size, reduced, bias=False), nn.Linear(reduced, size, bias=False)
        self.conv = SpatialAttention(kernel)

    def forward(self, x):
        weights = sum(self.fc2(F.relu(self.fc1(z))) for z in (x.mean((2, 3)), x.amax((2, 3)))).sigmoid()
        return self.conv(x * weights[:, :, None, None])


class Unit(nn.Module):
    def __init__(self, a, b, size, stride=1):
        super().__init__()
        self.convolution = nn.Conv2d(a, b, size, stride, size // 2, bias=False)
        self.norm = nn.GroupNorm(max(1, b // 8), b)

    def forward(self, x):
        return self.norm(self.convolution(x))


class Block(nn.Module):
    def __init__(self, a, b, stride, kind, reduction, kernel):
        super().__init__()
        self.first, self.second = Unit(a, b, 3, stride), Unit(b, b, 3)
        reduced = max(1, b // reduction)
        if kind != "none":
            self.attention = {"squeeze_excitation": lambda: SqueezeExcitation(b, reduced), "spatial": lambda: SpatialAttention(kernel),
                              "cbam": lambda: CBAM(b, reduced, kernel)}[kind]()
        if a != b or stride != 1:
            self.shortcut = Unit(a, b, 1, stride)

    def forward(self, x):
        branch, weights = self.second(F.relu(self.first(x))), None
        if hasattr(self, "attention"):
            branch, weights = self.attention(branch)
        return F.relu(branch + (self.shortcut(x) if hasattr(self, "shortcut") else x)), weights


class AttentiveCNN(nn.Module):
    """Gives logits, what the stem and each block give on, and how much places count in each block, if they are weighed."""

    def __init__(self, sizes=(16, 32, 64), kind="none", reduction=4, kernel=7, classes=10):
        super().__init__()
        self.encoder = nn.Module()
        self.encoder.stem = Unit(3, sizes[0], 3)
        self.encoder.blocks = nn.ModuleList(
            Block(sizes[max(0, i - 1)], b, 2 if i else 1, kind, reduction, kernel) for i, b in enumerate(sizes))
        self.classifier = nn.Linear(sizes[-1], classes)

    def draw(self):
        for name, value in self.named_parameters():
            if name.endswith(".bias"):
                nn.init.zeros_(value)
            elif name.endswith("norm.weight"):
                nn.init.ones_(value)
            elif name.startswith("classifier"):
                nn.init.normal_(value, 0, 0.01)
            else:
                nn.init.normal_(value, 0, math.sqrt(2 / value[0].numel()))

    def forward(self, x):
        height, width = x.shape[2:]
        x = F.relu(self.encoder.stem(x))
        states, attentions = [x], []
        for block in self.encoder.blocks:
            x, weights = block(x)
            states.append(x)
            if weights is not None:
                rows = torch.arange(height) * weights.shape[2] // height
                columns = torch.arange(width) * weights.shape[3] // width
                attentions.append(weights[:, :, rows][:, :, :, columns].flatten(2)[:, :, None])
        return self.classifier(x.mean((2, 3))), [s.flatten(2).transpose(1, 2) for s in states], attentions
