"""What the engine of pictures says in English of disagreements, in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from skypact.conformance.picture import Cause
from skypact.market.core.known_sentences import KnownSentences
from skypact.market.pictures.wording import CAUSES

_MISTAKES = KnownSentences(
    [
        _("bearings counted from east"),
        _("longitude and latitude exchanged"),
        _("ranges: kilometres in a field of nautical miles"),
        _("ranges: nautical miles in a field of kilometres"),
        _("ranges: feet in a field of metres"),
        _("ranges: metres in a field of feet"),
        _("heights: feet in a field of metres"),
        _("heights: metres in a field of feet"),
        _("its clock is %(seconds)s s ahead"),
        _("its clock is %(seconds)s s behind"),
        _("its places lie %(east)s m east, %(north)s m north of the others'"),
        _("its heights lie %(apart)s m from those of %(other)s"),
        _("it says %(name)s where %(other)s says %(other_name)s"),
        _("speeds: %(unit)s in a field of metres a second"),
    ]
)
_REASONS = KnownSentences(
    [
        _("One source alone: there is nobody to work together with."),
        _("The sources have not been compared yet."),
        _("%(source)s or another one disagrees (%(causes)s): %(sentence)s."),
        _("%(source)s disagrees (%(causes)s): %(sentence)s."),
        _("%(source)s saw nothing that another source saw too."),
        _("%(source)s gave no position (no messages)."),
        _("%(source)s gave no position (%(reasons)s)."),
        _("%(tracks)s tracks from %(sources)s sources; up to %(most)s on one track, none disagrees."),
    ]
)
_OR, _ELSE = " or ", "; or "


def mistake(sentence: str) -> str:
    """How a source disagrees: one explanation, or several that fit alike."""
    return gettext("; or ").join(_MISTAKES.in_language(one) for one in sentence.split(_ELSE))


def reason(sentence: str) -> str:
    """Why a verdict is what it is."""
    for pattern, template in _REASONS.patterns:
        found = pattern.fullmatch(sentence)
        if found is not None:
            return gettext(template) % {name: _part(name, text) for name, text in found.groupdict().items()}
    return sentence


def _part(name: str, text: str) -> str:
    return {"causes": _causes, "sentence": mistake}.get(name, str)(text)


def _causes(text: str) -> str:
    known = {cause.value: str(CAUSES[cause]) for cause in Cause}
    return gettext(" or ").join(known.get(one, one) for one in text.split(_OR))


def live_state(document: bytes) -> bytes:
    """The state of a live picture with its sentences in the reader's language."""
    state: dict[str, Any] = json.loads(document)
    state["reasons"] = [reason(one) for one in state["reasons"]]
    state["sources"] = [_source(one) for one in state["sources"]]
    return json.dumps(state, ensure_ascii=False).encode()


def _source(told: Mapping[str, Any]) -> dict[str, Any]:
    said = told["disagreement"]
    if said is None:
        return dict(told)
    causes, _colon, sentence = said.partition(": ")
    return {**told, "disagreement": f"{_causes(causes)}: {mistake(sentence)}"}
