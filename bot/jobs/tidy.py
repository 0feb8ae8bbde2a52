from bot.runtime import Runtime
from bot.services import handled, pace


def forget_old(runtime: Runtime, *, at_once: int = handled.MOST_AT_ONCE) -> None:
    """In parts, each a unit of its own: a long downtime's worth holds up nobody."""
    is_more = True
    while is_more:
        with runtime.database.everywhere() as session:
            is_more = handled.forget_old(session, now=runtime.now(), at_once=at_once)
    with runtime.database.everywhere() as session:
        pace.forget_old(session, now=runtime.now())
