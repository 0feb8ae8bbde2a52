"""A process that logs risks one after another and says of each that it is saved, until it is killed."""

from multiprocessing.connection import Connection

from bot.database import Database
from bot.services import people, places
from bot.services import risk as risks
from models.schemas.risk import RiskDraft
from tests.town import MONDAY


def log_for_ever(url: str, line: Connection) -> None:
    database = Database(url)
    draft = RiskDraft(
        title="Vendor slips", probability=4, impact=5, category="vendor", project="project:1", owner="ULUIS"
    )
    while True:
        with database.write(1) as session:
            luis = people.ensure(session, "ULUIS")
            place = places.get(session, "project:1")
            card = risks.log_risk(session, draft, place=place, owner=luis, author=luis, now=MONDAY)
        line.send(int(card.ref.removeprefix("R-")))
