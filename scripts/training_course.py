"""How a model is trained in PyTorch as `training` of a settings file says: AdamW, which decays matrices alone, a rate that climbs in a straight line and
falls along half a cosine wave, and gradients cut to a norm. Read by train-{detection,images,language,sounds,summarization}-reference.py."""
import math, torch


class Course:
    """Changes the parameters of a model, update by update; they are counted from 1."""

    def __init__(self, model, settings, updates=None):
        self.settings, self.updates = settings, updates or settings["maximumUpdates"]
        self.parameters = list(model.parameters())
        decayed, others = ([p for p in self.parameters if (p.dim() > 1) == matrix] for matrix in (True, False))
        self.optimizer = torch.optim.AdamW(
            [dict(params=decayed, weight_decay=settings["weightDecay"]), dict(params=others, weight_decay=0.0)], lr=settings["peakRate"],
            betas=(settings["beta1"], settings["beta2"]), eps=settings["epsilon"])

    def rate(self, update):
        peak, floor, warmup = self.settings["peakRate"], self.settings["peakRate"] * self.settings["finalShare"], self.settings["warmup"]
        if update < warmup:
            return peak * update / warmup
        return floor + (peak - floor) * (1 + math.cos(math.pi * min(1, (update - warmup) / max(1, self.updates - warmup)))) / 2

    def step(self, update):
        """Follows the gradients that backward passes have left, and forgets them."""
        if self.settings["clippingNorm"]:
            torch.nn.utils.clip_grad_norm_(self.parameters, self.settings["clippingNorm"])
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate(update)
        self.optimizer.step()
        self.optimizer.zero_grad()
