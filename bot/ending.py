"""How a process ends: asked once it finishes what is in hand, asked twice it ends at once."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def expecting_the_end() -> Iterator[threading.Event]:
    """Set by the first Ctrl-C or polite request to stop; the second ends the process."""
    asked = threading.Event()

    def take(*_: object) -> None:
        for number in before:
            signal.signal(number, signal.SIG_DFL)
        asked.set()

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, take)
    try:
        yield asked
    finally:
        for number, handler in before.items():
            if not asked.is_set():
                signal.signal(number, handler)


def wait_for_the_end() -> None:
    with expecting_the_end() as asked:
        asked.wait()


def end_without_stragglers() -> None:
    """Python would wait without end for a thread that hangs in a call."""
    if any(not thread.daemon for thread in threading.enumerate() if thread is not threading.main_thread()):
        logging.shutdown()
        sys.stdout.flush()
        os._exit(0)
