#!/usr/bin/env python3
"""usage: link_relay.py A B [--baud N] [--errors SHARE] [--seed N]

A serial line in software: makes two pseudo-terminals, links A and B to them, and carries bytes between the two at a baud rate (ten bits a
byte; 0: as fast as they come). Of the bytes, SHARE are flipped, dropped or doubled, the same ones for the same seed. SIGTERM unplugs it: both
ends are hung up and the links vanish. Says on standard error how many bytes went by and how many were spoiled.
"""
import argparse
import os
import random
import select
import signal
import sys
import termios
import time
import tty

BUFFER = 4096


class Direction:
    def __init__(self, source, target, baud, errors, seed):
        self.source, self.target = source, target
        self.per_second = baud / 10
        self.errors, self.random = errors, random.Random(seed)
        self.waiting = bytearray()
        self.credit, self.since = 0.0, time.monotonic()
        self.passed = self.spoiled = 0

    def take(self):
        """Reads no further ahead than a UART's driver would, so that the sender is held back."""
        if len(self.waiting) >= BUFFER:
            return
        self.waiting += self.spoil(os.read(self.source, BUFFER - len(self.waiting)))

    def give(self, now):
        count = len(self.waiting)
        if self.per_second:
            self.credit = min(self.credit + (now - self.since) * self.per_second, self.per_second / 20)
            count = min(count, int(self.credit))
        self.since = now
        if count == 0:
            return
        try:
            written = os.write(self.target, self.waiting[:count])
        except BlockingIOError:
            return
        self.credit -= written
        del self.waiting[:written]

    def spoil(self, data):
        self.passed += len(data)
        if not self.errors:
            return data
        out = bytearray()
        for byte in data:
            if self.random.random() >= self.errors:
                out.append(byte)
                continue
            self.spoiled += 1
            kind = self.random.randrange(3)
            if kind == 0:
                out.append(byte ^ 1 << self.random.randrange(8))
            elif kind == 1:
                out += bytes((byte, byte))
        return out


def terminal(link):
    """A pseudo-terminal whose slave stays open here, so that an end that is closed and opened again is no hang-up."""
    master, slave = os.openpty()
    tty.setraw(slave, termios.TCSANOW)
    os.set_blocking(master, False)
    if os.path.islink(link):
        os.unlink(link)
    os.symlink(os.ttyname(slave), link)
    return master


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("a")
    parser.add_argument("b")
    parser.add_argument("--baud", type=int, default=0)
    parser.add_argument("--errors", type=float, default=0)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    a, b = terminal(arguments.a), terminal(arguments.b)
    directions = [Direction(a, b, arguments.baud, arguments.errors, arguments.seed),
                  Direction(b, a, arguments.baud, arguments.errors, arguments.seed + 100)]
    unplugged = []
    signal.signal(signal.SIGTERM, lambda *_: unplugged.append(True))
    while not unplugged:
        readable = [d.source for d in directions if len(d.waiting) < BUFFER]
        is_busy = any(d.waiting for d in directions)
        ready, _, _ = select.select(readable, [], [], 0.001 if is_busy else 0.05)
        for direction in directions:
            if direction.source in ready:
                direction.take()
            direction.give(time.monotonic())
    os.unlink(arguments.a)
    os.unlink(arguments.b)
    for name, direction in zip(("to B", "to A"), directions):
        print(f"link_relay: {direction.passed} bytes {name}, {direction.spoiled} spoiled", file=sys.stderr)


if __name__ == "__main__":
    main()
