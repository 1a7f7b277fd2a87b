"""The connection diagram: who stands where, and that no line crosses a box."""

from tests.engines.made_up import EVIDENCE, data_port, hub, sensor
from tests.market.kits import samples

from skypact.market.kits.diagram import BOX_WIDTH, GUTTER, MARGIN, ROW, Wire, draw, ends_of, evidence_of
from skypact.schema import Answer, Grade, sentence

FIRST, STEP = MARGIN + GUTTER, BOX_WIDTH + GUTTER


def test_columns_and_rows() -> None:
    diagram = draw(samples.kit())
    places = {box.listing: (box.x, box.y) for box in diagram.boxes}
    assert places == {
        "acme-radar": (FIRST, MARGIN),
        "acme-camera": (FIRST, MARGIN + ROW),
        "acme-gateway": (FIRST + STEP, MARGIN),
        "acme-c2": (FIRST + 2 * STEP, MARGIN + ROW / 2),
        "mains": (FIRST, MARGIN + ROW + 72 + 44),
    }
    assert diagram.width == FIRST + 2 * STEP + BOX_WIDTH + MARGIN


def test_wires_follow_the_links() -> None:
    wires = draw(samples.kit()).wires
    assert [(wire.kind, wire.answer.value, wire.label) for wire in wires] == [
        ("data", "yes", "ASTERIX CAT 129"),
        ("data", "yes", ""),
        ("data", "unknown", "ONVIF"),
        ("power", "unknown", ""),
    ]


def test_a_direct_line_runs_level_past_the_gateways() -> None:
    direct = draw(samples.kit()).wires[2]
    level = MARGIN + ROW + 36
    assert direct.path.startswith(f"M{FIRST + BOX_WIDTH} {level} H{FIRST + 2 * STEP - GUTTER} C")


def test_no_links_no_diagram() -> None:
    diagram = draw(samples.refused_kit())
    assert (diagram.boxes, diagram.wires) == ([], [])


def test_what_no_link_names_is_drawn_where_asked() -> None:
    links = [link.model_dump(mode="json") for link in samples.kit().links if link.source != "acme-camera"]
    kit = samples.kit(links=[link for link in links if link["target"] != "acme-camera"])
    assert "acme-camera" not in {box.listing for box in draw(kit).boxes}
    drawn = {box.listing: (box.x, box.y) for box in draw(kit, unlinked=True).boxes}
    assert drawn["acme-camera"] == (FIRST, MARGIN + ROW)
    assert len(set(drawn.values())) == len(drawn)


def test_a_power_supply_has_one_box_also_where_it_is_fed_itself() -> None:
    items = [item.model_dump(mode="json") for item in samples.kit().items]
    items.append({**items[0], "listing": "acme-supply", "name": "Supply"})
    links = [link.model_dump(mode="json") for link in samples.kit().links]
    fed = {**next(link for link in links if link["kind"] == "power"), "via": []}
    links += [
        {**fed, "source": "mains", "target": "acme-supply"},
        {**fed, "source": "acme-supply", "target": "acme-c2"},
    ]
    diagram = draw(samples.kit(items=items, links=links), unlinked=True)
    assert [box.listing for box in diagram.boxes].count("acme-supply") == 1
    supply = next(box for box in diagram.boxes if box.listing == "acme-supply")
    mains, *_, last = (wire for wire in diagram.wires if wire.kind == "power")
    assert mains.path.startswith(f"M{FIRST + BOX_WIDTH / 2:g} {supply.y:g} V")
    assert last.path.startswith(f"M{supply.x + BOX_WIDTH / 2:g} {supply.y:g} V")
    into = [wire for wire in diagram.wires if wire.path.endswith(f"V{supply.y + 60:g} H{supply.x:g}")]
    assert len(into) == 1


def test_a_source_that_data_runs_through_is_drawn_once() -> None:
    links = [link.model_dump(mode="json") for link in samples.kit().links]
    fed = next(link for link in links if link["kind"] == "power")
    diagram = draw(samples.kit(links=[*links, {**fed, "source": "acme-gateway", "target": "acme-camera"}]))
    assert [box.listing for box in diagram.boxes].count("acme-gateway") == 1
    gateway = next(box for box in diagram.boxes if box.listing == "acme-gateway")
    assert diagram.wires[-1].path.startswith(f"M{gateway.x + BOX_WIDTH:g} {gateway.y + 60:g} H")


def test_columns_stand_as_far_apart_as_labels_are_long() -> None:
    links = [link.model_dump(mode="json") for link in samples.kit().links]
    links[0]["standard"] = "SAPIENT BSI Flex 335 v2.0"
    places = {box.listing: box.x for box in draw(samples.kit(links=links)).boxes}
    assert places["acme-gateway"] - places["acme-radar"] == BOX_WIDTH + 7 * 25 + 24


def test_long_names_take_two_lines() -> None:
    items = [item.model_dump(mode="json") for item in samples.kit().items]
    items[0]["name"] = "A radar with a very long name that nobody could ever fit into one box of the diagram"
    box = next(box for box in draw(samples.kit(items=items)).boxes if box.listing == "acme-radar")
    assert [line["text"] for line in box.name_lines] == ["A radar with a very long name", "that nobody could ever fit…"]


def test_a_line_says_what_it_rests_on() -> None:
    sensor_port = data_port("SAPIENT", "provides", "v2", evidence={**EVIDENCE, "grade": "stated"})
    radar = sensor("A", "radar", 1, "1", ports=[sensor_port])
    node = hub("C", "1", takes=("SAPIENT", "v2"))
    found = evidence_of("data", radar, node)
    assert [one.grade.value for one in found] == ["stated", "documented"]
    wire = Wire("data", "", Answer.YES, sentence("both speak SAPIENT v2"), "SAPIENT v2", 0, 0, found)
    assert (wire.grade, wire.sources) == (Grade.STATED, ["made up for a test, 2026-01-01"])
    assert wire.rests_on
    assert (wire.rests_y, Wire("data", "", Answer.YES, sentence("x"), "", 0, 0, above=False).rests_y) == (-15, 15)
    assert evidence_of("data", None, node) == ()
    assert evidence_of("data", node, radar) == ()
    assert Wire("data", "", Answer.YES, sentence("x"), "", 0, 0).rests_on == ""


def test_each_end_of_a_connection_says_what_is_known_of_its_port() -> None:
    sensor_port = data_port("SAPIENT", "provides", "v2", evidence={**EVIDENCE, "grade": "stated"})
    power = {"id": "power", "kind": "power", "standard": "AC", "role": "consumes", "evidence": EVIDENCE}
    radar, node = sensor("A", "radar", 1, "1", ports=[sensor_port, power]), hub("C", "1", takes=("SAPIENT", "v2"))
    known = {"acme-radar": radar, "acme-c2": node}
    direct = samples.kit().links[0].model_copy(update={"via": ()})
    assert [(end, one.grade.value) for end, one in ends_of(direct, known)] == [
        ("acme-radar", "stated"),
        ("acme-c2", "documented"),
    ]
    assert ends_of(samples.kit().links[0], known) == []
    assert [(end, one.grade.value) for end, one in ends_of(samples.kit().links[2], known)] == [
        ("acme-radar", "documented")
    ]
    assert [wire.number for wire in draw(samples.kit(), numbered=True).wires] == [1, None, 2, 3]
    assert [wire.number for wire in draw(samples.kit()).wires] == [None] * 4
