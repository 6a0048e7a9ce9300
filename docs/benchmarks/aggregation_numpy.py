"""Times numpy's weighted mean, sum(w * x) / sum(w), over the files of `fedistl bench aggregate --directory DIR`.

Usage: python3 aggregation_numpy.py DIR [RUNS]

Three ways to write it; the fastest of the three is the one to compare with. None of them hashes or checks anything.
Prints one JSON object.
"""

import hashlib
import json
import os
import sys
import time

import numpy as np


def plain(updates):
    """As one writes it: read an update, multiply, add."""
    total = sum(u["weight"] for u in updates)
    acc = np.zeros(updates[0]["parameters"], np.float32)
    for u in updates:
        x = np.fromfile(u["path"], np.float32, u["parameters"], offset=u["offset"])
        acc += np.float32(u["weight"] / total) * x
    return acc


def in_place(updates):
    """Without a temporary for the product."""
    total = sum(u["weight"] for u in updates)
    acc = np.zeros(updates[0]["parameters"], np.float32)
    for u in updates:
        x = np.fromfile(u["path"], np.float32, u["parameters"], offset=u["offset"])
        x *= np.float32(u["weight"] / total)
        acc += x
    return acc


def blocked(updates, block=65536):
    """Memory-mapped, in blocks that stay in the cache, float64 sums: what fedistl computes, without hash and checks."""
    total = sum(u["weight"] for u in updates)
    n = updates[0]["parameters"]
    maps = [np.memmap(u["path"], np.float32, "r", u["offset"], (n,)) for u in updates]
    out = np.empty(n, np.float32)
    for i in range(0, n, block):
        acc = np.zeros(min(block, n - i))
        for u, x in zip(updates, maps):
            acc += u["weight"] * x[i : i + block].astype(np.float64)
        out[i : i + block] = acc / total
    return out


def main():
    directory = sys.argv[1]
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with open(os.path.join(directory, "updates.json"), encoding="utf-8") as file:
        updates = json.load(file)
    gigabytes = sum(4 * u["parameters"] for u in updates) / 1e9
    report = {"numpy": np.__version__, "sites": len(updates), "parameters": updates[0]["parameters"]}
    for way in (plain, in_place, blocked):
        seconds, cpu = [], []
        for _ in range(runs):
            start, cpu_start = time.perf_counter(), time.process_time()
            result = way(updates)
            seconds.append(time.perf_counter() - start)
            cpu.append(time.process_time() - cpu_start)
        middle = sorted(seconds)[(runs - 1) // 2]
        cpu_middle = sorted(cpu)[(runs - 1) // 2]
        report[way.__name__] = {"seconds": middle, "cpuSeconds": cpu_middle, "gigabytesPerSecond": gigabytes / middle}
        report[way.__name__]["resultSha256"] = hashlib.sha256(result.tobytes()).hexdigest()
    print(json.dumps(report))


if __name__ == "__main__":
    main()
