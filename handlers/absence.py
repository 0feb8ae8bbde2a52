"""`/pm away`: days off in one line or a form, ended, and declined by who was to cover."""

import json
from dataclasses import dataclass, replace

from pydantic import ValidationError
from sqlalchemy.orm import Session

from bot.domain.away_words import AwayLine, not_known, read_away
from bot.domain.reference import row_id
from bot.errors import InvalidForm
from bot.notices import absence as notices
from bot.services import absence as absences
from bot.services import people
from bot.views.absence import absence_cancelled, absence_set
from bot.views.absence_form import LISTED, Filled, away_form
from handlers.feature import Ask, Command, Feature, Reply, reads, writes
from handlers.forms import Submitted, read_form
from handlers.resume import same_view
from models.schemas.absence import MOST_NOTE, AbsenceCard, AwayDraft
from models.schemas.people import PersonCard


@dataclass(frozen=True)
class Typed:
    """A line with its people looked up."""

    line: AwayLine
    person: PersonCard
    """Who is away."""
    delegate: PersonCard | None


def away(ask: Ask) -> Reply:
    return away_line(ask) if ask.text.strip() else open_form(ask)


@writes
def away_line(ask: Ask, session: Session) -> Reply:
    by = ask.acting(session)
    typed = _typed(ask, session, by.person)
    absences.require_may_set(session, typed.person, by)
    if not typed.line.is_complete:
        return _form(ask, session, typed)
    try:
        draft = _draft(ask, typed)
        absence = absences.set_away(session, typed.person, draft, typed.delegate, by, now=ask.now)
    except InvalidForm as invalid:
        return _form(ask, session, replace(typed, line=_with_problems(typed.line, *invalid.problems.values())))
    notices.tell_set(session, absence, by=by.person, now=ask.now)
    today = ask.today(by.person.tz)
    return Reply(private=absence_set(absence, by.person, today=today, typed=people.readable(session, ask.typed)))


@reads
def open_form(ask: Ask, session: Session) -> Reply:
    by = ask.standing(session)
    absences.require_may_set(session, by.person, by)
    return _form(ask, session, Typed(AwayLine(), by.person, None))


@reads
def change_form(ask: Ask, session: Session) -> Reply:
    """The same form, filled with what is set."""
    found = absences.check(session, row_id(ask.value), ask.standing(session), now=ask.now)
    delegate = found.delegate.slack_id if found.delegate else None
    filled = Filled(found.start_on, found.end_on, delegate, found.note or "")
    return Reply(form=_view(ask, found.person, filled, absence=found))


@writes
def save(ask: Ask, session: Session) -> Reply:
    by = ask.acting(session)
    before = None
    if (absence_id := ask.metadata.get("absence")) is not None:
        before = absences.check(session, row_id(str(absence_id)), by, now=ask.now)
    person = before.person if before else people.by_slack_id(session, str(ask.metadata.get("person"))) or by.person
    form = _read(ask, session, person, before)
    delegate = form.people[form.draft.delegate] if form.draft.delegate else None
    if before is None:
        absence = absences.set_away(session, person, form.draft, delegate, by, now=ask.now)
    else:
        absence = absences.change(session, before.id, form.draft, delegate, by, now=ask.now)
    notices.tell_set(session, absence, before=before, by=by.person, now=ask.now)
    notices.give_receipt(session, absence, by=by.person, key=ask.key, now=ask.now)
    return Reply()


@writes
def cancel(ask: Ask, session: Session) -> Reply:
    """From the list in the form its row goes; from a private message that message is replaced."""
    by = ask.acting(session)
    before = absences.check(session, row_id(ask.value), by, now=ask.now)
    after = absences.cancel(session, before.id, by, now=ask.now)
    notices.tell_cancelled(session, after, before=before, by=by.person, now=ask.now)
    if ask.view.get("type") == "modal":
        row = f"{LISTED}{before.id}"
        left = [block for block in ask.blocks if block.get("block_id") != row]
        return Reply(changed_form=same_view(ask.view, left))
    told = absence_cancelled(after, by.person, today=ask.today(by.person.tz))
    return Reply(private=told, replaces=bool((ask.payload.get("container") or {}).get("is_ephemeral")))


@writes
def decline(ask: Ask, session: Session) -> Reply:
    """The line that asked says so, and the absent person is told."""
    by = ask.acting(session)
    before = absences.find(session, row_id(ask.value), now=ask.now)
    after = absences.decline(session, row_id(ask.value), by, now=ask.now)
    assert before is not None
    notices.tell_declined(session, after, before=before, by=by.person, now=ask.now)
    return Reply()


def _typed(ask: Ask, session: Session, by: PersonCard) -> Typed:
    """Whoever cannot be chosen in a form cannot be typed either: the form opens and says why."""
    line = read_away(ask.text, ask.today(by.tz), people.mentioned(session, ask.text))
    person, line = _looked_up(session, line, line.person, line.person_words)
    delegate, line = _looked_up(session, line, line.delegate, line.delegate_words)
    return Typed(line, person or by, delegate)


def _looked_up(
    session: Session, line: AwayLine, slack_id: str | None, handle: str | None
) -> tuple[PersonCard | None, AwayLine]:
    if slack_id is None and handle is not None:
        found = people.by_handle(session, handle)
        return (found, line) if found else (None, _with_problems(line, not_known(handle)))
    if slack_id is None:
        return None, line
    chosen = people.choose(session, slack_id)
    if isinstance(chosen, str):
        known = people.by_slack_id(session, slack_id)
        return None, _with_problems(line, f"@{known.handle}: {chosen}" if known else chosen)
    return chosen, line


def _with_problems(line: AwayLine, *problems: str) -> AwayLine:
    return replace(line, problems=[*line.problems, *problems])


def _draft(ask: Ask, typed: Typed) -> AwayDraft:
    """The same rules as for the form. Raises InvalidForm."""
    line = typed.line
    values = {"start_on": line.start, "end_on": line.end, "note": line.note or None}
    try:
        return AwayDraft.model_validate(values, context={"today": ask.today(typed.person.tz)})
    except ValidationError as error:
        words = {str(e["loc"][0]): e["msg"] if e["type"] == "say" else "" for e in error.errors()}
        raise InvalidForm({name: said or AwayDraft.WORDS[name] for name, said in words.items()}) from None


def _read(ask: Ask, session: Session, person: PersonCard, before: AbsenceCard | None) -> Submitted[AwayDraft]:
    earliest = absences.first_day(before, ask.today(person.tz))
    form = read_form(ask, session, AwayDraft, today=earliest, person=person)
    if form.draft.end_on < ask.today(person.tz):
        raise InvalidForm({"end_on": "This day is past. Choose today or later, or cancel the days off."})
    return form


def _form(ask: Ask, session: Session, typed: Typed) -> Reply:
    """Filled with what was understood; the rest stands in the note."""
    line, delegate = typed.line, typed.delegate.slack_id if typed.delegate else None
    problems = list(line.problems)
    if ask.text.strip() and line.start is None and not problems:
        problems.append("I read no date in that. Choose the days.")
    filled = Filled(line.start, line.end, delegate, line.note[:MOST_NOTE])
    listed = absences.coming(session, typed.person, now=ask.now)
    return Reply(form=_view(ask, typed.person, filled, listed=listed, problems=problems))


def _view(
    ask: Ask,
    person: PersonCard,
    filled: Filled,
    *,
    listed: list[AbsenceCard] | None = None,
    absence: AbsenceCard | None = None,
    problems: list[str] | None = None,
) -> dict[str, object]:
    metadata = {"person": person.slack_id, "absence": absence.id if absence else None, "channel": ask.channel}
    return away_form(
        person=person,
        yours=person.slack_id == ask.user,
        filled=filled,
        listed=listed or [],
        today=ask.today(person.tz),
        metadata=json.dumps(metadata),
        problems=problems or [],
    )


FEATURE = Feature(
    commands=(
        Command(
            word="away",
            group="Set up",
            examples=(
                ("/pm away 24 Dec to 2 Jan @backup covers", "nobody asks you then; who covers is asked instead"),
                ("/pm away until Fri", "also tomorrow, next week, Mon to Wed; without dates a form opens"),
            ),
            handler=away,
            button="Set days off",
        ),
    ),
    actions={
        "away.form": open_form,
        "away.change": change_form,
        "away.cancel": cancel,
        "away.decline": decline,
    },
    forms={"away.save": save},
)
