"""What a search found: a line for each, newest first."""

from collections.abc import Mapping

from bot.views.blocks import actions, button, context, message, option, section, select
from bot.views.text import HEALTH_WORD, code, cut, day, escape, link, sentence, stopped
from models.schemas.message import Block, Message
from models.schemas.search import MOST_FOUND, Found, Hit, Results
from models.schemas.status import Health

MOST_TITLE, MOST_NAME, MOST_OPTION, MOST_WORDS = 120, 60, 60, 80
MOST_SECTION = 2300

KIND_WORDS: Mapping[Found, str] = {
    Found.RISK: "Risk",
    Found.ISSUE: "Issue",
    Found.DECISION: "Decision",
    Found.ASSUMPTION: "Assumption",
    Found.STATUS: "Status",
}


def results_message(results: Results) -> Message:
    """For one reader, who alone sees it."""
    if not results.hits:
        return nothing_found(results.typed)
    number = _number(results.found)
    found = f"{number[0].upper()}{number[1:]} {'record holds' if results.found == 1 else 'records hold'} these words"
    first = results.hits[0]
    newest = f"{first.ref or KIND_WORDS[first.kind]} {cut(escape(first.title), MOST_TITLE)}"
    return message(
        sentence(f"{found}. Newest: {stopped(newest)}"),
        section(f"*{found}*\n`{cut(code(results.typed), MOST_WORDS)}` · newest first, {_span(results)}."),
        *_lines(results),
        _controls(results),
        context("Only you see this.", *_capped(results)),
    )


def nothing_found(typed: str) -> Message:
    shown = cut(code(typed), MOST_WORDS)
    text = "No record holds these words" if typed else "What should I look for?"
    tips = "Every word has to be found; a beginning of the last one is enough. Quotation marks hold words together."
    typed_line = f"You typed `{shown}`. " if typed else ""
    plain = sentence(f"{text}: {stopped(cut(escape(typed), MOST_WORDS))}" if typed else text)
    return message(plain, section(f"*{text}*\n{typed_line}{tips}"), actions(button("Show risks", "risk.list", "all")))


def _span(results: Results) -> str:
    first = (results.page - 1) * 12 + 1
    return f"{first}-{first + len(results.hits) - 1} of {_number(results.found)}"


def _number(found: int) -> str:
    return f"over {MOST_FOUND}" if found > MOST_FOUND else str(found)


def _capped(results: Results) -> list[str]:
    return [f"{MOST_FOUND} are the most that are shown. Add a word."] if results.found > MOST_FOUND else []


def _lines(results: Results) -> list[Block]:
    sections = [""]
    for hit in results.hits:
        line = _line(hit, results)
        if sections[-1] and len(sections[-1]) + len(line) >= MOST_SECTION:
            sections.append(line)
        else:
            sections[-1] += f"\n{line}" if sections[-1] else line
    return [section(text) for text in sections]


def _line(hit: Hit, results: Results) -> str:
    """'Risk R-12 *Vendor slips the API*', then its state, its project and the day it was logged."""
    kind = KIND_WORDS[hit.kind]
    name = f"{kind} {link(hit.ref, hit.link)}" if hit.ref else link(kind, hit.link)
    state = HEALTH_WORD[Health(hit.state)] if hit.kind is Found.STATUS else hit.state
    place = f" · {cut(escape(hit.place), MOST_NAME)}" if hit.place else ""
    title = cut(escape(" ".join(hit.title.split())), MOST_TITLE)
    return f"{name} *{title}*\n{state}{place} · {day(hit.on, results.today)}"


def _controls(results: Results) -> Block | None:
    """A record opens privately; the typed words travel with the page's number."""
    records = [hit for hit in results.hits if hit.ref]
    options = [option(cut(f"{hit.ref} {hit.title}", MOST_OPTION), f"{hit.kind}:{hit.id}") for hit in records]
    page = results.page
    elements = [
        *([select(options, placeholder="Show a record") | {"action_id": "search.show"}] if options else []),
        *([_pager("Previous 12", "previous", page - 1, results.typed)] if page > 1 else []),
        *([_pager("Next 12", "next", page + 1, results.typed)] if page < results.pages else []),
    ]
    return actions(*elements) if elements else None


def _pager(label: str, name: str, page: int, typed: str) -> Block:
    return button(label, f"search.page@{name}", f"{page}:{typed}")
