"""The few pages that a browser sees while the app is installed."""

import base64
import hashlib
from dataclasses import dataclass
from html import escape

STYLE = """
:root { color-scheme: light dark; --ink: #1d1c1d; --paper: #fff; --soft: #616061; --line: #ddd; --act: #1f3a5f; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e8e8; --paper: #1a1d21; --soft: #ababad; --line: #3f4246; --act: #9cc4f5; }
}
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 34rem; margin: 12vh auto 4rem; padding: 0 1.25rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; }
p, ul { margin: 0 0 1rem; }
ul { padding-left: 1.25rem; }
a.act {
  display: inline-block; padding: .6rem 1.1rem; border: 2px solid var(--act); border-radius: .4rem;
  color: var(--act); font-weight: 600; text-decoration: none;
}
a.act:focus-visible, a.act:hover { outline: 3px solid var(--act); outline-offset: 2px; }
footer {
  margin-top: 2.5rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .9rem;
}
"""

_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""Nothing is loaded and nothing runs: what an attacker might get into a page stays text."""


@dataclass(frozen=True)
class Page:
    status: int
    title: str
    lines: tuple[str, ...]
    act: str = ""
    """What the one link says."""


BEGIN = "Start again"

DECLINED = {
    "cancelled": Page(200, "Nothing was installed", ("You did not allow it in Slack. Nothing was changed.",), BEGIN),
    "ended": Page(400, "Slack ended the installation", ("Nothing was installed.",), BEGIN),
    "not_begun": Page(
        400,
        "Start once more",
        (
            "This return from Slack fits no installation that was begun in this browser within the last ten minutes, "
            "or it was used already. Nothing was installed by it.",
        ),
        BEGIN,
    ),
    "no_code": Page(400, "Start once more", ("Slack sent no code along. Nothing was installed.",), BEGIN),
    "refused": Page(
        400,
        "Slack did not confirm the installation",
        ("The code from Slack was used already, or is older than ten minutes. Nothing was installed.",),
        BEGIN,
    ),
    "unreached": Page(
        502, "Slack did not answer", ("Nothing was installed. Wait a minute, then start once more.",), BEGIN
    ),
    "another_app": Page(
        400,
        "This is another app's installation",
        ("What Slack sent does not belong to this Stationmaster. Nothing was installed.",),
        BEGIN,
    ),
    "not_allowed": Page(
        403,
        "Not for this workspace",
        (
            "Whoever runs this Stationmaster has named the workspaces that may install it, and this one is not among "
            "them. Nothing was kept.",
            "Ask them to add your workspace, or run a Stationmaster of your own: it is open source.",
        ),
    ),
    "too_few_scopes": Page(
        400,
        "Something needed was not allowed",
        ("Stationmaster cannot work with the permissions that Slack gave. Allow all that are not marked optional.",),
        BEGIN,
    ),
    "too_many": Page(429, "Too many at once", ("Many begin an installation just now. Try again in a minute.",), BEGIN),
    "failed": Page(500, "That did not work", ("Nothing was installed. The fault is ours. Try again.",), BEGIN),
}
"""Why nothing was installed, and what to do."""


def begin_page(address: str, *, is_open_to_all: bool) -> str:
    who = (
        "Somebody who may install apps in your workspace has to allow it."
        if is_open_to_all
        else "It may be added to the workspaces that whoever runs it has named."
    )
    page = Page(
        200,
        "Add Stationmaster to Slack",
        (
            "It takes risks, decisions and status where your team talks, asks the right person at the right hour, "
            "and tells each program's channel every Monday what changed and what is needed.",
            "It reads and writes only in channels that it is invited to.",
            who,
        ),
        "Add to Slack",
    )
    return _html(page, address)


def done_page(name: str, link: str, *, is_org_wide: bool) -> str:
    first = (
        "In your organisation's settings, add it to the workspaces that should have it. "
        "Then type /pm setup in a project's channel."
        if is_org_wide
        else "Next, in Slack: go to a project's channel, type /invite @stationmaster, then /pm setup."
    )
    return _html(Page(200, f"Stationmaster is in {name}", (first,), "Back to Slack"), link)


def declined_page(reason: str, begin_again: str) -> tuple[int, str]:
    page = DECLINED[reason]
    return page.status, _html(page, begin_again)


def _html(page: Page, address: str) -> str:
    lines = "\n".join(f"<p>{escape(line)}</p>" for line in page.lines)
    act = f'<p><a class="act" href="{escape(address)}">{escape(page.act)}</a></p>' if page.act else ""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(page.title)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body><main>\n<h1>{escape(page.title)}</h1>\n{lines}\n{act}\n"
        "<footer>Stationmaster is open source and not affiliated with Slack.</footer>\n</main></body>\n</html>\n"
    )
