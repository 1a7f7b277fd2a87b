"""What somebody writes who does not see all of a listing, put together with what is hidden from him.

A vendor uploads the listing as he sees it. Claims, offers and references that only others may read must neither be lost
by that nor betray themselves.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar, cast

from skypact.market.catalogue.releasability import as_seen, part_as_seen, without
from skypact.market.core.access import Actor
from skypact.market.suppliers.identity import identity
from skypact.schema import Listing, Model, Vendor

Part = TypeVar("Part", bound=Model)


def seen_listing(live: Listing, reader: Actor, hidden: Collection[str]) -> Listing:
    """``live`` as ``reader`` sees it, without mention of ``hidden`` listings."""
    seen = as_seen(live, reader)
    return without(seen, hidden) if hidden else seen


def with_hidden(live: Listing, words: Listing, reader: Actor, hidden: Collection[str]) -> Listing:
    """``words`` of ``reader`` with everything of ``live`` that he does not see kept in its place.

    A hidden claim inside a part that he takes out goes with that part; whoever decides sees it go.
    """
    seen = seen_listing(live, reader, hidden)
    if words == seen:
        return live
    merged = _merged(live, words, reader)
    changes: dict[str, object] = {}
    if live.variant_of in hidden and words.variant_of is None:
        changes["variant_of"] = live.variant_of
    for name in ("spare_for", "substitutes"):
        if getattr(words, name) == getattr(seen, name):
            changes[name] = getattr(live, name)
        else:
            kept = tuple(item for item in getattr(live, name) if getattr(item, "listing", item) in hidden)
            changes[name] = (*getattr(merged, name), *kept)
    return merged.model_copy(update=changes)


def vendor_with_hidden(live: Vendor, words: Vendor, reader: Actor) -> Vendor:
    """``words`` of ``reader`` with the sources of ``live`` that he does not see."""
    return _merged(live, words, reader)


def _merged(live: Part, words: Part, reader: Actor) -> Part:
    changes: dict[str, object] = {}
    for name in type(live).model_fields:
        was, says = getattr(live, name), getattr(words, name)
        if isinstance(was, Model) and isinstance(says, Model):
            merged: object = _merged(was, says, reader)
        elif isinstance(was, tuple) and was and isinstance(was[0], Model):
            merged = _items(was, says, reader)
        else:
            continue
        if merged != says:
            changes[name] = merged
    return words.model_copy(update=changes) if changes else words


def _items(was: tuple[Model, ...], says: tuple[Model, ...], reader: Actor) -> tuple[Model, ...]:
    pairs = [(item, part_as_seen(item, reader)) for item in was]
    if tuple(seen for _, seen in pairs if seen is not None) == says:
        return was
    kept: list[Model] = list(says)
    for place, (item, seen) in enumerate(pairs):
        if seen is None:
            kept.append(item)
        elif seen is not item and seen != item:
            told = _counterpart(kept, seen, place)
            if told is not None:
                kept[told] = item if kept[told] == seen else cast(Model, _merged(item, kept[told], reader))
    return tuple(kept)


def _counterpart(kept: list[Model], seen: Model, place: int) -> int | None:
    """Where in ``kept`` the part stands that its writer saw as ``seen``."""
    if seen in kept:
        return kept.index(seen)
    if identity(seen):
        return next((number for number, item in enumerate(kept) if identity(item) == identity(seen)), None)
    return place if place < len(kept) else None
