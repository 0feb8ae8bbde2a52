"""Issues from Slack: logged from a command, a button, what was undone or an assumption; and what is done to them."""

import json
from typing import Any

from sqlalchemy.orm import Session

from bot.domain.message_title import headed
from bot.domain.reference import row_id
from bot.notices import checkin
from bot.notices import issue as notices
from bot.notices import issue_acts as act_notices
from bot.services import assumption as assumptions
from bot.services import issue as issues
from bot.services import issue_acts, register
from bot.views.issue_form import issue_act_form, issue_form
from bot.views.issue_receipt import issue_shared
from handlers.acts import Acts, opening_at
from handlers.capture import Opening, kept_source, opening
from handlers.feature import Ask, Command, Feature, Reply, reads, writes
from handlers.forms import read_form
from models.schemas.issue import IssueCard, IssueDraft, IssueEditDraft
from models.schemas.project import Place
from models.schemas.register import ReasonDraft

TITLE = 150

ACTS = Acts(
    kind=issues.KIND,
    find_by_id=issues.find_by_id,
    check=issue_acts.check,
    act=issue_acts.act,
    at_once=("acknowledge", "start", "unblock", "resolve", "close"),
    drafts={"block": ReasonDraft, "drop": ReasonDraft, "reopen": ReasonDraft, "edit": IssueEditDraft},
    form=issue_act_form,
    tell_changed=act_notices.tell_changed,
    tell_undone=act_notices.tell_undone,
    shared=issue_shared,
    too_late="Now it can be dropped.",
)


@reads
def open_form(ask: Ask, session: Session) -> Reply:
    start = opening(ask, session, title=TITLE, rest=TITLE)
    return Reply(form=_form(ask, start, start.title))


@reads
def log_again(ask: Ask, session: Session) -> Reply:
    """What was undone, once more in the form."""
    issue: IssueCard = ACTS.seen(ask, session, ask.value)
    start = opening_at(ask, session, issue.place, title=TITLE)
    return Reply(form=_form(ask, start, issue.title, owner=issue.owner.slack_id, like=issue))


@reads
def from_assumption(ask: Ask, session: Session) -> Reply:
    """What was taken for true is not so: the form starts with what showed it, the record keeps a link to it."""
    found = assumptions.find_by_id(session, row_id(ask.value))
    assumption, _ = register.seen(session, assumptions.KIND, found, ask.standing(session), now=ask.now)
    start = opening_at(ask, session, assumption.place, title=TITLE)
    showed = headed(assumption.status_reason or assumption.title, most_title=TITLE, most_rest=TITLE)
    return Reply(form=_form(ask, start, showed.title, assumption=assumption.id, owner=assumption.owner.slack_id))


@writes
def save(ask: Ask, session: Session) -> Reply:
    author = ask.member(session)
    form = read_form(ask, session, IssueDraft, today=ask.today(author.tz), person=author)
    draft, place = form.draft, form.places["project"]
    logged = issues.log_issue(
        session,
        title=draft.title,
        severity=draft.severity,
        workaround=draft.workaround,
        place=place,
        owner=form.people[draft.owner],
        author=author,
        now=ask.now,
        source_url=_cause(ask, session, place) or kept_source(ask, place),
    )
    notices.tell_logged(session, logged, author=author, now=ask.now)
    blocker = row_id(str(ask.metadata.get("blocker")))
    checkin.tell_logged(session, blocker, issues.KIND, logged.id, ask.standing(session, author), now=ask.now)
    return Reply()


def _cause(ask: Ask, session: Session, place: Place) -> str | None:
    """A link to the assumption that it follows from, unless fewer people read that than read the issue."""
    cause = assumptions.find_by_id(session, row_id(str(ask.metadata.get("assumption"))))
    if cause is None or cause.place is None or (cause.place.restricted and cause.place.ref != place.ref):
        return None
    return cause.link


def _form(
    ask: Ask,
    start: Opening,
    title: str,
    *,
    owner: str | None = None,
    assumption: int | None = None,
    like: IssueCard | None = None,
) -> dict[str, Any]:
    about = {"assumption": assumption} if assumption else {}
    return issue_form(
        places=start.choices,
        here=start.here,
        owner=owner or ask.user,
        metadata=json.dumps({"channel": start.channel, **about}),
        initial_title=title,
        initial_workaround=(like.workaround or "") if like else "",
        severity=like.severity if like else None,
    )


FEATURE = Feature(
    commands=(
        Command(
            word="issue",
            group="Log",
            examples=(("/pm issue The ledger does not reconcile", "logs what went wrong already"),),
            handler=open_form,
            button="Log issue",
        ),
    ),
    actions={
        "issue.form": open_form,
        "issue.again": log_again,
        "issue.from_assumption": from_assumption,
        **ACTS.actions(),
    },
    forms={"issue.log": save, **ACTS.forms()},
)
