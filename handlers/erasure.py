"""`/pm erase @person`: what it would do is shown first, to an admin."""

import json

from sqlalchemy.orm import Session

from bot.domain.reference import row_id
from bot.services import erasure
from bot.views.erasure import erase_form, erased
from handlers.feature import Ask, Command, Feature, Reply, reads, writes
from handlers.forms import read_form
from models.schemas.erasure import ErasureDraft

ACT = "erase a person"


@reads
def open_form(ask: Ask, session: Session) -> Reply:
    erasure.require_admin(ask.standing(session), ACT)
    person = erasure.find(session, ask.text)
    metadata = json.dumps({"channel": ask.channel, "person": person.id})
    return Reply(form=erase_form(erasure.foresee(session, person), metadata=metadata))


@writes
def save(ask: Ask, session: Session) -> Reply:
    by = ask.acting(session)
    erasure.require_admin(by, ACT)
    draft = read_form(ask, session, ErasureDraft, today=ask.today(by.person.tz), person=by.person).draft
    wanted = row_id(str(ask.metadata.get("person")))
    done = erasure.erase(session, wanted or 0, reason=draft.reason, by_id=by.person.id, now=ask.now)
    return Reply(private=erased(done))


FEATURE = Feature(
    commands=(
        Command(
            word="erase",
            group="Set up",
            examples=(("/pm erase @person", "an admin takes a person out of what is kept"),),
            handler=open_form,
            button="Erase person",
        ),
    ),
    forms={"erasure.erase": save},
)
