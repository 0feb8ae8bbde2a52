"""How a process ends: asked once it finishes what is in hand, asked twice it ends at once."""

import logging
import os
import signal
import sys
import threading


class End:
    def __init__(self) -> None:
        self._asked = threading.Event()

    def wait(self) -> None:
        self._asked.wait()

    def take(self, *_: object) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        self._asked.set()


def expect_the_end() -> End:
    """Ctrl-C, or a polite request to stop."""
    end = End()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end.take)
    return end


def wait_for_the_end() -> None:
    expect_the_end().wait()


def end_without_stragglers(code: int) -> None:
    """Python would wait without end for a thread that hangs in a call."""
    if any(not thread.daemon for thread in threading.enumerate() if thread is not threading.main_thread()):
        logging.shutdown()
        sys.stdout.flush()
        os._exit(code)
