"""Reading what a person put into a form: everything that is wrong is said at once, each at its field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Generic, Protocol, TypeVar, cast

from pydantic import BaseModel, ValidationError
from sqlalchemy.orm import Session

from bot.domain.slack_text import storable
from bot.errors import InvalidForm
from bot.services import people, places
from handlers.feature import Ask
from models.schemas.people import PersonCard, PersonField, PlaceField
from models.schemas.project import Place, State

Schema = TypeVar("Schema", bound=BaseModel)


class _Worded(Protocol):
    WORDS: dict[str, str]


@dataclass(frozen=True)
class Submitted(Generic[Schema]):
    """A valid draft, with the people and the place that it names."""

    draft: Schema
    people: dict[str, PersonCard]
    places: dict[str, Place]


def read_form(
    ask: Ask,
    session: Session,
    schema: type[Schema],
    *,
    today: date,
    person: PersonCard,
    given: Mapping[str, str] | None = None,
    kept: str | None = None,
) -> Submitted[Schema]:
    """`person` fills it in. `given` holds fields that the form does not ask for; `kept` is a place that the record
    belongs to already."""
    values = {**(given or {}), **form_values(ask)}
    draft, problems = _parse(schema, values, today)
    chosen, people_problems = _people(session, schema, values)
    named, place_problems = _places(ask, session, schema, values, person, kept)
    problems = people_problems | place_problems | problems
    if problems or draft is None:
        raise InvalidForm(problems)
    return Submitted(draft, chosen, named)


def form_values(ask: Ask) -> dict[str, Any]:
    """The state of the form by field; what was left empty or blank is absent."""
    state: Mapping[str, Mapping[str, Any]] = (ask.view.get("state") or {}).get("values") or {}
    found = {
        block_id.partition("@")[0]: _value(next(iter(elements.values()), {})) for block_id, elements in state.items()
    }
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def _value(element: Mapping[str, Any]) -> Any:
    if "selected_option" in element:
        return _storable((element["selected_option"] or {}).get("value"))
    if "selected_options" in element:
        return [_storable(option.get("value")) for option in element["selected_options"] or ()]
    selected = (value for key, value in element.items() if key.startswith("selected_") or key == "value")
    return _storable(next(selected, None))


def _storable(value: Any) -> Any:
    if isinstance(value, list):
        return [_storable(each) for each in value]
    return storable(value).strip() if isinstance(value, str) else value


def _parse(schema: type[Schema], values: Mapping[str, Any], today: date) -> tuple[Schema | None, dict[str, str]]:
    known = {name: value for name, value in values.items() if name in schema.model_fields}
    try:
        return schema.model_validate(known, context={"today": today}), {}
    except ValidationError as error:
        words = cast(type[_Worded], schema).WORDS
        return None, {
            str(e["loc"][0]): e["msg"] if e["type"] == "say" else words.get(str(e["loc"][0]), e["msg"])
            for e in reversed(error.errors())
        }


@cache
def _marked(schema: type[BaseModel], marker: type) -> list[str]:
    return [name for name, info in schema.model_fields.items() if any(isinstance(m, marker) for m in _marks(info))]


def _marks(info: Any) -> Iterable[Any]:
    """Markers of a field, those inside an optional type too."""
    yield from info.metadata
    for part in getattr(info.annotation, "__args__", ()):
        yield from getattr(part, "__metadata__", ())


def _people(
    session: Session, schema: type[BaseModel], values: Mapping[str, Any]
) -> tuple[dict[str, PersonCard], dict[str, str]]:
    chosen: dict[str, PersonCard] = {}
    problems: dict[str, str] = {}
    for name in _marked(schema, PersonField):
        given = values.get(name, [])
        for slack_id in [given] if isinstance(given, str) else given:
            person = people.choose(session, slack_id)
            if isinstance(person, str):
                problems[name] = person
            else:
                chosen[slack_id] = person
    return chosen, problems


def _places(
    ask: Ask,
    session: Session,
    schema: type[BaseModel],
    values: Mapping[str, Any],
    person: PersonCard,
    kept: str | None,
) -> tuple[dict[str, Place], dict[str, str]]:
    named: dict[str, Place] = {}
    problems: dict[str, str] = {}
    for name in _marked(schema, PlaceField):
        if name not in values:
            continue
        place = places.by_ref(session, str(values[name]))
        visible = place and places.may_see(place, person.id, ask.metadata.get("channel"))
        is_open = place is not None and visible and place.state not in (State.COMPLETED, State.CANCELLED)
        if place is None or not (is_open or place.ref == kept):
            problems[name] = "This one is not open any more. Choose another."
        else:
            named[name] = place
    return named, problems
