"""A local workspace: a strict stand-in for Slack, in memory, for trying the app out and for testing it."""

from pathlib import Path

from bot.sandbox.answers import Answer, NobodyListens, SlackRefused
from bot.sandbox.courier import Deliver
from bot.sandbox.person import Person, Result
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.seed import seed_from_portfolio
from bot.sandbox.tokens import Clock
from bot.sandbox.traffic import Exchange
from bot.sandbox.workspace import Broadcast, Change, Mention

PAGE = Path(__file__).parent / "page"
PORTFOLIO = Path(__file__).parent / "data" / "portfolio.json"
"""A reference portfolio: programs, projects, people in four zones, twelve weeks of history."""

__all__ = [
    "PAGE",
    "PORTFOLIO",
    "Answer",
    "Broadcast",
    "Change",
    "Clock",
    "Deliver",
    "Exchange",
    "Mention",
    "NobodyListens",
    "Person",
    "Result",
    "Sandbox",
    "SlackRefused",
    "seed_from_portfolio",
]
