"""`/pm redact R-12`: an admin takes words out of a record."""

import json

from sqlalchemy.orm import Session

from bot.domain.reference import row_id
from bot.errors import NotFound, UserError
from bot.notices.redaction import tell_redacted
from bot.services import erasure, redaction, register
from bot.views.redaction import redact_form, redacted
from handlers.feature import Ask, Command, Feature, Reply, reads, writes
from handlers.forms import read_form
from handlers.record import KINDS, RECORD
from models.schemas.redaction import RedactionDraft

ACT = "take words out of a record"
BY_KIND = {kind.kind: kind for kind in KINDS.values()}


@reads
def open_form(ask: Ask, session: Session) -> Reply:
    standing = ask.standing(session)
    erasure.require_admin(standing, ACT)
    match = RECORD.fullmatch(ask.text.strip())
    if match is None:
        raise UserError("Say which record, as /pm redact R-12.")
    kind, ref = KINDS[match[1].upper()], f"{match[1].upper()}-{int(match[2])}"
    card, _ = register.seen(session, kind.kind, kind.find(session, int(match[2])), standing, now=ask.now, what=ref)
    what = redaction.redactable(session, kind.kind, card.ref, card.id)
    metadata = json.dumps({"channel": ask.channel, "kind": kind.kind, "record": card.id})
    return Reply(form=redact_form(what, metadata=metadata))


@writes
def save(ask: Ask, session: Session) -> Reply:
    by = ask.acting(session)
    erasure.require_admin(by, ACT)
    kind, record_id = BY_KIND.get(str(ask.metadata.get("kind"))), row_id(str(ask.metadata.get("record")))
    if kind is None:
        raise NotFound("this record")
    draft = read_form(ask, session, RedactionDraft, today=ask.today(by.person.tz), person=by.person).draft
    register.hold(session, kind.kind, record_id)
    before, _ = register.seen(session, kind.kind, kind.find_by_id(session, record_id), by, now=ask.now)
    what = redaction.redactable(session, kind.kind, before.ref, before.id)
    redaction.redact(session, what, draft.fields, by_id=by.person.id, reason=draft.reason, now=ask.now)
    after = kind.find_by_id(session, before.id)
    pressed_in = ask.metadata.get("channel")
    tell_redacted(session, kind.kind, after, before=before, by=by.person, pressed_in=pressed_in, now=ask.now)
    return Reply(private=redacted(what))


FEATURE = Feature(
    commands=(
        Command(
            word="redact",
            group="Set up",
            examples=(("/pm redact R-12", "an admin takes words out of a record and its history"),),
            handler=open_form,
            button="Redact texts",
        ),
    ),
    forms={"redaction.redact": save},
)
