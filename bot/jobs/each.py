"""One workspace after the other: what fails in one of them stops no other."""

import logging
from collections.abc import Callable, Iterable

from bot import logs
from bot.runtime import NotInstalled

logger = logging.getLogger(__name__)


def in_each(workspaces: Iterable[int], step: Callable[[int], None]) -> None:
    """Raises what failed, once all had their turn: so that it is counted, and seen where nothing may fail."""
    failed: Exception | None = None
    for workspace_id in workspaces:
        with logs.noting(workspace=workspace_id):
            try:
                step(workspace_id)
            except NotInstalled:
                continue  # uninstalled a moment ago
            except Exception as problem:
                logger.exception("workspace %s had to be left out", workspace_id)
                failed = problem
    if failed is not None:
        raise failed
