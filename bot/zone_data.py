"""Which rules of time zones this machine has: they change a few times a year, and with them instants to come."""

from functools import lru_cache
from importlib import import_module
from pathlib import Path
from zoneinfo import TZPATH

VERSION_FILES = ("tzdata.zi", "+VERSION")
"""Of a system's own data; the first line says which release they are."""


@lru_cache(maxsize=1)
def zone_data() -> str:
    """As '2026a'. The system's data count before those of the package, as for `zoneinfo`."""
    for folder in TZPATH:
        for name in VERSION_FILES:
            if found := _first_line(Path(folder) / name):
                return found
    return str(getattr(import_module("tzdata"), "IANA_VERSION", "unknown"))


def _first_line(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.readline(100).removeprefix("# version").strip()
    except OSError:
        return ""
