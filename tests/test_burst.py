"""Thousands of envelopes at once: each is answered, once, on the connection that was there before."""

import random
import struct
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.socket_frames import WholeFrames, frame_length
from tests.bench.burst import BURST, FEW, Answered, burst
from tests.started_bot import StartedBot

MORE_MEMORY = 80
"""MB that ten times as many may take: their words take three, a client that goes deeper with each took 170."""

TEXT, PING = 0x81, 0x89


@pytest.fixture
def bot(sqlite_template: Path, tmp_path: Path) -> Iterator[StartedBot]:
    (tmp_path / "bot.db").write_bytes(sqlite_template.read_bytes())
    bot = StartedBot(f"sqlite:///{tmp_path / 'bot.db'}", tmp_path)
    yield bot
    bot.close()


def test_five_thousand_envelopes_at_once_are_all_answered_once(bot: StartedBot) -> None:
    bot.start()
    assert burst(bot.sandbox, bot.server, FEW) == Answered(once=FEW, never=0, again=0)
    before = bot.most_memory()
    assert burst(bot.sandbox, bot.server, BURST) == Answered(once=BURST, never=0, again=0)
    assert bot.most_memory() - before < MORE_MEMORY
    assert len([call for call in bot.sandbox.calls if call.method == "apps.connections.open"]) == 1
    assert "What you can say" in bot.luis.types("CLEDGER", "/pm help").text


class Trickle:
    """A socket on which what was sent comes in pieces, with pauses in which nothing comes in time."""

    def __init__(self, sent: bytes, dice: random.Random) -> None:
        self._pieces: deque[bytes | None] = deque()
        while sent:
            size = dice.choice((1, 2, 3, 50, 4_096, 100_000))
            self._pieces.extend([sent[:size], None] if dice.random() < 0.3 else [sent[:size]])
            sent = sent[size:]

    def recv(self, size: int) -> bytes:
        piece = self._pieces.popleft() if self._pieces else b""
        if piece is None:
            raise TimeoutError
        if len(piece) > size:
            self._pieces.appendleft(piece[size:])
        return piece[:size]


def frame(opcode: int, data: bytes) -> bytes:
    if len(data) < 126:
        return bytes([opcode, len(data)]) + data
    long = (126, "!H") if len(data) < 65_536 else (127, "!Q")
    return bytes([opcode, long[0]]) + struct.pack(long[1], len(data)) + data


def read(frames: WholeFrames) -> Iterator[bytes]:
    while True:
        try:
            found = frames.recv(65_536)
        except TimeoutError:
            continue
        if not found:
            return
        yield found


@pytest.mark.parametrize("seed", range(20))
def test_each_read_brings_one_whole_frame_however_they_come(seed: int) -> None:
    dice = random.Random(seed)
    sizes = [dice.choice((0, 1, 125, 126, 600, 65_535, 65_536, 100_000)) for _ in range(40)]
    sent = [frame(dice.choice((TEXT, PING)), dice.randbytes(size)) for size in sizes]
    assert list(read(WholeFrames(Trickle(b"".join(sent), dice)))) == sent


def test_the_end_of_a_stream_brings_what_had_come() -> None:
    half = frame(TEXT, b"a" * 600)[:300]
    assert list(read(WholeFrames(Trickle(half, random.Random(1))))) == [half]


@pytest.mark.parametrize(
    ("come", "length"), [(b"", None), (b"\x81", None), (b"\x81\x05", 7), (b"\x81\x7e\x01", None), (b"\x81\x85", 11)]
)
def test_a_frame_says_how_long_it_is(come: bytes, length: int | None) -> None:
    assert frame_length(come) == length
