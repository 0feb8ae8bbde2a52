"""Who may do what: one table (domain 3), read by one function. Pure: facts in, a verdict out."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from models.schemas.people import PersonCard
from models.schemas.project import Place
from models.schemas.risk import Band
from models.schemas.roles import Role

ABOVE: Mapping[Role, frozenset[Role]] = {
    Role.SPONSOR: frozenset({Role.MANAGER, Role.LEAD}),
    Role.MANAGER: frozenset({Role.LEAD}),
    Role.BACKUP: frozenset({Role.LEAD}),
}
"""The program manager may do what the project's owner may, the sponsor what both may; the backup stands in."""

STANDS_IN: Mapping[Role, Role] = {
    Role.OWNER: Role.OWNERS_STAND_IN,
    Role.APPROVER: Role.APPROVERS_STAND_IN,
    Role.LEAD: Role.LEADS_STAND_IN,
}
"""What covering for an absent holder of a role gives: what is asked of them may be answered, and nothing more."""

ANSWERING = frozenset({Role.OWNER, Role.APPROVER, Role.DRIVER, Role.LEAD, Role.BACKUP, Role.GUEST})
"""What a guest keeps: they answer what they are asked."""

LEADS = frozenset({Role.LEAD, Role.ADMIN})
OWNERS = LEADS | {Role.OWNER}
ANSWERERS = OWNERS | {Role.OWNERS_STAND_IN}
"""Also who is asked in an absent owner's place."""
READERS = frozenset({Role.MEMBER, *OWNERS, Role.DRIVER, Role.APPROVER, Role.CONTRIBUTOR, Role.AUTHOR})

ACCEPTS: Mapping[Band, frozenset[Role]] = {
    Band.LOW: frozenset({Role.LEAD}),
    Band.MODERATE: frozenset({Role.LEAD}),
    Band.HIGH: frozenset({Role.MANAGER}),
    Band.EXTREME: frozenset({Role.SPONSOR}),
}
"""Who may accept a risk of this band."""

CLOSES_ALONE: Mapping[Band, frozenset[Role]] = {
    Band.LOW: OWNERS,
    Band.MODERATE: OWNERS,
    Band.HIGH: LEADS,
    Band.EXTREME: LEADS,
}
"""An owner closes a High or Extreme risk with a second person's word."""

PERMISSIONS: Mapping[str, frozenset[Role]] = {
    "risk.acknowledge": (OWNERS - {Role.LEAD}) | {Role.OWNERS_STAND_IN},
    "risk.edit": OWNERS | {Role.RECENT_AUTHOR},
    "risk.review": OWNERS | {Role.OWNERS_STAND_IN},
    "risk.respond": OWNERS,
    "risk.undo": frozenset({Role.RECENT_AUTHOR}),
    "issue.acknowledge": (OWNERS - {Role.LEAD}) | {Role.OWNERS_STAND_IN},
    "issue.edit": OWNERS | {Role.RECENT_AUTHOR},
    "issue.undo": frozenset({Role.RECENT_AUTHOR}),
    "assumption.edit": OWNERS | {Role.RECENT_AUTHOR},
    "assumption.undo": frozenset({Role.RECENT_AUTHOR}),
    "decision.replace": frozenset({Role.MEMBER}),
    "decision.edit": LEADS | {Role.DRIVER, Role.RECENT_AUTHOR},
    "decision.undo": frozenset({Role.RECENT_AUTHOR}),
    "decision.score": LEADS | {Role.DRIVER, Role.CONTRIBUTOR},
    "decision.grade": LEADS | {Role.DRIVER, Role.APPROVER},
    "dependency.redate": LEADS,
    "finding.redate": OWNERS,
    "escalation.cancel": frozenset({Role.MANAGER, Role.ADMIN}),
    "status.post": LEADS | {Role.BACKUP, Role.LEADS_STAND_IN},
    "status.acknowledge": READERS,
    "rollup.act": frozenset({Role.MANAGER, Role.ADMIN}),
    "health.override": frozenset({Role.MANAGER}),
    "setup.change": LEADS | {Role.BACKUP},
    "project.state": LEADS | {Role.BACKUP},
    "project.end": frozenset({Role.MANAGER, Role.ADMIN}),
    "project.pause": frozenset({Role.MANAGER, Role.ADMIN}),
    "project.resume": frozenset({Role.MANAGER, Role.ADMIN}),
    "project.waive": frozenset({Role.MANAGER, Role.ADMIN}),
    "program.settings": frozenset({Role.MANAGER, Role.ADMIN}),
    "program.switch": frozenset({Role.MANAGER, Role.ADMIN}),
    "record.share": READERS,
    "export": frozenset({Role.MEMBER, *OWNERS}),
}
"""What is not a transition. Transitions name their roles in the machine of their kind."""

ROLE_WORDS: Mapping[Role, str] = {
    Role.OWNER: "its owner",
    Role.DRIVER: "its driver",
    Role.APPROVER: "its approver",
    Role.CONTRIBUTOR: "its contributors",
    Role.LEAD: "the project owner",
    Role.BACKUP: "the backup",
    Role.MANAGER: "the program manager",
    Role.SPONSOR: "the sponsor",
    Role.ADMIN: "an admin",
    Role.AUTHOR: "who logged it",
    Role.RECENT_AUTHOR: "who logged it, within 30 minutes",
    Role.MEMBER: "members of its channel",
}
"""In the order in which a person would go and ask them."""


@dataclass(frozen=True)
class Standing:
    """Who somebody is. `channel` is where they act: Slack lets only members act in a channel."""

    person: PersonCard
    is_admin: bool = False
    is_stranger: bool = False
    """Of another company, in a shared channel."""
    channel: str | None = None
    stands_in_for: frozenset[int] = frozenset()
    """Ids of the absent people whose asks come to them now."""
    sees_all: bool = False
    """Whoever runs the bot, in a shell: they hold the database anyway. Never somebody in Slack."""


@dataclass(frozen=True)
class Involved:
    """Person ids of a record by what they are to it."""

    ids: Mapping[Role, Collection[int]] = field(default_factory=dict)
    is_fresh: bool = False
    """Logged within half an hour, and nobody but its author has acted."""


def roles(standing: Standing, place: Place | None, involved: Involved = Involved()) -> frozenset[Role]:
    """Every role that this person has, those that a higher one brings along included."""
    person = standing.person
    own = {role for role, ids in involved.ids.items() if person.id in ids}
    if Role.AUTHOR in own and involved.is_fresh:
        own.add(Role.RECENT_AUTHOR)
    own |= _of_place(person.id, place)
    own |= _standing_in(standing, place, involved)
    for role in tuple(own):
        own |= ABOVE.get(role, frozenset())
    if standing.is_stranger or person.is_guest or person.is_bot:
        return frozenset((own | {Role.GUEST}) & ANSWERING) if _sees(standing, place, own) else _OUTSIDE
    if standing.is_admin:
        own.add(Role.ADMIN)
    if not _sees(standing, place, own - {Role.ADMIN}):
        return _OUTSIDE
    return frozenset(own | {Role.MEMBER})


def stood_in_for(standing: Standing, place: Place | None, involved: Involved, allowed: Collection[Role]) -> int | None:
    """The id of the absent person in whose place somebody may do it; None where they may do it themselves."""
    used = roles(standing, place, involved) & frozenset(allowed)
    if not used or not used <= frozenset(STANDS_IN.values()):
        return None
    holders = [_holders(role, place, involved) for role, instead in STANDS_IN.items() if instead in used]
    return min((person for ids in holders for person in ids if person in standing.stands_in_for), default=None)


def allowed(permission: str) -> frozenset[Role]:
    return PERMISSIONS[permission]


def who_may(
    allowed: Iterable[Role], place: Place | None, names: Mapping[Role, Collection[str]], *, most_names: int = 3
) -> str:
    """'its owner (luis) and the program manager (maya)': where to go instead."""
    wanted = set(allowed)
    above = {role for role, below in ABOVE.items() if below & wanted}
    parts = [
        _named(words, names.get(role, ()), most_names)
        for role, words in ROLE_WORDS.items()
        if role in wanted or (role in above and names.get(role))
    ]
    if not parts:
        return "nobody"
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]


_OUTSIDE = frozenset({Role.OUTSIDER})


def _named(words: str, names: Collection[str], most: int) -> str:
    shown = ", ".join(list(names)[:most])
    return f"{words} ({shown})" if shown else words


def _standing_in(standing: Standing, place: Place | None, involved: Involved) -> set[Role]:
    if not standing.stands_in_for:
        return set()
    covered = standing.stands_in_for
    return {instead for role, instead in STANDS_IN.items() if covered.intersection(_holders(role, place, involved))}


def _holders(role: Role, place: Place | None, involved: Involved) -> Collection[int]:
    if role is Role.LEAD:
        return {place.owner.id} if place else ()
    return involved.ids.get(role, ())


def _of_place(person_id: int, place: Place | None) -> set[Role]:
    """Where nobody sponsors or manages, the next one below stands in: a project by itself has an owner alone."""
    if place is None:
        return set()
    manager = place.manager_id or place.owner.id
    holders = {
        Role.LEAD: place.owner.id,
        Role.BACKUP: place.backup_id,
        Role.MANAGER: manager,
        Role.SPONSOR: place.sponsor_id or manager,
    }
    return {role for role, holder in holders.items() if holder == person_id}


def _sees(standing: Standing, place: Place | None, own: Collection[Role]) -> bool:
    """A restricted place shows itself in its own channel, and to those whom it or the record names.

    Covering for one of those opens nothing: it is whoever sets the days off who chooses the cover.
    """
    if place is None or (place.channel is not None and place.channel == standing.channel):
        return True
    guest = standing.is_stranger or standing.person.is_guest
    return bool(set(own).difference(STANDS_IN.values())) if place.restricted or guest else True
