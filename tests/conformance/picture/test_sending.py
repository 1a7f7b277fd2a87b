"""Fused tracks that go out conform by our own lab, say what is known and no more, and come back as the same tracks."""

from __future__ import annotations

from uuid import UUID
from xml.etree.ElementTree import Element  # the type only

import pytest
from defusedxml.ElementTree import fromstring

from skypact.conformance import STANDARDS
from skypact.conformance.cot import events, tak
from skypact.conformance.picture import PictureReport, Together, combine
from skypact.conformance.picture.report import TrackState
from skypact.conformance.picture.scene import NODE, SERIALS, SOURCES, START_S, make
from skypact.conformance.picture.sending import Form, FusionNode, Outgoing, as_cot, as_sapient, cot_message, node_of
from skypact.conformance.report import Verdict
from skypact.conformance.sapient import wire
from skypact.conformance.standard import Recording

PICTURE = UUID("7f7c6f7e-1f4b-4c39-9d5d-0d4c2f1b9a10")
HERE = TrackState(
    time_s=START_S,
    longitude_deg=127.02,
    latitude_deg=37.54,
    height_m=None,
    east_m_s=None,
    north_m_s=None,
    east_sigma_m=3.0,
    north_sigma_m=4.0,
    height_sigma_m=None,
)


@pytest.fixture(scope="module")
def report() -> PictureReport:
    return combine(make(7, seconds=25).recordings)


def joined(messages: object) -> bytes:
    return b"".join(message for _, message in messages)


@pytest.mark.parametrize(("form", "version"), [(Form.STREAM, "TAK protocol 1"), (Form.XML, "2.0")])
def test_events_conform(report: PictureReport, form: Form, version: str) -> None:
    found = STANDARDS["cot"].check([Recording("out", joined(as_cot(report, form)))], version)
    assert (found.verdict, found.findings, found.counts["a"]) == (Verdict.CONFORMS, (), 44)


def test_a_fusion_node_conforms(report: PictureReport) -> None:
    data = joined(as_sapient(report, node=node_of(report)))
    found = STANDARDS["sapient"].check([Recording("out", data)], "BSI Flex 335 v2.0")
    assert (found.verdict, found.findings) == (Verdict.CONFORMS, ())
    assert found.counts == {"detection_report": 44, "registration": 1, "status_report": 7}


def test_what_went_out_comes_back_as_the_same_tracks(report: PictureReport) -> None:
    sent = [
        Recording("out.tak", joined(as_cot(report))),
        Recording("out.sapient", joined(as_sapient(report, node=PICTURE))),
    ]
    back = combine(sent)
    assert (back.together, back.disagreements) == (Together.YES, ())
    assert [(one.start_s, one.end_s) for one in back.tracks] == [
        (one.states[0].time_s, one.states[-1].time_s) for one in report.tracks
    ]
    for one, other in zip(back.tracks, report.tracks, strict=True):
        assert all(part.rms_m < 4 for part in one.contributions)
        assert {part.looks for part in one.contributions} == {len(other.states)}
        assert one.states[-1].latitude_deg == pytest.approx(other.states[-1].latitude_deg, abs=2e-5)
        assert one.states[-1].longitude_deg == pytest.approx(other.states[-1].longitude_deg, abs=2e-5)
        names = [{name for part in track.contributions for name in part.identities} for track in (one, other)]
        assert names[0] == names[1]


def test_a_track_keeps_its_uid_and_shares_it_with_none(report: PictureReport) -> None:
    found = list(events.read(joined(as_cot(report, Form.XML))))
    uids = {event.find("detail/contact").get("callsign"): event.get("uid") for event in found}
    assert len(set(uids.values())) == len(uids) == 2
    assert set(uids) == set(SERIALS)
    assert {(event.get("type"), event.get("how")) for event in found} == {("a-u-A", "m-f")}


def test_an_event_says_its_errors_its_end_and_who_contributed() -> None:
    said = HERE.model_copy(update={"height_m": 164.04, "height_sigma_m": 2.5, "east_m_s": 3.0, "north_m_s": -4.0})
    out = Outgoing(PICTURE, 3, said, ("CAT048 25/201", "CoT x"), ("ALPHA\x07",))
    event = fromstring(cot_message(out, Form.XML))
    assert event.find("point").attrib == {
        "lat": "37.5400000",
        "lon": "127.0200000",
        "hae": "164.0",
        "ce": "3.5",
        "le": "2.5",
    }
    assert (event.get("time"), event.get("stale")) == ("2026-03-02T10:00:00.000Z", "2026-03-02T10:00:10.000Z")
    assert event.find("detail/track").attrib == {"course": "143.1", "speed": "5.00"}
    assert event.find("detail/remarks").text == "Fused from CAT048 25/201, CoT x; named ALPHA ."


def test_what_is_unknown_is_not_made_up() -> None:
    event = fromstring(cot_message(Outgoing(PICTURE, 3, HERE, ("CoT x",), ()), Form.XML))
    assert (event.find("point").get("hae"), event.find("point").get("le")) == ("9999999.0", "9999999.0")
    assert event.find("detail/track") is None
    assert event.find("detail/contact").get("callsign") == "track 3"
    (_, _), (_, _), (_, body) = FusionNode(PICTURE, ["CoT x"]).take(Outgoing(PICTURE, 3, HERE, ("CoT x",), ()))
    (message,) = wire.read(body)
    detection = message.detection_report
    assert not detection.location.HasField("z")
    assert not detection.HasField("enu_velocity")
    assert not detection.HasField("id")
    assert (detection.location.x_error, detection.location.y_error) == (3.0, 4.0)


def test_a_mesh_datagram_is_one_message() -> None:
    (found,) = tak.read_stream(cot_message(Outgoing(PICTURE, 3, HERE, ("CoT x",), ()), Form.MESH))
    assert isinstance(found, tak.Message)
    assert isinstance(found.event, Element)


def test_detections_of_sapient_sources_are_associated(report: PictureReport) -> None:
    messages = list(wire.read(joined(as_sapient(report, node=PICTURE))))
    assert [list(one.registration.dependent_nodes) for one in messages if one.HasField("registration")] == [[NODE]]
    last = [one.detection_report for one in messages if one.HasField("detection_report")][-2:]
    assert {node.node_id for one in last for node in one.associated_detection} == {NODE}
    assert len({one.object_id for one in last}) == 2
    assert SOURCES[0] in {info.value for one in last for info in one.track_info}


def test_no_message_of_a_fusion_node_is_older_than_the_one_before(report: PictureReport) -> None:
    times = [time_s for time_s, _ in as_sapient(report, node=PICTURE)]
    assert times == sorted(times)


def test_a_pause_of_minutes_is_bridged_by_status_reports() -> None:
    node = FusionNode(PICTURE, ["CoT x"])
    list(node.take(Outgoing(PICTURE, 1, HERE, ("CoT x",), ())))
    later = HERE.model_copy(update={"time_s": START_S + 61})
    said = [time_s - START_S for time_s, _ in node.take(Outgoing(PICTURE, 1, later, ("CoT x",), ()))]
    assert said == [*range(5, 61, 5), 61]


def test_parties_on_one_track_are_told_with_how_long() -> None:
    parties = {SOURCES[0]: "KR", SOURCES[1]: "KR", SOURCES[3]: "US"}
    found = combine(make(7, seconds=25).recordings, parties=parties).common
    assert [(one.track, one.parties, one.seconds) for one in found] == [(1, ("KR", "US"), 24.0)]
    assert found[0].sentence == f"KR (CAT048 25/201, SAPIENT {NODE}) and US (Remote ID receiver) on one track for 24 s."


def test_a_party_of_no_source_is_refused() -> None:
    with pytest.raises(ValueError, match='no source is called "radar"; there are: CAT048 25/201, '):
        combine(make(7, seconds=5).recordings, parties={"radar": "KR"})
