"""A local workspace: a strict stand-in for Slack, in memory, for trying the app out and for testing it."""

from bot.sandbox.answers import Answer, Call, NobodyListens, SlackRefused
from bot.sandbox.courier import Deliver
from bot.sandbox.person import Person, Result
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.seed import seed_from_portfolio
from bot.sandbox.workspace import Broadcast, Change, Clock, Mention

__all__ = [
    "Answer",
    "Broadcast",
    "Call",
    "Change",
    "Clock",
    "Deliver",
    "Mention",
    "NobodyListens",
    "Person",
    "Result",
    "Sandbox",
    "SlackRefused",
    "seed_from_portfolio",
]
