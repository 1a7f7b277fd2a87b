"""A minimal reason in words: what one side speaks and the other takes, what is not listed, what is lost without it."""

from __future__ import annotations

from collections.abc import Sequence

from skypact.engines.interop.links import best_fit, data_path, spoken, sureness
from skypact.engines.interop.together import feeding
from skypact.engines.interop.together.question import GATEWAYS
from skypact.engines.interop.together.reasons import Kind, Reason, Situation
from skypact.schema import Listing, PortKind, PortRole, Sentence, sentence

#: Of more products than this a sentence names the first and counts the rest.
_NAMED_MAX = 3


def said(reason: Reason, situation: Situation) -> tuple[Sentence, ...]:
    """At most three sentences."""
    kinds = {one.kind for one in reason.stipulations}
    named = [listing for listing in situation.parts
             if any(one.kind is Kind.PART and one.listing == listing.id for one in reason.stipulations)]  # fmt: skip
    sentences: list[Sentence] = []
    if Kind.CLEAR in kinds and len(named) <= 2:
        for pair, finding in situation.conflicts.items():
            if pair <= {one.id for one in named}:
                sentences.append(finding.reason)
                break
    if Kind.CONNECTED in kinds:
        sentences += _unconnected(named, kinds, situation)
    elif Kind.POWERED in kinds and named:
        sentences += [_unfed(one, situation) for one in named if not situation.fed[one.id]][:1]
    if Kind.KINDS in kinds:
        sentences.append(_too_few(kinds, situation))
    return tuple(sentences[:3])


def _unconnected(named: Sequence[Listing], kinds: set[Kind], situation: Situation) -> list[Sentence]:
    lost = [sensor for sensor in named if sensor in situation.sensors]
    if not lost:
        lost = [
            sensor
            for sensor, row in zip(situation.sensors, situation.allowed(kinds).tolist(), strict=True)
            if not any(row)
        ][:1]
    hubs = [hub for hub, own in zip(situation.hubs, situation.own.tolist(), strict=True)
            if own or Kind.HUB not in kinds]  # fmt: skip
    if not hubs:
        return [sentence("The set has no command and control product, and none is listed.")]
    if Kind.COMMON in kinds and len(lost) > 1:
        return _nothing_common(lost, hubs, situation)
    if not lost:
        return []
    if Kind.POWERED in kinds and situation.allowed(kinds - {Kind.POWERED})[situation.sensors.index(lost[0])].any():
        return [
            sentence(
                "What {sensor} would reach, or the gateway on its way, cannot be powered here.", sensor=lost[0].name
            )
        ]
    first = _speaks(lost[0], hubs)
    return [first, _no_bridge(lost[0], hubs, situation)]


def _speaks(sensor: Listing, hubs: Sequence[Listing]) -> Sentence:
    nearest = min(hubs, key=lambda hub: (sureness(best_fit(sensor, hub)), hub.id))
    if not spoken(sensor):
        return sentence("No data interface of {name} is public.", name=sensor.name)
    if not _takes(nearest):
        return sentence("No data interface of {name} is public.", name=nearest.name)
    if len(hubs) > 1 and data_path(sensor, nearest) is None:
        return sentence(
            "{sensor} speaks only {spoken}; none of {count} command and control products takes it.",
            sensor=sensor.name,
            spoken=", ".join(spoken(sensor)),
            count=len(hubs),
        )
    return sentence(
        "{sensor} speaks only {spoken}; {hub} takes {taken}.",
        sensor=sensor.name,
        spoken=", ".join(spoken(sensor)),
        hub=nearest.name,
        taken=_takes(nearest),
    )


def _no_bridge(sensor: Listing, hubs: Sequence[Listing], situation: Situation) -> Sentence:
    nearest = min(hubs, key=lambda hub: (sureness(best_fit(sensor, hub)), hub.id))
    direct = best_fit(sensor, nearest)
    if sureness(direct) < 3:
        return sentence("It is not known whether they connect: {reason}.", reason=direct.reason)
    offered = [one.listing for one in situation.question.offered if one.listing.category in GATEWAYS]
    present = [one for one in situation.parts if one.category in GATEWAYS]
    if not offered and not present:
        return sentence("The set has no gateway between them.")
    return sentence(
        "No gateway at hand bridges {spoken} → {taken}, nor do two in a row.",
        spoken=", ".join(spoken(sensor)),
        taken=_takes(nearest),
    )


def _nothing_common(lost: Sequence[Listing], hubs: Sequence[Listing], situation: Situation) -> list[Sentence]:
    found = []
    allowed = situation.allowed({Kind.CONNECTED})
    for sensor in lost[:2]:
        row = allowed[situation.sensors.index(sensor)].tolist()
        reached = [hub.name for hub, ok in zip(situation.hubs, row, strict=True) if ok and hub in hubs]
        found.append(
            sentence("{sensor} reaches {hubs}.", sensor=sensor.name, hubs=_listed(reached))
            if reached
            else sentence("{sensor} reaches none of them.", sensor=sensor.name)
        )
    found.append(
        sentence("No command and control product takes all of {sensors}.", sensors=_listed([one.name for one in lost]))
    )
    return found


def _unfed(listing: Listing, situation: Situation) -> Sentence:
    if not feeding.inlets(listing):
        return sentence("The power input of {name} is not public.", name=listing.name)
    wants = ", ".join(sorted({_window(listing)}))
    if situation.question.wanted.mains is None:
        return sentence(
            "Nothing at hand powers {name} ({wants}), and there is no mains.", name=listing.name, wants=wants
        )
    return sentence(
        "Neither mains nor a source at hand surely powers {name} ({wants}).", name=listing.name, wants=wants
    )


def _window(listing: Listing) -> str:
    said_ = []
    for port in feeding.inlets(listing):
        known = port.attributes
        volts = [f"{limit:g}" for limit in (known.voltage_min_v, known.voltage_max_v) if limit is not None]
        said_.append(" ".join(filter(None, (port.standard, "–".join(dict.fromkeys(volts)) + " V" if volts else ""))))
    return "; ".join(said_)


def _too_few(kinds: set[Kind], situation: Situation) -> Sentence:
    rows = situation.allowed(kinds).tolist()
    may = [
        (Kind.CONNECTED not in kinds or any(row)) and (Kind.POWERED not in kinds or situation.fed[sensor.id])
        for sensor, row in zip(situation.sensors, rows, strict=True)
    ]
    left = {one.kind.value for sensor, ok in zip(situation.sensors, may, strict=True) if ok for one in sensor.sensors}
    lost = [sensor.name for sensor, ok in zip(situation.sensors, may, strict=True) if not ok]
    wanted = situation.question.wanted.kinds
    if not lost:
        return sentence("The set has {left} of the {wanted} kinds of sensor asked for.", left=len(left), wanted=wanted)
    return sentence(
        "Without {lost} only {left} of the {wanted} kinds of sensor asked for are left.",
        lost=_listed(lost),
        left=len(left),
        wanted=wanted,
    )


def _takes(hub: Listing) -> str:
    return ", ".join(
        sorted(
            {
                port.standard if port.version is None else f"{port.standard} {port.version}"
                for port in hub.ports
                if port.kind is PortKind.DATA and port.role is not PortRole.PROVIDES
            }
        )
    )


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _NAMED_MAX
    return ", ".join(names[:_NAMED_MAX]) + (f" +{more}" if more > 0 else "")
