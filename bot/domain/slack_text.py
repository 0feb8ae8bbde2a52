"""Text as Slack sends it: codes for people, channels and links, three entities, and characters that nobody sees."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class Text:
    """Unescaped: it is escaped again where it is rendered."""

    text: str


@dataclass(frozen=True)
class User:
    id: str
    label: str | None = None


@dataclass(frozen=True)
class Channel:
    id: str
    label: str | None = None


@dataclass(frozen=True)
class Group:
    id: str
    label: str | None = None


@dataclass(frozen=True)
class Broadcast:
    """`name` is here, channel, everyone or group (an old word for channel)."""

    name: str
    label: str | None = None


@dataclass(frozen=True)
class Link:
    url: str
    label: str | None = None


Part = Text | User | Channel | Group | Broadcast | Link

_CODE = re.compile(r"<([^<>]*)>")
_HEADS: tuple[tuple[re.Pattern[str], Callable[[str, str | None], Part]], ...] = (
    (re.compile(r"@([UW][A-Z0-9]+)"), User),
    (re.compile(r"#([CGD][A-Z0-9]+)"), Channel),
    (re.compile(r"!subteam\^(S[A-Z0-9]+)"), Group),
    (re.compile(r"!(here|channel|everyone|group)"), Broadcast),
    (re.compile(r"((?i:[a-z][a-z0-9+.-]*://|mailto:|tel:)\S+)"), Link),
)

_ENTITY = re.compile(r"&(lt|gt|amp);")
_CHARACTER = {"lt": "<", "gt": ">", "amp": "&"}

_UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
"""Controls, zero-width characters, marks of direction, halves of characters. Joiners stay: emoji need them."""
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
"""NUL, which PostgreSQL refuses in text, and halves of characters, which have no UTF-8."""
_JOINERS = re.compile(r"[\u200c\u200d\ufe0e\ufe0f]")
_BREAK = re.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_BLANK = re.compile(r"[^\S\n]")

_TYPEWRITER = str.maketrans(dict.fromkeys("‘’‚‛′", "'") | dict.fromkeys("“”„‟″«»", '"') | dict.fromkeys("‐‑‒–—―−", "-"))

_SCHEME = re.compile(r"\A(?i:[a-z][a-z0-9+.-]*://|mailto:|tel:)")


def parts(text: str, *, in_command: bool = False) -> list[Part]:
    """
    What Slack sent, in order. A code that Slack does not know is text like any other.

    In a command's text Slack makes names and links into codes, and no broadcasts: `<!here>` was typed as it stands.
    """
    text = clean(text)
    found: list[Part] = []
    end = 0
    for code in _CODE.finditer(text):
        part = _read(code[1])
        if part is not None and not (in_command and isinstance(part, Broadcast)):
            found += _text(text[end : code.start()])
            found.append(part)
            end = code.end()
    return found + _text(text[end:])


def plain(text: str, names: Mapping[str, str] = _NOTHING, *, in_command: bool = False) -> str:
    """
    What a person would read, with its line breaks; unescaped, so it has to be escaped where it is rendered.

    `names` gives the present names of people, channels and groups by their Slack ids.
    """
    return "".join(shown(part, names) for part in parts(text, in_command=in_command)).strip()


def shown(part: Part, names: Mapping[str, str] = _NOTHING) -> str:
    match part:
        case Text(text):
            return text
        case Link(url, label):
            return _link(url, label)
        case Broadcast(name):
            return f"@{name}"
        case Channel(id_, label):
            return "#" + _name(id_, label, names)
        case User(id_, label) | Group(id_, label):
            return "@" + _name(id_, label, names)


def mentioned(text: str) -> set[str]:
    """Slack ids of the people named in it."""
    return {part.id for part in parts(text) if isinstance(part, User)}


def unescape(text: str) -> str:
    """Slack's three entities, once: `&amp;lt;` is `&lt;` and not `<`."""
    return _ENTITY.sub(lambda entity: _CHARACTER[entity[1]], text)


def clean(text: str) -> str:
    """Without characters that nobody sees; every line break is `\\n` and every other blank a space."""
    return _BLANK.sub(" ", _BREAK.sub("\n", _UNSEEN.sub("", text)))


def storable(text: str) -> str:
    """As it was typed, without the characters that no database takes."""
    return _UNSTORABLE.sub("", text)


def folded(text: str) -> str:
    """For comparing, never for showing: small letters, straight quotes, plain hyphens, no joiners."""
    return _JOINERS.sub("", clean(text)).translate(_TYPEWRITER).casefold()


def shortened(text: str, most: int = 40) -> str:
    """Typed words quoted back in a sentence."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _read(code: str) -> Part | None:
    head, _, rest = code.partition("|")
    label = unescape(rest).strip() or None
    for shape, make in _HEADS:
        if found := shape.fullmatch(head):
            return make(unescape(found[1]), label)
    return Text(label) if head.startswith("!") and label else None


def _text(typed: str) -> list[Part]:
    return [Text(unescape(typed))] if typed else []


def _name(id_: str, label: str | None, names: Mapping[str, str]) -> str:
    return clean(names.get(id_) or (label or "").lstrip("@#") or id_)


def _link(url: str, label: str | None) -> str:
    """What was typed, when Slack made the link; else both, so that no words are lost and no label can lie."""
    target = _SCHEME.sub("", url, count=1)
    readable = url if "://" in url else target
    if label is None or label == readable:
        return readable
    return label if label.rstrip("/").casefold() == target.rstrip("/").casefold() else f"{label} ({readable})"
