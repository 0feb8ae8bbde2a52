"""What is said about an export."""

from typing import Any

from bot.views import export
from models.schemas.export import ExportKind
from tests.views.cast import HOSTILE

SHOWN: dict[str, Any] = {
    "export-coming": export.export_coming(),
    "export-nothing": export.nothing_to_export([ExportKind.RISKS], place=HOSTILE),
    "export-nothing-at-all": export.nothing_to_export(list(ExportKind), place=None),
    "export-refused": export.not_exported(f"I cannot find {HOSTILE}."),
    "export-scope-missing": export.scope_missing("files:write"),
}
