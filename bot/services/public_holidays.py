"""Countries, their regions and public holidays by name. The library is loaded when somebody asks for them."""

from datetime import date
from functools import lru_cache

from models.schemas.own_calendar import Named

MOST_OFFERED = 30
LANGUAGE = "en_US"
SMALL = {" Of ": " of ", " And ": " and ", " The ": " the "}


@lru_cache(maxsize=1)
def countries() -> dict[str, str]:
    """English names by code."""
    from holidays.registry import COUNTRIES

    return {entry[1]: _title(key) for key, entry in COUNTRIES.items()}


def like(typed: str) -> list[Named]:
    """Countries whose name or code begins so, or has a word that does."""
    wanted = typed.strip().casefold()
    found = [Named(name=name, code=code) for code, name in countries().items() if _matches(wanted, code, name)]
    return sorted(found, key=lambda each: (not each.name.casefold().startswith(wanted), each.name))[:MOST_OFFERED]


def country(code: str | None) -> Named | None:
    name = countries().get(code) if code else None
    return Named(name=name, code=str(code)) if name else None


@lru_cache(maxsize=64)
def regions(country_code: str | None) -> tuple[Named, ...]:
    """Those with holidays of their own, by name."""
    if country(country_code) is None:
        return ()
    import holidays

    entity = holidays.country_holidays(str(country_code))
    names = entity.get_subdivision_aliases()
    found = [Named(name=(names.get(code) or [code])[0], code=code) for code in entity.subdivisions]
    return tuple(sorted(found, key=lambda each: each.name))


def region(country_code: str | None, code: str | None) -> Named | None:
    return next((each for each in regions(country_code) if each.code == code), None)


def coming(country_code: str | None, region_code: str | None, today: date, number: int) -> list[Named]:
    """The next public holidays, today's included; none where the country or region is not known."""
    if country(country_code) is None:
        return []
    import holidays

    try:
        years = (today.year, today.year + 1)
        known = holidays.country_holidays(str(country_code), subdiv=region_code, years=years, language=LANGUAGE)
    except NotImplementedError:
        return []
    ahead = sorted((day, str(name)) for day, name in known.items() if day >= today)
    return [Named(name=name, on=day) for day, name in ahead[:number]]


def _title(key: str) -> str:
    name = key.replace("_", " ").title()
    for large, small in SMALL.items():
        name = name.replace(large, small)
    return name


def _matches(wanted: str, code: str, name: str) -> bool:
    return wanted == code.casefold() or any(word.casefold().startswith(wanted) for word in (name, *name.split()))
