"""Sentences an engine says to a person: readable as they are, and translatable because their facts stand apart."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, model_validator

from skypact.schema.base import Model


class Sentence(Model):
    """An explanation in English, with the template and the facts from which another language is made.

    A plain string is accepted and stands for itself.
    """

    text: Annotated[str, Field(min_length=1, max_length=4000)]
    """the finished English sentence"""
    template: str | None = None
    """the English template, the key of its translation"""
    facts: dict[str, str | Sentence] = {}
    """what the template's places are filled with"""
    text_ko: str | None = None
    """the finished Korean sentence, where its author wrote one (a rule's own words, say)"""

    @model_validator(mode="before")
    @classmethod
    def _plain_text(cls, value: Any) -> Any:
        return {"text": value} if isinstance(value, str) else value

    def __str__(self) -> str:
        return self.text


def sentence(template: str, **facts: object) -> Sentence:
    """``template`` filled with ``facts``: ``sentence("{name} draws {watts} W", name="A", watts=5)``."""
    kept: dict[str, str | Sentence] = {
        name: fact if isinstance(fact, Sentence) else str(fact) for name, fact in facts.items()
    }
    return Sentence(text=template.format(**kept), template=template, facts=kept)
