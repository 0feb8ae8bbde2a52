"""What follows an acknowledgement, in a pool of ours."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context


class Later:
    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="after")
        self._open: set[Future[None]] = set()

    def __call__(self, step: Callable[[], None]) -> None:
        begun = self._pool.submit(copy_context().run, step)  # so that its lines in the log name the request
        self._open.add(begun)
        begun.add_done_callback(self._open.discard)

    def finish(self, seconds: float) -> bool:
        """Nothing more is taken; what was begun ends, if it ends in time."""
        _, late = wait(tuple(self._open), timeout=max(0.0, seconds))
        self._pool.shutdown(wait=not late, cancel_futures=True)
        return not late
