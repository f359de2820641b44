"""PyTorch's side: one dense training step on one core (forward, cross-entropy, backward, SGD; batch norm with its running statistics).

Started by compare.py with the network and the batch size. Reads a number of steps a line, runs them, and answers with one line of JSON.
"""
import json
import sys
import time

import torch
from torch.nn import functional as F

from networks import build


def resident(field):
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith(field))


def main():
    name, batch = sys.argv[1], int(sys.argv[2])
    torch.set_num_threads(int(sys.argv[3]))
    model, shape = build(name)
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-4)
    x, y = torch.randn(batch, *shape), torch.randint(0, 10, (batch,))

    def step():
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()

    for line in sys.stdin:
        times, cpu = [], time.process_time()
        for _ in range(int(line)):
            start = time.perf_counter()
            step()
            times.append((time.perf_counter() - start) * 1e3)
        cpu = (time.process_time() - cpu) * 1e3 / len(times)
        print(json.dumps({"median": sorted(times)[len(times) // 2], "best": min(times), "cpu": cpu, "rssAnon": resident("RssAnon:")}), flush=True)


main()
