"""One whole DISTL step in eager PyTorch, timed: the peer of `fedistl bench step`.

Same network, views, losses, clipping, AdamW, EMA and centre as libs/distl; random images. Prints one JSON object.
Usage: python3 pytorch_step.py [--preset mini|vit-small-8] [--batch 16] [--steps 12] [--threads 2] [--device cpu|cuda]
"""
import argparse
import json
import math
import resource
import statistics
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

PRESETS = {
    "mini": dict(image=64, size=64, local=32, crops=4, patch=8, chans=1, dim=192, depth=6, heads=3, hidden=512, bottleneck=128, k=1024, cls=64, drop=0.1),
    "vit-small-8": dict(image=224, size=256, local=128, crops=8, patch=8, chans=3, dim=384, depth=12, heads=6, hidden=2048, bottleneck=256, k=65536, cls=256, drop=0.1),
}


class Block(nn.Module):
    def __init__(self, dim, heads, drop):
        super().__init__()
        self.heads, self.drop = heads, drop
        self.norm1, self.norm2 = nn.LayerNorm(dim, eps=1e-6), nn.LayerNorm(dim, eps=1e-6)
        self.qkv, self.proj = nn.Linear(dim, 3 * dim), nn.Linear(dim, dim)
        self.fc1, self.fc2 = nn.Linear(dim, 4 * dim), nn.Linear(4 * dim, dim)

    def branch(self, x):
        if not self.training or self.drop == 0:
            return x
        keep = 1 - self.drop
        return x * (torch.rand(x.shape[0], 1, 1, device=x.device) < keep).float() / keep

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = self.qkv(self.norm1(x)).reshape(b, n, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        a = ((q @ k.transpose(-2, -1)) * (d // self.heads) ** -0.5).softmax(dim=-1)
        x = x + self.branch(self.proj((a @ v).transpose(1, 2).reshape(b, n, d)))
        return x + self.branch(self.fc2(F.gelu(self.fc1(self.norm2(x)))))


class Network(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c, d = c, c["dim"]
        g = c["image"] // c["patch"]
        self.patch = nn.Conv2d(c["chans"], d, c["patch"], c["patch"])
        self.cls, self.pos = nn.Parameter(torch.zeros(1, 1, d)), nn.Parameter(torch.randn(1, g * g + 1, d) * 0.02)
        self.blocks = nn.ModuleList(Block(d, c["heads"], c["drop"] * i / (c["depth"] - 1)) for i in range(c["depth"]))
        self.norm = nn.LayerNorm(d, eps=1e-6)
        self.mlp = nn.Sequential(nn.Linear(d, c["hidden"]), nn.GELU(), nn.Linear(c["hidden"], c["hidden"]), nn.GELU(), nn.Linear(c["hidden"], c["bottleneck"]))
        self.last = nn.utils.weight_norm(nn.Linear(c["bottleneck"], c["k"], bias=False))
        self.last.weight_g.data.fill_(1)
        self.last.weight_g.requires_grad = False
        self.head = nn.Sequential(nn.Linear(d, c["cls"]), nn.ReLU(), nn.Linear(c["cls"], c["cls"]), nn.ReLU(), nn.Linear(c["cls"], 1))

    def backbone(self, x):
        g, n = self.pos.shape[1], x.shape[-1] // self.c["patch"]
        side = int(math.sqrt(g - 1))
        x = self.patch(x).flatten(2).transpose(1, 2)
        pos = self.pos
        if n != side:
            grid = pos[:, 1:].reshape(1, side, side, -1).permute(0, 3, 1, 2)
            grid = F.interpolate(grid, scale_factor=((n + 0.1) / side, (n + 0.1) / side), mode="bicubic")
            pos = torch.cat((pos[:, :1], grid.permute(0, 2, 3, 1).reshape(1, n * n, -1)), 1)
        x = torch.cat((self.cls.expand(x.shape[0], -1, -1), x), 1) + pos
        for block in self.blocks:
            x = block(x)
        return self.norm(x)[:, 0]

    def forward(self, crops):
        features = [self.backbone(c) for c in crops]
        z = self.last(F.normalize(self.mlp(torch.cat(features)), dim=-1, eps=1e-12))
        return z, self.head(features[0])


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--preset", choices=PRESETS, default="mini")
    p.add_argument("--batch", type=int, default=16)
    p.add_argument("--steps", type=int, default=12)
    p.add_argument("--warmup", type=int, default=3)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--device", default="cpu")
    a = p.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(a.threads)
    c, b, dev = PRESETS[a.preset], a.batch, a.device
    student, teacher = Network(c).to(dev), Network(c).to(dev).eval()
    teacher.load_state_dict(student.state_dict())
    for q in teacher.parameters():
        q.requires_grad = False
    trained = [q for q in student.parameters() if q.requires_grad]
    groups = [{"params": [q for q in trained if q.ndim >= 2]}, {"params": [q for q in trained if q.ndim < 2], "weight_decay": 0.0}]
    opt = torch.optim.AdamW(groups, lr=1e-4, weight_decay=0.01)
    centre = torch.zeros(1, c["k"], device=dev)
    g = torch.rand(2 * b, c["chans"], c["size"], c["size"], device=dev)
    local = torch.rand(c["crops"] * b, c["chans"], c["local"], c["local"], device=dev)
    views, times, losses = 2 + c["crops"], [], []
    for step in range(a.warmup + a.steps):
        if dev != "cpu":
            torch.cuda.synchronize()
        t = time.perf_counter()
        with torch.no_grad():
            zt, at = teacher([g])
            q1, q2 = F.softmax((zt - centre) / 0.04, dim=-1).chunk(2)
            y = torch.sigmoid(at[:b])
        zs, al = student([g, local])
        logs = [F.log_softmax(v / 0.1, dim=-1) for v in zs.chunk(views)]
        dino = sum(-(q * logs[w]).sum(-1).mean() for u, q in enumerate((q1, q2)) for w in range(views) if w != u) / (2 * (views - 1))
        loss = 0.5 * dino + 0.5 * F.binary_cross_entropy_with_logits(al[b:], y)
        opt.zero_grad()
        loss.backward()
        for q in trained:
            q.grad.mul_(torch.clamp(3.0 / (q.grad.norm() + 1e-6), max=1.0))
        opt.step()
        with torch.no_grad():
            for q, r in zip(student.parameters(), teacher.parameters()):
                r.mul_(0.9995).add_(q, alpha=0.0005)
            centre = centre * 0.9 + zt.mean(0, keepdim=True) * 0.1
        losses.append(float(loss))
        if step >= a.warmup:
            times.append((time.perf_counter() - t) * 1e3)
    ms = statistics.median(times)
    print(json.dumps({
        "engine": f"pytorch {torch.__version__}", "device": dev, "imagesPerSecond": b / ms * 1e3, "stepMs": ms, "stepMsMin": min(times), "stepMsMax": max(times),
        "peakRssMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "firstLoss": losses[0], "lastLoss": losses[-1],
    }))


if __name__ == "__main__":
    main()
