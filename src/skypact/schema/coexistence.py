"""Rules of coexistence on the air: what one product's transmission does to another one beside it, with the source."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field, model_validator

from skypact.schema.base import Address, Day, Model, Name, Slug, Text
from skypact.schema.kit import Answer
from skypact.schema.taxonomy import Category


class OnAir(StrEnum):
    """What a product does on its frequencies."""

    TRANSMITS = "transmits"
    RECEIVES = "receives"


class Party(Model):
    """One side of a rule: products of these categories, or of any with ``families``, that do this on the air."""

    does: OnAir
    families: tuple[Name, ...] = ()
    """``sensor``, ``defeat``, … ; none of both: every product"""
    categories: tuple[Category, ...] = ()


class CoexistenceRule(Model):
    """Holds where the frequencies of both parties overlap and they stand within radio sight of each other."""

    id: Slug
    title: Name
    title_ko: Name
    transmitter: Party
    beside: Party
    answer: Answer
    """``no``: they cannot work at once; ``unknown``: whether they can is open until somebody settles it"""
    channels: bool = False
    """settled where both can be set to channels of their own within the frequencies they can be set to"""
    says: Text
    says_ko: Text
    settled_by: Text
    settled_by_ko: Text
    citation: Name
    url: Address
    read_on: Day
    note: Text | None = None

    @model_validator(mode="after")
    def _never_a_yes(self) -> CoexistenceRule:
        if self.answer is Answer.YES:
            raise ValueError("a rule of coexistence says no or unknown: what no rule speaks of is no conflict")
        if self.transmitter.does is not OnAir.TRANSMITS:
            raise ValueError("transmitter.does must be transmits")
        return self


class CoexistenceRules(Model):
    """A file of rules."""

    rules: tuple[CoexistenceRule, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_once(self) -> CoexistenceRules:
        names = [rule.id for rule in self.rules]
        if len(names) != len(set(names)):
            raise ValueError(f"rule ids repeat: {sorted(names)}")
        return self
