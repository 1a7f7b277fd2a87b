"""Rules of law and regulation as data: whom they bind, what they concern, what they bar or ask for.

A rule is never code. Its conditions are written in a small closed language over named facts::

    { fact = "buyer.role", one_of = ["police", "airport"] }     # comparison
    { component_from = ["CN"], parts = ["flight controller"] }  # origin of named parts
    { declared = "Blue UAS Cleared List" }                      # a status somebody with authority declared
    { question = "…", question_ko = "…" }                       # a fact that no field of the data model holds
    { all_of = [ … ] }   { any_of = [ … ] }   { none_of = [ … ] }

Every condition is yes, no or unknown; the engine ``skypact.engines.eligibility`` evaluates them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from skypact.schema.base import Model, Name, Nation, Slug, Text
from skypact.schema.requirement import BuyerRole
from skypact.schema.taxonomy import Category


class Fact(StrEnum):
    """What a condition may ask about."""

    PLACE_NATION = "place.nation"
    """nation on whose soil the equipment stands"""
    BUYER_NATION = "buyer.nation"
    BUYER_ROLE = "buyer.role"
    BUYER_COVERED_SITE = "buyer.covered_site"
    BUYER_CERTIFIED = "buyer.certified"
    VENDOR_NATION = "vendor.nation"
    LISTING_CATEGORY = "listing.category"
    LISTING_FAMILY = "listing.family"
    """the part of the category before the dot"""
    LISTING_DECODES_CONTENT = "listing.decodes_content"
    LISTING_EMITS = "listing.emits"
    """whether one of its sensors transmits"""


FLAGS = frozenset({Fact.BUYER_COVERED_SITE, Fact.BUYER_CERTIFIED, Fact.LISTING_DECODES_CONTENT, Fact.LISTING_EMITS})
NATIONS = frozenset({Fact.PLACE_NATION, Fact.BUYER_NATION, Fact.VENDOR_NATION})

_WORDS: Mapping[Fact, tuple[str, ...]] = {
    Fact.BUYER_ROLE: tuple(role.value for role in BuyerRole),
    Fact.LISTING_CATEGORY: tuple(category.value for category in Category),
    Fact.LISTING_FAMILY: tuple(dict.fromkeys(category.family for category in Category)),
}


class AllOf(Model):
    """Yes if all are yes, no if one is no."""

    all_of: Annotated[tuple[Condition, ...], Field(min_length=1)]


class AnyOf(Model):
    """Yes if one is yes, no if all are no."""

    any_of: Annotated[tuple[Condition, ...], Field(min_length=1)]


class NoneOf(Model):
    """Yes if all are no, no if one is yes."""

    none_of: Annotated[tuple[Condition, ...], Field(min_length=1)]


class Comparison(Model):
    """A named fact compared with one value or a list of values."""

    fact: Fact
    equals: bool | str | None = None
    one_of: Annotated[tuple[str, ...], Field(min_length=1)] | None = None

    @property
    def values(self) -> frozenset[bool | str]:
        """The values for which the comparison is yes."""
        if self.one_of is not None:
            return frozenset(self.one_of)
        return frozenset() if self.equals is None else frozenset({self.equals})

    @model_validator(mode="after")
    def _values_fit_the_fact(self) -> Comparison:
        if (self.equals is None) == (self.one_of is None):
            raise ValueError("give either equals or one_of")
        for value in sorted(self.values, key=str):
            if self.fact in FLAGS and not isinstance(value, bool):
                raise ValueError(f"{self.fact.value} is compared with true or false, not {value!r}")
            if self.fact in NATIONS and not _is_nation(value):
                raise ValueError(f"{self.fact.value} is compared with ISO 3166-1 alpha-2 codes, not {value!r}")
            if self.fact in _WORDS and value not in _WORDS[self.fact]:
                raise ValueError(f"{self.fact.value} is one of {', '.join(_WORDS[self.fact])}, not {value!r}")
        return self


class Origin(Model):
    """Whether a component comes from one of some nations, or from outside all of them.

    Yes needs a component that is one of ``parts`` (its name is one of these or ends with it); with no ``parts``, any
    component. A component of such origin whose name fits none of the parts leaves the answer unknown, and so does every
    component list that does not account for the whole product, unless the declaration ``cleared_by`` answers for it. A
    declaration that a listed component contradicts answers for nothing.
    """

    component_from: Annotated[tuple[Nation, ...], Field(min_length=1)] | None = None
    component_not_from: Annotated[tuple[Nation, ...], Field(min_length=1)] | None = None
    parts: tuple[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9 -]*$")], ...] = ()
    cleared_by: Name | None = None
    """a regime whose valid declaration says that no such component is in the product"""

    @model_validator(mode="after")
    def _one_direction(self) -> Origin:
        if (self.component_from is None) == (self.component_not_from is None):
            raise ValueError("give either component_from or component_not_from")
        return self


class Declared(Model):
    """Whether the listing carries a declaration under this regime that is valid on the day.

    Never no: silence is not denial.
    """

    declared: Name
    code: Name | None = None


class OpenQuestion(Model):
    """Something the rule turns on that no field of the data model holds: always unknown, and asked in words."""

    question: Text
    question_ko: Text


_FORMS: Mapping[str, type[Model]] = {
    "all_of": AllOf,
    "any_of": AnyOf,
    "none_of": NoneOf,
    "fact": Comparison,
    "component_from": Origin,
    "component_not_from": Origin,
    "declared": Declared,
    "question": OpenQuestion,
}


def _form(data: Any) -> str | None:
    """The name of the model that ``data`` is written for, told from its first known key."""
    if isinstance(data, Mapping):
        return next((model.__name__ for key, model in _FORMS.items() if key in data), None)
    return type(data).__name__ if isinstance(data, Model) else None


Condition = Annotated[
    Annotated[AllOf, Tag("AllOf")]
    | Annotated[AnyOf, Tag("AnyOf")]
    | Annotated[NoneOf, Tag("NoneOf")]
    | Annotated[Comparison, Tag("Comparison")]
    | Annotated[Origin, Tag("Origin")]
    | Annotated[Declared, Tag("Declared")]
    | Annotated[OpenQuestion, Tag("OpenQuestion")],
    Discriminator(
        _form,
        custom_error_type="condition_form",
        custom_error_message=f"a condition is a table with one of {', '.join(_FORMS)}",
    ),
]
"""One condition of the closed language."""


class Effect(StrEnum):
    """What follows where a rule applies."""

    BARS = "bars"
    """the act is barred"""
    ALLOWS_ONLY_IF = "allows_only_if"
    """the act is barred unless ``provided`` is yes"""
    NEEDS = "needs"
    """something that can still be had is needed; until ``provided`` is yes the answer is unknown, never no"""


class Act(StrEnum):
    """What a rule speaks about."""

    BUY = "buy"
    OPERATE = "operate"


class Rule(Model):
    """One rule, in one version. No legal advice: it records what a public source says, as this node understood it."""

    id: Slug
    title: Name
    title_ko: Name
    statement: Text
    """what the rule says, in one or two sentences, with its exceptions"""
    statement_ko: Text
    jurisdiction: Annotated[str, Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2 code, or EU")]
    authority: Name
    """who made it"""
    citation: Name
    url: Annotated[str, Field(pattern=r"^https?://\S+$", max_length=1000)]
    read_on: date
    """the day on which its source was last read"""
    valid_from: date
    valid_until: date | None = None
    """from this day on the rule no longer holds; ``None``: no end known"""
    acts: Annotated[tuple[Act, ...], Field(min_length=1)]
    effect: Effect
    when: Condition
    """whom the rule binds and what it concerns"""
    provided: Condition | None = None
    note: Text | None = None
    """what the source leaves open, or what this record leaves out"""
    advice: Literal["This is not legal advice."] = "This is not legal advice."

    def in_force_on(self, day: date) -> bool:
        """Whether the rule holds on ``day``."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)

    @model_validator(mode="after")
    def _complete(self) -> Rule:
        if self.valid_until is not None and self.valid_until <= self.valid_from:
            raise ValueError(f"valid_until ({self.valid_until}) must be after valid_from ({self.valid_from})")
        if len(set(self.acts)) != len(self.acts):
            raise ValueError(f"acts repeats a value: {[act.value for act in self.acts]}")
        if (self.provided is None) != (self.effect is Effect.BARS):
            raise ValueError(f"effect {self.effect.value} goes {'without' if self.provided else 'with'} provided")
        return self


def _is_nation(value: bool | str) -> bool:
    return isinstance(value, str) and len(value) == 2 and value.isascii() and value.isalpha() and value.isupper()


AllOf.model_rebuild()
AnyOf.model_rebuild()
NoneOf.model_rebuild()
