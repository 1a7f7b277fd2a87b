"""Events read twice: both agree on what is right, and a first decoder that is wrong is caught."""

import itertools
import struct
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from skypact.conformance import STANDARDS, Recording, Verdict
from skypact.conformance.cot import event_rules, events, protobuf, tak
from skypact.conformance.cot.event_schema import NotAnEventError, event
from skypact.conformance.cot.readings import readings
from skypact.conformance.cot.samples import EVENT, stream, tak_stream
from skypact.conformance.cot.second import DECODER
from skypact.conformance.cot.second_xml import BrokenXMLError, document
from skypact.conformance.cot.tak import datagram, framed, to_message
from skypact.conformance.fuzz import inputs
from skypact.conformance.report import Agreement
from skypact.conformance.second import compare

COT = STANDARDS["cot"]
FIRST = EVENT.format(second=1)


def compared(data: bytes) -> Agreement:
    recordings = [Recording("events", data)]
    return compare(DECODER, readings(recordings), recordings)


def values(data: bytes) -> list[dict[str, object]]:
    return [dict(one.values) for one in DECODER.read([Recording("events", data)])]


@pytest.mark.parametrize(("data", "count"), [(stream(), 48), (tak_stream(), 54)])
def test_both_read_the_events_alike(data: bytes, count: int) -> None:
    found = compared(data)
    assert (found.messages_both, found.only_first, found.only_second) == (3, 0, 0)
    assert (found.values_compared, found.disagreed, found.verdict) == (count, 0, Verdict.CONFORMS)
    assert values(data)[1]["lon"] == 127.0211
    assert values(data)[1]["stale"] == 1_772_445_631_000_000
    assert values(data)[1]["1 track @speed"] == 8.8


@pytest.mark.parametrize(("data", "claim"), [(stream(), "2.0"), (tak_stream(), "TAK protocol 1")])
def test_the_events_earn_the_badge(data: bytes, claim: str) -> None:
    assert COT.check([Recording("events", data)], claim).earns_badge


def elements(text: str) -> list[tuple[int, str, dict[str, str], str]]:
    found, end = document(text, 0)
    assert end == len(text)
    return [(one.depth, one.tag, one.attributes, "".join(one.text)) for one in found]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<a/>", [(0, "a", {}, "")]),
        ("<?xml version='1.0' encoding='utf-8'?>\n<a\n b = '1' />", [(0, "a", {"b": "1"}, "")]),
        ("<a>x<!-- y --><b/>z</a >", [(0, "a", {}, "xz"), (1, "b", {}, "")]),
        ("<a><![CDATA[<b>]]></a>", [(0, "a", {}, "<b>")]),
        ('<a b="&lt;&#65;&#x1F600;\t&#10;"/>', [(0, "a", {"b": "<A😀 \n"}, "")]),
        ("<a>\r\n&amp;\r</a>", [(0, "a", {}, "\n&\n")]),
        (
            '<a xmlns="u"><p:b xmlns:p="v" p:c="1" c="2"/></a>',
            [(0, "{u}a", {}, ""), (1, "{v}b", {"{v}c": "1", "c": "2"}, "")],
        ),
        (
            '<p:a xmlns:p="u"><p:b xmlns:p="v" xmlns="w"><c/></p:b><p:d xmlns:p="x"/><p:e/></p:a>',
            [(0, "{u}a", {}, ""), (1, "{v}b", {}, ""), (2, "{w}c", {}, ""), (1, "{x}d", {}, ""), (1, "{u}e", {}, "")],
        ),
        ("<é/>", [(0, "é", {}, "")]),
        ("<?pi it?><a xml:lang='en'/>", [(0, "a", {"{http://www.w3.org/XML/1998/namespace}lang": "en"}, "")]),
    ],
)
def test_xml_as_the_recommendation_says(text: str, said: list[tuple]) -> None:
    assert elements(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x<a/>",
        "<a>",
        "<a></b>",
        "<a b='1' b='2'/>",
        "<a b=1/>",
        "<a b='<'/>",
        "<a>&nope;</a>",
        "<a>&</a>",
        "<a>&#0;</a>",
        "<a>&#xD800;</a>",
        "<a>&#99999999;</a>",
        "<a>]]></a>",
        "<a>\x01</a>",
        "<a><!-- -- --></a>",
        "<!DOCTYPE a><a/>",
        "<![CDATA[x]]><a/>",
        "<p:a/>",
        "<a:/>",
        "<a xmlns:p=''/>",
        "<a><b xmlns:p='u'></b><p:c/></a>",
        "<a><b xmlns:p='u'/><p:c/></a>",
        "<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>",
        "<a><?xml version='1.0'?></a>",
        "<?xml version='1.0' encoding='utf-16'?><a/>",
    ],
)
def test_what_is_no_xml(text: str) -> None:
    with pytest.raises(BrokenXMLError):
        document(text, 0)


def test_namespaces_inside_one_another_take_no_more_memory_than_the_document() -> None:
    """A table for each element took 365 MB for a tenth of a mebibyte."""
    depth = 3000
    text = "".join(f'<a xmlns:p{number}="u">' for number in range(depth)) + "</a>" * depth
    tracemalloc.start()
    found, _ = document(text, 0)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found) == depth
    assert most < 10 * 2**20


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('lat="', 'lat="9'),
        ('lon="127', 'lon="181'),
        ('hae="164.0"', 'hae="1e3"'),
        (' ce="12.0"', ""),
        ('uid="', 'nope="'),
        ('version="2.0"', 'version="1.9"'),
        ('how="m-f"', 'how="machine"'),
        ('T10:00:01Z"', 'T10:00:60Z"'),
        ('T10:00:01Z"', 'T10:00:01+00:00"'),
        ("2026-03-02", "2026-02-29"),
        ("<detail>", "<detail>loose"),
        ("<detail>", "<more/><detail>"),
        ("</event>", "<detail/></event>"),
        ("<point ", "<point x='1' "),
    ],
)
def test_what_is_no_event_by_the_schema(old: str, new: str) -> None:
    assert old in FIRST
    with pytest.raises(NotAnEventError):
        event(document(FIRST.replace(old, new), 0)[0])
    assert compared(FIRST.replace(old, new).encode()).only_second == 0


def test_after_a_broken_document_the_next_is_read() -> None:
    data = stream().replace(b"</detail>", b"</detial>", 1)
    found = compared(data)
    assert (found.messages_both, found.disagreed) == (2, 0)


@pytest.mark.parametrize("fraction", ["", ".5", ".123", ".1234565", ".7654321", ".9999999", ".123456499"])
def test_fractions_of_a_second_are_read_alike(fraction: str) -> None:
    found = compared(FIRST.replace('T10:00:01Z"', f'T10:00:01{fraction}Z"').encode())
    assert (found.messages_both, found.disagreed) == (1, 0)


def test_a_mesh_datagram_and_what_a_server_adds() -> None:
    message = to_message(fromstring(FIRST))
    found = compared(datagram(message + b"\x18\x05\x20\x07"))
    assert (found.messages_both, found.values_compared, found.disagreed) == (1, 20, 0)


def test_only_the_second_takes_a_field_that_nobody_defined() -> None:
    found = compared(framed(to_message(fromstring(FIRST)) + b"\x2a\x00"))
    assert (found.only_first, found.only_second) == (0, 1)


def test_nothing_broken_stops_the_second_or_hides_a_difference() -> None:
    """Where both read an event, they read the same; an event by the schema that the first does not read is none."""
    for data in itertools.islice(inputs(COT, seed=11), 300):
        for one in compared(data).disagreements:
            assert {one.ours, one.theirs} == {"0 read", "1 read"}, data


# First decoders that are wrong.

_TRUE = SimpleNamespace(
    fromstring=events.fromstring, number=tak._number, iso=tak._iso, decimal=tak._decimal, doubles=struct.unpack_from
)
Patch = Callable[[pytest.MonkeyPatch], None]


def _with_elements(change: Callable[[Element], object]) -> Patch:
    def wrong(document: bytes, **options: bool) -> Element:
        root = _TRUE.fromstring(document, **options)
        change(root)
        return root

    return lambda patch: patch.setattr(events, "fromstring", wrong)


def _wrong_xml() -> Iterator[tuple[str, Patch]]:
    """Every attribute left out, cut, taken for its neighbour; numbers of other sign, scale and last digit; times a
    second off."""
    for path in (".", "point", "detail/track"):
        names = list((fromstring(FIRST) if path == "." else fromstring(FIRST).find(path)).attrib)
        for name, other in zip(names, [*names[1:], names[0]], strict=True):

            def at(root: Element, path: str = path) -> dict[str, str]:
                return root.attrib if path == "." else root.find(path).attrib

            def swap(root: Element, name: str = name, other: str = other, at: Callable = at) -> None:
                held = at(root)
                held[name], held[other] = held[other], held[name]

            yield f"{name} for {other}", _with_elements(swap)
            yield f"no {name}", _with_elements(lambda root, name=name, at=at: at(root).pop(name))
            yield (
                f"{name} cut",
                _with_elements(lambda root, name=name, at=at: at(root).update({name: at(root)[name][1:]})),
            )
    yield "no track", _with_elements(lambda root: root.find("detail").clear())
    for what, wrong in _numbers().items():
        yield (
            f"numbers {what}",
            lambda patch, wrong=wrong: patch.setattr(
                event_rules, "float", lambda said: wrong(float(said)), raising=False
            ),
        )

    class Late:
        @staticmethod
        def fromisoformat(said: str) -> Any:
            return SimpleNamespace(timestamp=lambda: real(said).timestamp() + 1)

    real = event_rules.datetime.fromisoformat
    yield "times late", lambda patch: patch.setattr(event_rules, "datetime", Late)


def _numbers() -> dict[str, Callable[[float], float]]:
    return {
        "of other sign": lambda value: -value,
        "scaled by a millionth": lambda value: value * (1 + 1e-6),
        "rounded to a metre": lambda value: round(value, 5) if abs(value) < 200 and value % 1 else value + 1,
    }


def _wrong_tak() -> Iterator[tuple[str, Patch]]:
    """Every field taken for its neighbour or for another type; numbers as above; octets in the other order."""
    sent = (
        (tak._EVENT, (1, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)),
        (tak._TRACK, (1, 2)),
        (tak._MESSAGE, (1, 2)),
    )
    for kind, numbers in sent:
        for number, other in itertools.pairwise(numbers):

            def swapped(patch: pytest.MonkeyPatch, kind: Any = kind, number: int = number, other: int = other) -> None:
                one, two = kind.fields[number], kind.fields[other]
                patch.setitem(kind.fields, number, two)
                patch.setitem(kind.fields, other, one)

            yield f"{kind.name} {number} for {other}", swapped
    for what, wrong in _numbers().items():
        yield (
            f"numbers {what}",
            lambda patch, wrong=wrong: patch.setattr(tak, "_number", lambda *read: wrong(_TRUE.number(*read))),
        )
    big = SimpleNamespace(
        unpack_from=lambda form, data, at: _TRUE.doubles(form.replace("<", ">"), data, at), pack=struct.pack
    )
    yield "octets in the other order", lambda patch: patch.setattr(protobuf, "struct", big)
    yield "seconds for milliseconds", lambda patch: patch.setattr(tak, "_iso", lambda ms: _TRUE.iso(ms // 1000))
    yield "a millisecond off", lambda patch: patch.setattr(tak, "_iso", lambda ms: _TRUE.iso(ms + 1))
    yield "two decimals", lambda patch: patch.setattr(tak, "_decimal", lambda value: _TRUE.decimal(round(value, 2)))
    yield "no unknown", lambda patch: patch.setattr(tak, "_UNKNOWN", 12.0)


def _missed(wrong: Iterator[tuple[str, Patch]], data: bytes) -> tuple[int, list[str]]:
    tried, missed = 0, []
    for what, patched in wrong:
        tried += 1
        with pytest.MonkeyPatch.context() as patch:
            patched(patch)
            if not compared(data).disagreed:
                missed.append(what)
    return tried, missed


def test_wrong_first_decoders_are_caught() -> None:
    # An event was true from when it was made: both times are the same, and no comparison of this recording can tell.
    assert _missed(_wrong_xml(), stream()) == (47, ["time for start"])
    assert _missed(_wrong_tak(), tak_stream()) == (21, ["CotEvent 6 for 7"])


@pytest.mark.shared_data
def test_the_published_examples_are_read_alike(shared_data: Path) -> None:
    """ATAK's 12 examples and the 13 events of its data package, as XML and as protobuf."""
    folder = shared_data / "conformance" / "cot" / "examples"
    documents = [file.read_bytes() for file in sorted(folder.glob("*.cot"))]
    with zipfile.ZipFile(folder / "CoT Types Data Package.zip") as package:
        documents += [package.read(name) for name in package.namelist() if name.endswith(".cot")]
    assert len(documents) == 25
    found = [compared(one) for one in documents]
    found += [compared(framed(to_message(fromstring(one)))) for one in documents]
    assert {(one.messages_both, one.disagreed) for one in found} == {(1, 0)}
    assert sum(one.values_compared for one in found) == 2_290
