"""How a problem reaches the person who ran into it: in their form, or in a private reply."""

import logging
from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.database import is_full, is_out_of_reach
from bot.errors import Deactivated, InvalidForm, NotPossible, Refused, UserError
from bot.services import handled, people, people_copies, register
from bot.slack_rules import check_view
from bot.views import trouble
from handlers.feature import Ask, Reply
from handlers.resume import same_view
from models.schemas.message import Block

logger = logging.getLogger(__name__)

SPENT_TRIGGERS = frozenset(
    {"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired", "trigger_exchanged"}
)


UNAVAILABLE = "unavailable"


def outcome_of(error: Exception) -> str:
    """For the figures of the process."""
    if isinstance(error, UserError):
        return "refused"
    return UNAVAILABLE if is_full(error) or is_out_of_reach(error) else "failed"


def explained(ask: Ask, error: Exception) -> Reply:
    """What went wrong, in words that help; what nobody foresaw gets a code that the log carries."""
    if isinstance(error, UserError):
        _remember(ask, error)
        return _problem(ask, error)
    if isinstance(error, SlackApiError) and error.response.get("error") in SPENT_TRIGGERS:
        return _too_late(ask, error.response["error"])
    if outcome_of(error) == UNAVAILABLE:
        logger.warning("%s %s of %s waits for the database: %s", ask.kind, ask.name, ask.user, error)
        return _not_now(ask, full=is_full(error))
    if not _is_slacks(ask.view):
        logger.warning("the view of a %s has not the shape that Slack gives it", ask.kind)
        return _problem(ask, UserError("This form is not one of ours. Nothing was changed"))
    code = ask.runtime.code()
    said = {"code": code}
    logger.error("%s %s of %s failed, code %s", ask.kind, ask.name, ask.user, code, exc_info=error, extra=said)
    if ask.kind in ("event", "suggestion"):
        return Reply()  # nobody waits for words
    if ask.kind == "view":
        return _kept_open(ask, trouble.not_saved(_submit(ask), code))
    return Reply(private=trouble.failed(code, ask.typed))


def _not_now(ask: Ask, *, full: bool) -> Reply:
    """Nothing is broken; in a minute it goes through."""
    if ask.kind in ("event", "suggestion"):
        return Reply()
    if ask.kind == "view":
        return _kept_open(ask, trouble.busy_form(_submit(ask)) if full else trouble.no_memory_form(_submit(ask)))
    return Reply(private=trouble.busy(ask.typed) if full else trouble.no_memory(ask.typed))


def _is_slacks(view: Mapping[str, Any]) -> bool:
    """What is handed back to us is what we were allowed to show. Looked at only when something has gone wrong."""
    return not view or not check_view(same_view(view, view.get("blocks") or ()))


def _remember(ask: Ask, error: UserError) -> None:
    """What was refused stands in the record's history, in a unit of its own: the one that refused it is undone."""
    if isinstance(error, Deactivated):
        with ask.runtime.database.write(ask.workspace.id) as session:
            people_copies.ask_slack_again(session, ask.user)
    if error.attempt is None:
        return
    with ask.runtime.database.write(ask.workspace.id) as session:
        if handled.begin(session, f"refused:{ask.key}", now=ask.now) is not None:
            return  # the same delivery once more
        register.record_refusal(session, error.attempt, by=people.ensure(session, ask.user), now=ask.now)


def _problem(ask: Ask, error: UserError) -> Reply:
    if ask.kind == "suggestion":
        return Reply()
    if ask.kind == "view" and (by_field := _by_field(ask, error)):
        return Reply(answer={"response_action": "errors", "errors": by_field})
    if isinstance(error, Refused):
        return Reply(private=trouble.refused(str(error), error.who, ask.typed))
    if isinstance(error, NotPossible):
        return Reply(private=trouble.refused_state(error))
    return Reply(private=trouble.not_possible(str(error), ask.typed))


def _by_field(ask: Ask, error: UserError) -> dict[str, str]:
    """Keys are block ids of inputs that the form really has: Slack takes no others."""
    blocks = ask.view.get("blocks") or ()
    inputs = [block["block_id"] for block in blocks if block.get("type") == "input" and block.get("block_id")]
    block_of = {block_id.partition("@")[0]: block_id for block_id in reversed(inputs)}
    problems = error.problems if isinstance(error, InvalidForm) else {error.field or "": _whole(error)}
    if not inputs:
        return {}
    found: dict[str, str] = {}
    for name, words in problems.items():
        block_id = block_of.get(name, inputs[0])
        found[block_id] = f"{found[block_id]} {words}" if block_id in found else words
    return found


def _whole(error: UserError) -> str:
    return f"{error}. {error.who}" if isinstance(error, Refused) else str(error)


def _too_late(ask: Ask, word: str) -> Reply:
    """Slack lets a form open for three seconds, once. A spent trigger means that it is open already."""
    if "exchanged" in word:
        return Reply()
    return Reply(
        private=trouble.not_possible("That took longer than Slack allows, so no form opened. Try again.", ask.typed)
    )


def _kept_open(ask: Ask, word: Block) -> Reply:
    """The same form with a word on top; Slack keeps what was typed where block and action ids stay."""
    blocks = [block for block in ask.view.get("blocks", ()) if block.get("block_id") != trouble.NOT_SAVED]
    return Reply(answer={"response_action": "update", "view": same_view(ask.view, [word, *blocks])})


def _submit(ask: Ask) -> str:
    return str((ask.view.get("submit") or {}).get("text", "Save"))
