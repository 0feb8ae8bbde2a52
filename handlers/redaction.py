"""`/pm redact R-12`: an admin takes words out of a record, or a status."""

import json

from sqlalchemy.orm import Session

from bot.domain.policy import Standing
from bot.domain.reference import row_id
from bot.errors import NotFound, UserError
from bot.notices.redaction import tell_redacted
from bot.notices.status import tell_redacted as tell_status_redacted
from bot.services import erasure, places, redaction, redaction_status, register, status_acts
from bot.services import status as statuses
from bot.views.redaction import redact_form, redacted
from handlers.feature import Ask, Command, Feature, Reply, reads, writes
from handlers.forms import read_form
from handlers.record import KINDS, RECORD
from models.schemas.project import PlaceKind
from models.schemas.redaction import Redactable, RedactionDraft
from models.schemas.status import StatusCard

ACT = "take words out of a record"
BY_KIND = {kind.kind: kind for kind in KINDS.values()}


STATUS = "status"


@reads
def open_form(ask: Ask, session: Session) -> Reply:
    by = ask.standing(session)
    erasure.require_admin(by, ACT)
    if ask.text.strip().casefold() == STATUS:
        return _form(ask, _of_status(session, _status_here(ask, session), by)[1])
    match = RECORD.fullmatch(ask.text.strip())
    if match is None:
        raise UserError("Say which record, as /pm redact R-12; in a project's channel /pm redact status.")
    kind, ref = KINDS[match[1].upper()], f"{match[1].upper()}-{int(match[2])}"
    card, _ = register.seen(session, kind.kind, kind.find(session, int(match[2])), by, now=ask.now, what=ref)
    return _form(ask, redaction.redactable(session, kind.kind, card.ref, card.id))


@reads
def open_pressed(ask: Ask, session: Session) -> Reply:
    """On a card that an admin alone sees; the value is its kind and its id."""
    by = ask.standing(session)
    erasure.require_admin(by, ACT)
    kind_name, _, record = ask.value.partition(":")
    if kind_name == STATUS:
        return _form(ask, _of_status(session, row_id(record), by)[1])
    kind = BY_KIND.get(kind_name)
    if kind is None:
        raise NotFound("this record")
    card, _ = register.seen(session, kind.kind, kind.find_by_id(session, row_id(record)), by, now=ask.now)
    return _form(ask, redaction.redactable(session, kind.kind, card.ref, card.id))


def _form(ask: Ask, what: Redactable) -> Reply:
    metadata = json.dumps({"channel": ask.channel, "kind": what.kind, "record": what.id})
    return Reply(form=redact_form(what, metadata=metadata))


def _status_here(ask: Ask, session: Session) -> int | None:
    """The last one of the project whose channel this is."""
    place = places.of_channel(session, ask.channel) if ask.channel else None
    last = statuses.latest(session, [place.id]).get(place.id) if place and place.kind is PlaceKind.PROJECT else None
    if last is None:
        raise UserError("No status was posted for a project of this channel.")
    return last.id


def _of_status(session: Session, update_id: int | None, by: Standing) -> tuple[StatusCard, Redactable]:
    update = status_acts.check_see(session, update_id, by)
    return update, redaction_status.redactable(session, update)


@writes
def save(ask: Ask, session: Session) -> Reply:
    by = ask.acting(session)
    erasure.require_admin(by, ACT)
    draft = read_form(ask, session, RedactionDraft, today=ask.today(by.person.tz), person=by.person).draft
    kind_name, record_id = str(ask.metadata.get("kind")), row_id(str(ask.metadata.get("record")))
    if kind_name == STATUS:
        return _save_status(ask, session, record_id, draft, by)
    kind = BY_KIND.get(kind_name)
    if kind is None:
        raise NotFound("this record")
    register.hold(session, kind.kind, record_id)
    before, _ = register.seen(session, kind.kind, kind.find_by_id(session, record_id), by, now=ask.now)
    what = redaction.redactable(session, kind.kind, before.ref, before.id)
    redaction.redact(session, what, draft.fields, by_id=by.person.id, reason=draft.reason, now=ask.now)
    after = kind.find_by_id(session, before.id)
    pressed_in = ask.metadata.get("channel")
    tell_redacted(session, kind.kind, after, before=before, by=by.person, pressed_in=pressed_in, now=ask.now)
    return Reply(private=redacted(what))


def _save_status(ask: Ask, session: Session, update_id: int | None, draft: RedactionDraft, by: Standing) -> Reply:
    statuses.lock(session, update_id)
    before, what = _of_status(session, update_id, by)
    redaction_status.redact(session, what, draft.fields, by_id=by.person.id, reason=draft.reason, now=ask.now)
    tell_status_redacted(session, before, statuses.get(session, before.id), now=ask.now)
    return Reply(private=redacted(what))


FEATURE = Feature(
    commands=(
        Command(
            word="redact",
            group="Set up",
            examples=(
                ("/pm redact R-12", "an admin takes words out of a record and its history"),
                ("/pm redact status", "in a project's channel: out of its last status"),
            ),
            handler=open_form,
            button="Redact texts",
        ),
    ),
    actions={"redaction.open": open_pressed},
    forms={"redaction.redact": save},
)
