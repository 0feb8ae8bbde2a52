"""Menus that ask the app for options while a person types."""

from functools import partial

from bot.sandbox.answers import Json, SlackRefused, invalid_arguments
from bot.sandbox.client import Client
from bot.sandbox.courier import Outcome
from bot.sandbox.elements import options_of
from bot.sandbox.touch import Place, Touched
from bot.slack_rules import check_options_answer

LEAST_TYPED = 3


def ask(client: Client, place: Place, touched: Touched, typed: str) -> Json:
    """The payload that asks for the options of a menu after `typed` was typed into it."""
    found = touched.find(place.blocks)
    if not found.kind or not found.kind.asks:
        raise SlackRefused(f"a {found.element['type']} has its own options")
    least = found.element.get("min_query_length", LEAST_TYPED)
    if len(typed) < least:
        raise SlackRefused(f"{found.block_id}: {least} characters have to be typed first")
    return client.payloads.suggestion(client.me(client.ws.world), place, found, typed)


def send(client: Client, payload: Json) -> Outcome:
    return client.interact(payload, partial(_take_options, client, payload))


def _take_options(client: Client, payload: Json, ack: Json) -> None:
    problems = check_options_answer(ack)
    if problems:
        raise invalid_arguments(problems)
    client.remember(payload["block_id"], payload["action_id"], options_of(ack))
