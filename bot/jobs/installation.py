"""The clock's door to installations: what other processes changed of them is noticed."""

from bot.runtime import Runtime


def notice_installations(runtime: Runtime) -> None:
    """Installed, renewed or removed by another process: known here within seconds."""
    if runtime.tenants is not None:
        runtime.tenants.look()
