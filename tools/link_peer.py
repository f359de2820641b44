#!/usr/bin/env python3
"""usage: link_peer.py agent PORT LOWEST HIGHEST
       link_peer.py host PORT LOWEST HIGHEST
       link_peer.py hostile PORT [--frames N] [--seed N] [--key FILE]

A second implementation of the link protocol, written from PROTOCOL.md.
agent: answers greetings as an agent that speaks the protocol versions LOWEST to HIGHEST.
host: greets as a host that speaks these, and prints the versions that the agent tells.
hostile: sends N random and mutated frames to an agent: noise, greetings, frames of sessions it opened, whole messages with anything in them,
and frames of earlier sessions again. With the agent's key it first holds one honest session, and from then on knows the key no more: it seals
with another one, and plays the honest session's frames again. Prints what was sent and what came back as one JSON object.
"""
import argparse
import hashlib
import hmac
import json
import os
import random
import select
import struct
import sys
import termios
import time
import tty

HELLO, WELCOME, DATA, ACK, PING, CLOSE = 1, 2, 3, 4, 5, 6
MAGIC, WINDOW, TAG_BYTES = b"edb", 32000, 8

TABLE = []
for value in range(256):
    for _ in range(8):
        value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
    TABLE.append(value)


def crc32c(data, salt):
    crc = salt ^ 0xFFFFFFFF
    for byte in data:
        crc = TABLE[(crc ^ byte) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


def cobs(frame):
    out = bytearray()
    parts = frame.split(b"\0")
    for i, part in enumerate(parts):
        while len(part) >= 254:
            out += b"\xff" + part[:254]
            part = part[254:]
            if not part and i == len(parts) - 1:
                return bytes(out)
        out += bytes((len(part) + 1,)) + part
    return bytes(out)


def uncobs(data):
    out, at = bytearray(), 0
    while at < len(data):
        code = data[at]
        if code - 1 > len(data) - at - 1:
            return b""
        out += data[at + 1:at + code]
        at += code
        if code != 255 and at < len(data):
            out.append(0)
    return bytes(out)


class Seal:
    """Closes and opens the frames of one direction."""

    def __init__(self, salt=0, key=None):
        self.salt, self.key = salt, key

    def close(self, type, position=0, payload=b"", attempt=1):
        frame = struct.pack("<BBH", type | (attempt << 4 if type == DATA else 0), len(payload), position & 0xFFFF) + payload
        if self.key:
            signed = frame[:2] + struct.pack("<q", position) + payload
            frame += hmac.new(self.key, signed, hashlib.sha256).digest()[:TAG_BYTES]
        return cobs(frame + struct.pack("<I", crc32c(frame, self.salt))) + b"\0"

    def open(self, frame):
        """Type, low half of the position, attempt and payload; None for a frame that is not of this direction."""
        rest = 8 + (TAG_BYTES if self.key else 0)
        if len(frame) < rest or len(frame) != rest + frame[1] or struct.unpack("<I", frame[-4:])[0] != crc32c(frame[:-4], self.salt):
            return None
        return frame[0] & 0xF, struct.unpack("<H", frame[2:4])[0], frame[0] >> 4, frame[4:4 + frame[1]]


PLAIN = Seal()


def greeting(lowest, highest, has_key, nonce):
    return MAGIC + bytes((lowest, highest, int(bool(has_key)))) + nonce


def message(kind, body=b""):
    return struct.pack("<Bi", kind, len(body)) + body


def text(value):
    data = value.encode()
    return struct.pack("<q", len(data)) + data


class Line:
    def __init__(self, path):
        self.file = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        tty.setraw(self.file, termios.TCSANOW)
        self.rest, self.frames = b"", []

    def write(self, data):
        while data:
            _, ready, _ = select.select([], [self.file], [], 10)
            if not ready:
                sys.exit("link_peer: the agent has taken no byte for 10 s")
            data = data[os.write(self.file, data[:4096]):]
            self.take(0)

    def take(self, seconds):
        """Frames that have come."""
        ready, _, _ = select.select([self.file], [], [], seconds)
        if ready:
            *parts, self.rest = (self.rest + os.read(self.file, 1 << 16)).split(b"\0")
            self.frames += [uncobs(part) for part in parts if part]

    def next(self, seconds):
        """The next frame, or None after so long without one."""
        until = time.monotonic() + seconds
        while not self.frames and time.monotonic() < until:
            self.take(min(0.05, seconds))
        return self.frames.pop(0) if self.frames else None


class Session:
    """A host's session with an agent on a line that loses nothing."""

    def __init__(self, line, key, nonce, patience):
        self.line, self.position, self.acknowledged, self.received, self.answer = line, 0, 0, 0, b""
        self.is_open, self.others, self.sent, self.patience = False, 0, [], patience
        hello = greeting(1, 1, key, nonce)
        self.send(PLAIN.close(HELLO, 0, hello))
        welcome = self.welcome(hello)
        if welcome is None:
            return
        head = welcome[:39]

        def seal(sender):
            salt = struct.unpack("<I", hashlib.sha256(sender + hello + head).digest()[:4])[0] | 1
            return Seal(salt, hmac.new(key, sender + hello + head, hashlib.sha256).digest() if key else None)

        self.out, self.back = seal(b"host"), seal(b"agent")
        self.is_open = True
        self.send(self.out.close(PING))

    def send(self, data):
        self.sent.append(data)
        self.line.write(data)

    def welcome(self, hello):
        for _ in range(64):
            frame = self.line.next(0.2)
            opened = frame and PLAIN.open(frame)
            if frame is None:
                return None
            if not opened or opened[0] != WELCOME:
                self.others += 1
            elif len(opened[3]) >= 55 and opened[3][7:23] == hello[-16:] and opened[3][6] == 1:
                return opened[3]
        return None

    def write(self, data):
        """Frames that carry the bytes; False when the agent takes no more within the session's patience, in seconds."""
        while data:
            until = time.monotonic() + self.patience
            while self.is_open and self.position - self.acknowledged >= WINDOW // 2:
                if time.monotonic() >= until:
                    return False
                self.listen(0.05)
            if not self.is_open:
                return False
            part, data = data[:200], data[200:]
            self.send(self.out.close(DATA, self.position, part))
            self.position += len(part)
            self.listen(0)
        return True

    def listen(self, seconds):
        if not self.line.frames:
            self.line.take(seconds)
        while self.line.frames:
            frame = self.line.frames.pop(0)
            opened = self.back.open(frame)
            if opened is None:
                self.others += PLAIN.open(frame) is None
                continue
            type, low, attempt, payload = opened
            self.others += 1
            if type == CLOSE:
                self.is_open = False
            elif type == ACK:
                self.acknowledged += (low - self.acknowledged + 0x8000) % 0x10000 - 0x8000
            elif type == DATA:
                if low == self.received & 0xFFFF:
                    self.received += len(payload)
                    self.answer += payload
                self.line.write(self.out.close(ACK, self.received, struct.pack("<HHBB", WINDOW, low, attempt, 1)))


class Hostile:
    NAMES = ["a", "b.npz", "user.edb", "../x", "/tmp/x", "user.edb.1", ".x", "a/b", "", "\0", "user.edb.lock", "n" * 300, "..", "--data", "--store",
             "--report", "--steps", "1", "@a", "%s"]

    def __init__(self, line, seed, key):
        self.line, self.random, self.key = line, random.Random(seed), key
        self.frames = self.sessions = self.answers = self.others = 0
        self.session, self.past = None, []
        self.wrong = hashlib.sha256(b"another key").digest() if key else None

    def run(self, frames):
        if self.key:
            self.honest()
        while self.frames < frames:
            self.attack()
        self.leave()

    def honest(self):
        session = Session(self.line, self.key, self.random.randbytes(16), patience=5)
        if not session.is_open or not session.write(message(1)):
            sys.exit("link_peer: the agent does not answer an honest host")
        until = time.monotonic() + 5
        while b'"version"' not in session.answer:
            if time.monotonic() >= until:
                sys.exit("link_peer: an honest request has no answer")
            session.listen(0.1)
        session.send(session.out.close(CLOSE, session.position))
        time.sleep(0.5)
        self.line.take(0)
        self.line.frames.clear()
        self.past = session.sent

    def attack(self):
        kind = self.random.randrange(8)
        if kind == 0:
            self.put(self.random.randbytes(self.random.randrange(400)) + b"\0")
        elif kind == 1:
            self.put(PLAIN.close(self.random.randrange(16), self.random.randrange(70000), self.mutated(greeting(1, 1, self.key, bytes(16)))))
        elif kind == 2 and self.past:
            self.put(self.random.choice(self.past))
        elif self.session is None or self.random.randrange(500) == 0:
            self.begin()
        elif kind == 3:
            seal, type = self.session.out, self.random.randrange(16)
            self.put(seal.close(type, self.session.position + self.random.randrange(-40000, 40000), self.random.randbytes(self.random.randrange(200))))
            if type == CLOSE:
                self.leave()
        elif kind == 4:
            self.put(self.mutated(self.session.out.close(DATA, self.session.position, self.any_message()[:200])))
        else:
            before = len(self.session.sent)
            if not self.session.write(self.any_message()):
                self.leave()
            elif len(self.session.sent) > before:
                self.frames += len(self.session.sent) - before
                if not self.key and self.random.randrange(50) == 0:
                    self.past = (self.past + self.session.sent[-1:])[-200:]
                del self.session.sent[:]

    def begin(self):
        self.leave()
        session = Session(self.line, self.wrong, self.random.randbytes(16), patience=0 if self.key else 1)
        self.frames += 2
        self.others += session.others
        session.others = 0
        self.session = session if session.is_open else None

    def leave(self):
        if self.session is None:
            return
        self.session.listen(0.01)
        self.others += self.session.others
        self.answers += len(self.session.answer)
        self.sessions += self.session.acknowledged > 0
        self.session = None

    def put(self, frame):
        self.line.write(frame)
        self.frames += 1
        if self.session:
            self.session.listen(0)
            return
        self.line.take(0)
        self.others += sum(PLAIN.open(frame) is None for frame in self.line.frames)
        self.line.frames.clear()

    def any_message(self):
        body = b""
        for _ in range(self.random.randrange(5)):
            if self.random.randrange(3):
                body += text(self.random.choice(self.NAMES))
            if self.random.randrange(2):
                body += struct.pack("<q", self.random.randrange(1 << 50) if self.random.randrange(4) == 0 else self.random.randrange(3000))
            if self.random.randrange(2):
                body += self.random.randbytes(self.random.randrange(64))
        whole = message(self.random.randrange(40), body)
        return self.mutated(whole) if self.random.randrange(16) == 0 else whole

    def mutated(self, data):
        data = bytearray(data)
        for _ in range(self.random.randrange(3)):
            if data:
                data[self.random.randrange(len(data))] = self.random.randrange(256)
        return bytes(data[:self.random.randrange(len(data) + 1)] if self.random.randrange(8) == 0 else data)


def as_agent(line, lowest, highest):
    while True:
        frame = line.next(1)
        opened = frame and PLAIN.open(frame)
        if opened and opened[0] == HELLO:
            theirs = opened[3][3:5]
            common = min(highest, theirs[1])
            version = common if common >= max(lowest, theirs[0]) else 0
            welcome = greeting(lowest, highest, False, bytes((version,)) + opened[3][-16:] + os.urandom(16) + bytes(16))
            line.write(b"\0" + PLAIN.close(WELCOME, 0, welcome))


def as_host(line, lowest, highest):
    hello = greeting(lowest, highest, False, os.urandom(16))
    line.write(b"\0" + PLAIN.close(HELLO, 0, hello))
    frame = line.next(3)
    opened = frame and PLAIN.open(frame)
    if not opened or opened[0] != WELCOME:
        sys.exit("link_peer: no welcome")
    show({"lowest": opened[3][3], "highest": opened[3][4], "agreed": opened[3][6]})


def show(figures):
    print(json.dumps(figures, separators=(",", ":")))


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[0].removeprefix("usage: "))
    parser.add_argument("mode", choices=["agent", "host", "hostile"])
    parser.add_argument("port")
    parser.add_argument("versions", type=int, nargs="*")
    parser.add_argument("--frames", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--key")
    arguments = parser.parse_args()
    line = Line(arguments.port)
    if arguments.mode == "agent":
        as_agent(line, *arguments.versions)
    elif arguments.mode == "host":
        as_host(line, *arguments.versions)
    else:
        key = open(arguments.key, "rb").read() if arguments.key else None
        hostile = Hostile(line, arguments.seed, key)
        hostile.run(arguments.frames)
        show({"frames": hostile.frames, "sessions": hostile.sessions, "answers": hostile.answers, "accepted": hostile.others})


if __name__ == "__main__":
    main()
