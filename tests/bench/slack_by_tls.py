"""A Slack that costs next to nothing, over TLS, in a process of its own: it takes whatever comes.

`python -m tests.bench.slack_by_tls CERTIFICATE SECONDS` answers each call after so long; it listens on $PORT.
"""

import asyncio
import os
import signal
import sys
from contextlib import suppress
from itertools import count
from pathlib import Path

from bot.slack_client import HISTORY
from tests.tls import serving

HEAD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\n"
    b"x-oauth-scopes: %s\r\ncontent-length: %d\r\n\r\n"
)
SCOPES = ",".join(sorted(HISTORY)).encode()
numbers = count(1)


async def serve(certificate: Path, seconds: float) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = next(line for line in head.split(b"\r\n") if line.startswith(b"content-length:"))
                await reader.readexactly(int(length.partition(b":")[2]))
                await asyncio.sleep(seconds)
                writer.write(_answer())
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(
        talk, "127.0.0.1", int(os.environ["PORT"]), ssl=serving(certificate), backlog=1_000
    )
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    await stopping.wait()
    server.close()


def _answer() -> bytes:
    body = b'{"ok":true,"channel":"D1","ts":"1774875600.%06d","message":{"type":"message"}}' % next(numbers)
    return HEAD % (SCOPES, len(body)) + body


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), float(sys.argv[2])))
