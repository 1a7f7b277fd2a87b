"""Who may read what: a record as one reader may see it. What is hidden leaves no trace in what remains."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TypeVar, cast

from skypact.market.core.access import Actor
from skypact.schema import Evidence, Listing, Model, StatedRange, Vendor

Record = TypeVar("Record", bound=Model)


def may_read(actor: Actor, label: str) -> bool:
    """Whether ``actor`` may read what is labelled ``label``."""
    return actor.may_read(label)


def as_seen(record: Record, actor: Actor) -> Record:
    """``record`` without the evidences that ``actor`` may not read, and without what stands on them alone."""
    return record if actor.is_staff else record_as_read(record, actor.may_read)


def record_as_read(record: Record, readable: Callable[[str], bool], hidden: Collection[str] = ()) -> Record:
    """``record`` as somebody reads it who may read what is ``readable``, without mention of ``hidden`` listings."""
    seen = _seen(record, lambda evidence: readable(evidence.release))
    assert seen is not None  # noqa: S101 (a record itself carries an evidence its readers may read: see ungrounded)
    return cast(Record, without(seen, hidden) if isinstance(seen, Listing) and hidden else seen)


def part_as_seen(part: Model, actor: Actor) -> Model | None:
    """A part of a record as ``actor`` may see it; ``None`` where all of it is hidden."""
    return part if actor.is_staff else _seen(part, lambda evidence: actor.may_read(evidence.release))


def as_seen_since(record: Record, present: Record, actor: Actor) -> Record | None:
    """An earlier ``record`` as ``actor`` may see it today; ``None`` where nothing it rests on is left.

    What he may not read of the ``present`` record he does not learn from the earlier one, whatever its label was then.
    """
    hidden = {_words(evidence) for evidence in _evidences(present) if not actor.may_read(evidence.release)}
    seen = _seen(
        record, lambda evidence: actor.may_read(evidence.release) and (not hidden or _words(evidence) not in hidden)
    )
    return None if seen is None or not seen.evidence else cast(Record, seen)  # type: ignore[attr-defined]  # both have it


def references(record: Vendor | Listing) -> Iterator[str]:
    """The listings that ``record`` mentions."""
    if isinstance(record, Listing):
        if record.variant_of is not None:
            yield record.variant_of
        yield from (spare.listing for spare in record.spare_for)
        yield from record.substitutes


def without(item: Listing, hidden: Collection[str]) -> Listing:
    """``item`` without its references to ``hidden`` listings."""
    return item.model_copy(
        update={
            "variant_of": None if item.variant_of in hidden else item.variant_of,
            "spare_for": tuple(spare for spare in item.spare_for if spare.listing not in hidden),
            "substitutes": tuple(target for target in item.substitutes if target not in hidden),
        }
    )


def _words(evidence: Evidence) -> str:
    """What an evidence says, its label aside."""
    return evidence.model_dump_json(exclude={"release"})


def _evidences(model: Model) -> Iterator[Evidence]:
    if isinstance(model, Evidence):
        yield model
        return
    for name in type(model).model_fields:
        value = getattr(model, name)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Model):
                yield from _evidences(item)


def _seen(model: Model, readable: Callable[[Evidence], bool]) -> Model | None:
    if isinstance(model, Evidence):
        return model if readable(model) else None
    changes: dict[str, object] = {}
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, Model):
            kept = _seen(value, readable)
            if kept is None and isinstance(value, Evidence):
                return None
            if kept is not value:
                changes[name] = kept
        elif isinstance(value, tuple) and value and isinstance(value[0], Model):
            entries = tuple(entry for entry in (_seen(item, readable) for item in value) if entry is not None)
            if not entries and isinstance(model, StatedRange) and name == "range":
                return None
            if entries != value:
                changes[name] = entries
    return model.model_copy(update=changes) if changes else model


def labels(model: Model) -> Iterator[str]:
    """Every release label inside ``model``."""
    if isinstance(model, Evidence | Listing):
        yield model.release
    for name in type(model).model_fields:
        value = getattr(model, name)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Model):
                yield from labels(item)


def ungrounded(record: Vendor | Listing) -> str | None:
    """What to do about a record whose readers may read none of its sources; ``None`` when all is well."""
    audience = record.release if isinstance(record, Listing) else "PUBLIC"
    if any(_covers(evidence.release, audience) for evidence in record.evidence):
        return None
    return (
        f"whoever may read it ({audience}) must be able to read one of its sources: widen the release of one evidence"
    )


def _covers(label: str, audience: str) -> bool:
    if label == "PUBLIC":
        return True
    if label == "REGISTERED":
        return audience != "PUBLIC"
    nations = set(label.removeprefix("REL ").split(","))
    return audience.startswith("REL ") and set(audience.removeprefix("REL ").split(",")) <= nations
