"""How data gets from a sensor to a hub, and what powers a unit."""

from tests.engines.made_up import data_port, hub, listing, offer, power_port, sensor

from skypact.engines.interop import Mains, data_paths, feed, results_along

V1, V2 = ("SAPIENT", "v1"), ("SAPIENT", "v2")
BRIDGE = listing(
    "BRIDGE",
    "gateway",
    vendor="third",
    ports=[data_port("SAPIENT", "consumes", "v1"), data_port("SAPIENT", "provides", "v2")],
)
VAGUE = listing(
    "VAGUE", "gateway", vendor="third", ports=[data_port("SAPIENT", "consumes"), data_port("SAPIENT", "provides", "v2")]
)


def ways(speaks: tuple[str, str | None], takes: tuple[str, str | None], *gateways: object) -> list[tuple[object, ...]]:
    found = data_paths(sensor("A", "radar", 1, "1", speaks=speaks), hub("C", "1", takes=takes), gateways)  # type: ignore[arg-type]
    return [(path.via, path.answer.value) for path in found]


def test_a_sure_direct_way_is_the_only_one() -> None:
    assert ways(V2, V2, BRIDGE, VAGUE) == [((), "yes")]


def test_a_gateway_bridges_two_editions() -> None:
    assert ways(V1, V2, BRIDGE) == [(("SYN-BRIDGE",), "yes")]


def test_a_gateway_whose_edition_is_not_stated_is_unknown_and_comes_later() -> None:
    assert ways(V1, V2, VAGUE, BRIDGE) == [(("SYN-BRIDGE",), "yes"), (("SYN-VAGUE",), "unknown")]


def test_no_way_at_all() -> None:
    found = data_paths(sensor("A", "radar", 1, "1", speaks=("ASTERIX", "CAT048")), hub("C", "1", takes=V2), [BRIDGE])
    assert found == ()


def test_two_products_of_one_maker_are_unknown_never_impossible() -> None:
    (path, *_) = data_paths(
        sensor("A", "radar", 1, "1", speaks=("ASTERIX", "CAT048")), hub("C", "1", takes=V2, vendor="maker"), []
    )
    assert (path.answer.value, path.detail_only) == ("unknown", True)
    assert path.reason.text == "both are of one maker, who does not say how they connect"


def test_an_open_edition_is_less_unknown_than_an_unnamed_standard() -> None:
    kept = ways(("SAPIENT", None), V2)
    assert kept == [((), "unknown")]
    (path,) = data_paths(sensor("A", "radar", 1, "1", speaks=("SAPIENT", None)), hub("C", "1", takes=V2), [])
    assert path.detail_only
    (path,) = data_paths(sensor("A", "radar", 1, "1", speaks=("JSON", None)), hub("C", "1", takes=V2), [])
    assert not path.detail_only


def test_an_unstated_edition_may_go_directly_or_through_a_gateway() -> None:
    assert ways(("SAPIENT", None), V2, BRIDGE) == [((), "unknown"), (("SYN-BRIDGE",), "unknown")]


def test_a_sensor_without_public_interface_is_unknown_never_yes() -> None:
    silent = sensor("A", "radar", 1, "1", ports=[])
    (path,) = data_paths(silent, hub("C", "1"), [])
    assert (path.answer.value, path.reason.text) == ("unknown", "no data interface of A is public")


LOAD = sensor("LOAD", "radar", 1, "1", ports=[power_port("consumes", "DC", 20, 30)])
SUPPLY = listing(
    "SUPPLY",
    "power",
    offers=[offer("100")],
    ports=[power_port("provides", "DC", 24, 24, 60), power_port("consumes", "AC", 90, 264)],
)
FUELLED = power_port("consumes", None, None, None, standard="fuel")
GENERATOR = listing(
    "GENERATOR", "power", offers=[offer("900")], ports=[power_port("provides", "DC", 24, 24, 500), FUELLED]
)


def test_the_cheapest_sure_source_feeds() -> None:
    fed = feed(LOAD, [(GENERATOR, 900.0), (SUPPLY, 100.0)], draw_w=50, mains=Mains(230, 16))
    assert (fed.source, fed.answer.value) == ("SYN-SUPPLY", "yes")


def test_without_mains_a_source_that_needs_mains_is_no_source() -> None:
    fed = feed(LOAD, [(GENERATOR, 900.0), (SUPPLY, 100.0)], draw_w=50, mains=None)
    assert (fed.source, fed.answer.value) == ("SYN-GENERATOR", "yes")


def test_without_mains_nobody_knows_what_feeds_a_converter() -> None:
    converter = listing("CONVERTER", "power", ports=[
        power_port("provides", "DC", 24, 24, 60), power_port("consumes", "DC", 12, 57)])  # fmt: skip
    fed = feed(LOAD, [(converter, 100.0)], draw_w=50, mains=None)
    assert (fed.source, fed.answer.value, fed.reason.text) == (
        "SYN-CONVERTER",
        "unknown",
        "from SYN-CONVERTER: not known: what feeds the source itself",
    )


def test_a_source_that_the_mains_would_destroy_is_no_source() -> None:
    american = listing("AMERICAN", "power", ports=[
        power_port("provides", "DC", 24, 24, 60), power_port("consumes", "AC", 100, 127)])  # fmt: skip
    assert feed(LOAD, [(american, 10.0)], draw_w=50, mains=Mains(230, 16)).answer == "no"
    assert feed(LOAD, [(american, 10.0)], draw_w=50, mains=Mains(120, 16)).answer == "yes"


def test_too_weak_sources_feed_nothing() -> None:
    fed = feed(LOAD, [(SUPPLY, 100.0)], draw_w=61, mains=Mains(230, 16))
    assert (fed.source, fed.answer.value, fed.reason.text) == (None, "no", "no source in reach fits its power input")


def test_mains_feeds_what_takes_mains() -> None:
    fed = feed(sensor("A", "radar", 1, "1"), [(SUPPLY, 100.0)], draw_w=100, mains=Mains(230, 16))
    assert (fed.source, fed.answer.value) == (None, "yes")
    assert fed.reason.text == "from mains: 230 V inside 100–240 V, 100 W of 3680 W"


def test_a_socket_gives_no_more_than_its_circuit() -> None:
    refused = feed(sensor("A", "radar", 1, "1"), [], draw_w=400, mains=Mains(120, 3))
    assert refused.answer == "no"
    assert feed(sensor("A", "radar", 1, "1"), [], draw_w=400, mains=Mains(120, 4)).answer == "yes"


def test_mains_of_the_wrong_voltage_does_not_feed() -> None:
    assert feed(sensor("A", "radar", 1, "1"), [], draw_w=100, mains=Mains(400, 16)).answer == "no"


def test_an_unknown_power_input_is_unknown() -> None:
    fed = feed(sensor("A", "radar", 1, "1", ports=[]), [(SUPPLY, 100.0)], draw_w=1, mains=Mains(230, 16))
    assert (fed.source, fed.answer.value, fed.reason.text) == (None, "unknown", "its power input is not public")


SIGNED = "a" * 64


def graded(text: str, statement: str | None = SIGNED) -> dict[str, object]:
    test = {"method": "conformance lab", "conducted_by": "Joint lab", "statement": statement}
    return {
        "grade": "tested",
        "source": {"title": text, "date": "2026-10-01"},
        "observed": "2026-10-01",
        "test": test,
    }


def test_a_way_tells_the_results_of_labs_that_it_rests_on() -> None:
    plain = data_port("SAPIENT", "provides", "v2")
    sender = listing(
        "A",
        "gateway",
        vendor="one",
        ports=[{**plain, "id": "bb"}, {**plain, "evidence": graded("yes")}],
    )
    taker = listing(
        "C", "c2", vendor="two", ports=[{**data_port("SAPIENT", "consumes", "v2"), "refuted": [graded("no")]}]
    )
    found = results_along([sender, taker])
    assert [(one.listing, one.conforms, one.evidence.source.title) for one in found] == [
        ("SYN-A", True, "yes"),
        ("SYN-C", False, "no"),
    ]
    assert results_along([taker, sender]) == ()
    unsigned = listing("A", "gateway", vendor="one", ports=[{**plain, "evidence": graded("own word", None)}])
    assert results_along([unsigned, hub("C", "1", takes=V2)]) == ()
