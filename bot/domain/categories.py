"""Guessing the category of a risk from the words of its title."""

import re
from collections import Counter
from itertools import pairwise

from bot.domain.slack_text import folded
from models.schemas.risk import Category

CAUSE, EFFECT = 2, 1
"""A word that names a cause weighs more than one that names an effect: "Vendor slips the API" is about the vendor."""

_CAUSES: dict[Category, str] = {
    Category.SCHEDULE: "schedule* timeline* deadline* milestone* go-live critical-path",
    Category.REQUIREMENTS: "requirement* scope specification* spec specs change-request*",
    Category.STAKEHOLDER: "stakeholder* sponsor*",
    Category.RESOURCE: "staff* headcount hiring attrition resource* understaffed key-person recruit*",
    Category.BUDGET: "budget* cost costs funding price* pricing inflation exchange-rate*",
    Category.TECHNICAL: "technical architecture migration* integration* infrastructure scalability latency outage*",
    Category.VENDOR: "vendor* supplier* subcontractor* procurement third-party reseller*",
    Category.SECURITY: "security breach* vulnerab* phishing ransomware malware encryption pentest* hack* cyber*",
    Category.COMPLIANCE: "compliance audit* regulat* gdpr legal law lawsuit* privacy sox hipaa pci",
    Category.QUALITY: "quality defect* regression* bug bugs flaky",
    Category.EXTERNAL: "weather strike* pandemic tariff* war election* storm* earthquake* flood* economy recession",
    Category.ORGANIZATIONAL: "reorg reorgani* restructur* merger* acquisition* leadership",
}
_EFFECTS: dict[Category, str] = {
    Category.SCHEDULE: "slip slips slipped slipping delay* late behind",
    Category.REQUIREMENTS: "creep unclear ambigu* feature*",
    Category.STAKEHOLDER: "approval* sign-off buy-in customer* client*",
    Category.RESOURCE: "capacity leave leaves sick holiday* skill* engineer* developer* team",
    Category.BUDGET: "overrun* overspen* expensive invoice* money",
    Category.TECHNICAL: "api apis server* database* cloud code deploy* performance prototype*",
    Category.VENDOR: "contract* licence* license* partner* delivery",
    Category.SECURITY: "password* leak* attack* credential* access",
    Category.COMPLIANCE: "policy policies fine fines certif*",
    Category.QUALITY: "test tests testing rework untested",
    Category.EXTERNAL: "government market* border*",
    Category.ORGANIZATIONAL: "priorities culture management department*",
}

_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


def _table() -> tuple[dict[str, tuple[Category, int]], dict[str, tuple[Category, int]]]:
    """Whole words and beginnings of words."""
    whole: dict[str, tuple[Category, int]] = {}
    begins: dict[str, tuple[Category, int]] = {}
    for weight, words in ((EFFECT, _EFFECTS), (CAUSE, _CAUSES)):
        for category, listed in words.items():
            for word in listed.split():
                (begins if word.endswith("*") else whole)[word.rstrip("*")] = category, weight
    return whole, begins


_WHOLE, _BEGINS = _table()


def guess(title: str) -> Category | None:
    """The one category that fits best, None where none or several do."""
    words = _WORD.findall(folded(title))
    said = dict.fromkeys(words, 1) | {f"{one}-{two}": len(one) + 2 for one, two in pairwise(words)}
    points: Counter[Category] = Counter()
    for word, least in said.items():
        if meaning := _meaning(word, least):
            category, weight = meaning
            points[category] += weight
    ranked = points.most_common(2)
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]


def named(word: str) -> Category | None:
    """The category that `#word` names, in British spelling as well."""
    try:
        return Category(folded(word).replace("organisational", "organizational"))
    except ValueError:
        return None


_LONGEST = max(map(len, _BEGINS))


def _meaning(word: str, least: int) -> tuple[Category, int] | None:
    """By the whole word, else by its longest known beginning of at least `least` characters."""
    beginnings = (word[:end] for end in range(min(len(word), _LONGEST), least - 1, -1))
    return _WHOLE.get(word) or next((_BEGINS[start] for start in beginnings if start in _BEGINS), None)
