from bot.runtime import Runtime
from bot.services import handled


def forget_old(runtime: Runtime) -> None:
    with runtime.database.everywhere() as session:
        handled.forget_old(session, now=runtime.now())
