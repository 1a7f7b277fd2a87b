"""The built-in catalogue as a whole: wide enough, every fact sourced, nothing invented, nothing that harms."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from importlib import resources

import pytest

from skypact.schema import Claim, Evidence, Listing, SensorKind
from skypact.schema.base import Model
from skypact.schema.evidence import Grade, NumberClaim, Provenance
from skypact.schema.taxonomy import Category
from skypact.seed import catalogue, threats

WRITTEN_ON = date(2026, 11, 21)
"""The catalogue's last day: no source can be younger."""

LISTINGS = catalogue().listings
VENDORS = catalogue().vendors
FILES = sorted(
    (file for file in (resources.files("skypact.seed") / "vendors").iterdir() if file.name.endswith(".toml")),
    key=lambda file: file.name,
)

HANGUL = re.compile("[가-힣]")
#: Package registries by the middle of their host names, so that no address of one stands in this file either.
REGISTRIES = ("//pypi.", "pythonhosted.", "npmjs.", "//deb.debian.", "//crates.", "rubygems.", "proxy.golang.")
FORBIDDEN = re.compile(
    r"\b(munitions?|warheads?|ammunition|explosives?|grenades?|bombs?|missile launchers?|loitering|kamikaze|lethal"
    r"|weapons?|kinetic kill|hard.?kill|shoot\w* down|jamming waveforms?|spoofing signals?|fire control|targeting"
    r"|engagement)\b"
    r"|탄두|탄약|폭탄|폭발물|수류탄|자폭|살상|격추|격파|요격|무장\s*드론|사격\s*통제|조준|교전|재밍\s*파형|전파방해\s*파형",
    re.IGNORECASE,
)
MARKETING = re.compile(
    r"\b(best.in.class|world.?leading|industry.?leading|cutting.?edge|state.of.the.art|revolutionary|unmatched"
    r"|unparalleled|game.?chang\w+|next.?level|superior)\b|세계 최고|업계 최고|최첨단|혁신적",
    re.IGNORECASE,
)
ALLEGATION = re.compile(
    r"\b(alleg\w+|accus\w+|sanction\w*|scandal|fraud|lawsuit|investigat\w+|seized|failed|denied|cancelled)\b"
    r"|의혹|혐의|불합격|제재|수사|고발|압수",
    re.IGNORECASE,
)
PERFORMANCE = re.compile(
    r"\d[\d.,]*\s*(?:km|m|metres?|miles?|w|kw|watts?|dbm|dbi|mw|킬로미터|미터|와트|제곱미터)\b", re.IGNORECASE
)

RANGE_CEILING_M: dict[SensorKind, float] = {
    SensorKind.RADAR: 20_000,
    SensorKind.PASSIVE_RF: 20_000,
    SensorKind.REMOTE_ID: 10_000,
    SensorKind.CAMERA: 15_000,
    SensorKind.LIDAR: 3_000,
    SensorKind.ACOUSTIC: 10_000,
}
"""Above these a figure stated against a small drone is instrumented range or a slip of units."""

WINDOWS: dict[str, tuple[float, float]] = {
    "mass": (0.005, 1_500),
    "length": (0.01, 10),
    "width": (0.01, 10),
    "height": (0.01, 20),
    "power_draw": (0.1, 10_000),
    "temperature_min": (-60, 10),
    "temperature_max": (25, 90),
    "range_min": (1, 1_000),
    "azimuth_coverage": (10, 360),
    "elevation_min": (-90, 30),
    "elevation_max": (0, 90),
    "frequency_min": (1e6, 110e9),
    "frequency_max": (100e6, 110e9),
    "tracks_max": (1, 10_000),
    "sensors_max": (1, 1_000),
    "update_interval": (0.01, 10),
    "target_rcs": (0.0001, 100),
    "cells_series": (1, 24),
    "cells_parallel": (1, 20),
    "voltage_nominal": (3, 110),
    "voltage_min": (2, 100),
    "voltage_max": (3.5, 120),
    "capacity": (0.3, 100),
    "energy": (1, 3_000),
    "current_continuous": (1, 500),
    "current_peak": (1, 1_000),
    "temperature_discharge_min": (-40, 10),
    "temperature_discharge_max": (35, 80),
    "takeoff_mass_max": (0.02, 700),
    "payload_max": (0.01, 200),
    "endurance": (300, 24 * 3600),
    "speed_max": (2, 70),
    "link_range": (500, 400_000),
    "wind_max": (5, 30),
    "battery_voltage": (3, 110),
    "battery_capacity": (0.3, 100),
    "battery_energy": (1, 3_000),
}

COUNTS: dict[str, tuple[int, Callable[[Listing], bool]]] = {
    "products": (150, lambda item: True),
    "sensors": (40, lambda item: item.category.family == "sensor"),
    "command and control, gateways": (10, lambda item: item.category in (Category.C2, Category.GATEWAY)),
    "batteries": (30, lambda item: item.category is Category.BATTERY),
    "unmanned aircraft": (20, lambda item: item.category is Category.AIRCRAFT),
    "radios, mounts, power": (15, lambda item: item.category in (Category.RADIO, Category.MOUNT, Category.POWER)),
    "spares": (15, lambda item: item.category is Category.SPARE),
    "defeat": (10, lambda item: item.category.family == "defeat"),
}


def walk(value: object, path: str) -> Iterator[tuple[str, object]]:
    """Every model, and every value in it, with its path."""
    yield path, value
    if isinstance(value, Model):
        for name in type(value).model_fields:
            yield from walk(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from walk(item, f"{path}[{number}]")


def everything() -> Iterator[tuple[str, object]]:
    for item in (*VENDORS, *LISTINGS):
        yield from walk(item, item.id)


def numbers(item: Listing) -> Iterator[tuple[str, str, float]]:
    """``(path, field, value)`` of every claimed number of a listing."""
    for path, value in walk(item, item.id):
        if isinstance(value, NumberClaim) and isinstance(value.value, float):
            yield path, path.rpartition("[")[0].rpartition(".")[2], value.value


def claimed(claims: tuple[NumberClaim, ...]) -> list[float]:
    return [claim.value for claim in claims if claim.value is not None]


def words(item: Listing) -> str:
    """All free text of a listing that is ours: not the titles of sources."""
    notes = [value.note for _, value in walk(item, item.id) if isinstance(value, Evidence) and value.note]
    conditions = [stated.conditions for sensor in item.sensors for stated in sensor.ranges if stated.conditions]
    return "\n".join([item.name, item.name_ko or "", item.summary, item.summary_ko or "", *notes, *conditions])


# --- wide enough -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", COUNTS)
def test_there_are_enough_products_of_each_kind(kind):
    least, belongs = COUNTS[kind]
    assert sum(belongs(item) for item in LISTINGS) >= least


def test_vendors_are_of_many_nations_and_many_are_korean():
    nations = Counter(vendor.nation for vendor in VENDORS)
    assert len(nations) >= 12
    assert nations["KR"] >= 12


def test_every_vendor_has_a_product():
    assert {vendor.id for vendor in VENDORS} == {item.vendor for item in LISTINGS}


def test_ids_are_unique_and_name_nothing_made_up():
    identifiers = [item.id for item in (*VENDORS, *LISTINGS)]
    assert [name for name, count in Counter(identifiers).items() if count > 1] == []
    assert [name for name in identifiers if name.startswith("SYN")] == []


def test_a_vendor_file_bears_the_vendors_id():
    assert {file.name.removesuffix(".toml") for file in FILES} == {vendor.id for vendor in VENDORS}


# --- every fact sourced ----------------------------------------------------------------------------------------------


def test_every_claim_and_evidence_names_an_address_and_a_day():
    facts = [(path, value) for path, value in everything() if isinstance(value, Evidence)]
    assert len(facts) > 2_000
    assert [path for path, fact in facts if fact.source.url is None] == []
    assert [path for path, fact in facts if max(fact.source.date, fact.observed) > WRITTEN_ON] == []


def test_nothing_is_synthetic_or_a_users_own():
    kinds = {value.provenance for _, value in everything() if isinstance(value, Evidence)}
    assert kinds == {Provenance.SOURCE, Provenance.DERIVED}


def test_what_was_derived_says_how():
    derived = [
        path
        for path, value in everything()
        if isinstance(value, Evidence) and value.provenance is Provenance.DERIVED and not value.note
    ]
    assert derived == []


def test_a_tested_value_names_who_measured():
    """Few public facts are tests; each one here was read and names the tester in the source's title."""
    tested = {
        value.source.title.partition(":")[0]
        for _, value in everything()
        if isinstance(value, Evidence) and value.grade in (Grade.TESTED, Grade.FIELDED)
    }
    assert tested == {"방위사업청", "ETNews", "IMPO"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_registry_address_stands_in_a_file(file):
    text = file.read_text(encoding="utf-8").lower()
    assert [host for host in REGISTRIES if host in text] == []


def test_every_source_of_a_file_is_used():
    unused = []
    for file in FILES:
        text = file.read_text(encoding="utf-8")
        for name in re.findall(r"(?m)^\[sources\.([^\].]+)\]$", text):
            if f'"{name}"' not in text:
                unused.append(f"{file.name}: {name}")
    assert unused == []


# --- both languages --------------------------------------------------------------------------------------------------


def test_every_product_is_described_in_korean_too():
    assert [item.id for item in LISTINGS if not (item.summary_ko and HANGUL.search(item.summary_ko))] == []


def test_english_summaries_are_english():
    assert [item.id for item in LISTINGS if HANGUL.search(item.summary)] == []


def test_korean_vendors_have_their_korean_name():
    korean = [vendor for vendor in VENDORS if vendor.nation == "KR"]
    assert [vendor.id for vendor in korean if not (vendor.name_ko and HANGUL.search(vendor.name_ko))] == []


# --- nothing that harms, sells or accuses ----------------------------------------------------------------------------


@pytest.mark.parametrize("pattern", [FORBIDDEN, MARKETING, ALLEGATION], ids=["harm", "marketing", "allegations"])
def test_our_own_words_are_free_of(pattern):
    found = {item.id: match.group(0) for item in LISTINGS if (match := pattern.search(words(item)))}
    assert found == {}


@pytest.mark.parametrize("text", ["a warhead of", "kinetic kill", "targeting radar", "표적 격추", "자폭 드론"])
def test_forbidden_words_are_recognised(text):
    assert FORBIDDEN.search(text)


def test_defeat_equipment_bears_no_performance_figure():
    defeat = [item for item in LISTINGS if item.category.family == "defeat"]
    assert {item.id: match.group(0) for item in defeat if (match := PERFORMANCE.search(words(item)))} == {}
    assert [item.id for item in defeat if item.power_draw or any(sensor.ranges for sensor in item.sensors)] == []
    attributes = [
        (item.id, port.id)
        for item in defeat
        for port in item.ports
        if port.attributes.power_max_w or port.attributes.frequency_min_hz or port.attributes.frequency_max_hz
    ]
    assert attributes == []


@pytest.mark.parametrize("text", ["up to 2 km", "10 W a band", "reaches 1,500 m", "at 40 dBm"])
def test_performance_figures_are_recognised(text):
    assert PERFORMANCE.search(text)


# --- prices ----------------------------------------------------------------------------------------------------------


def test_every_price_stands_in_its_source():
    """The whole list: a price is here only because somebody publishes it."""
    priced = {item.id: str(offer.price.amount) for item in LISTINGS for offer in item.offers if offer.price}
    assert priced == {
        "aerodefense-airwarden-essentials": "9987",
        "apc-10x4-5mr": "2.93",
        "apc-13x5-5mr": "4.65",
        "apc-15x5-5mr": "6.49",
        "apc-18x5-5mr": "10.72",
        "dedrone-rf-160": "11500",
    }


def test_nobody_promises_stock_or_delivery():
    offers = [offer for item in LISTINGS for offer in item.offers]
    assert [offer for offer in offers if offer.stock is not None or offer.lead_time_days is not None] == []
    assert [offer for offer in offers if offer.price is None] == []


# --- threat classes --------------------------------------------------------------------------------------------------


def test_every_threat_class_of_a_range_exists():
    known = {threat.id for threat in threats()}
    used = {stated.threat_class for item in LISTINGS for sensor in item.sensors for stated in sensor.ranges}
    assert used - known == {None}


def test_a_radio_or_remote_id_range_is_not_stated_for_what_emits_nothing():
    silent = {threat.id for threat in threats() if not threat.emits}
    hearing = (SensorKind.PASSIVE_RF, SensorKind.REMOTE_ID)
    wrong = [
        item.id
        for item in LISTINGS
        for sensor in item.sensors
        for stated in sensor.ranges
        if sensor.kind in hearing and stated.threat_class in silent
    ]
    assert wrong == []


def test_receivers_do_not_emit_and_radars_do():
    said = [
        (item.id, sensor.kind, claim.value) for item in LISTINGS for sensor in item.sensors for claim in sensor.emits
    ]
    assert [row for row in said if row[2] is not (row[1] in (SensorKind.RADAR, SensorKind.LIDAR))] == []


# --- physics ---------------------------------------------------------------------------------------------------------


def test_every_number_lies_in_the_window_of_its_field():
    fields = {field for item in LISTINGS for _, field, _ in numbers(item)}
    assert fields - set(WINDOWS) == {"range"}
    wrong = [
        (path, value)
        for item in LISTINGS
        for path, field, value in numbers(item)
        if field in WINDOWS and not WINDOWS[field][0] <= value <= WINDOWS[field][1]
    ]
    assert wrong == []


def test_stated_ranges_are_those_of_the_sensor_kind():
    wrong = [
        (item.id, stated.target, value)
        for item in LISTINGS
        for sensor in item.sensors
        for stated in sensor.ranges
        for value in claimed(stated.range)
        if not 30 <= value <= RANGE_CEILING_M[sensor.kind]
    ]
    assert wrong == []


def test_a_larger_threat_is_seen_at_least_as_far():
    """One sensor, one task, one kind of conditions: a mini multirotor is not seen less far than a micro one."""
    wrong = []
    for item in LISTINGS:
        for sensor in item.sensors:
            best: dict[str | None, float] = {}
            for stated in sensor.ranges:
                for value in claimed(stated.range):
                    best[stated.threat_class] = max(value, best.get(stated.threat_class, 0.0))
            if best.get("mini-multirotor", float("inf")) < best.get("micro-multirotor", 0.0):
                wrong.append(item.id)
    assert wrong == []


def test_lower_limits_lie_below_upper_ones():
    pairs = (
        ("temperature_min", "temperature_max"),
        ("elevation_min", "elevation_max"),
        ("frequency_min", "frequency_max"),
        ("voltage_min", "voltage_nominal"),
        ("voltage_nominal", "voltage_max"),
        ("current_continuous", "current_peak"),
        ("payload_max", "takeoff_mass_max"),
    )
    wrong = []
    for path, part in everything():
        for low, high in pairs:
            if isinstance(part, Model) and hasattr(part, low) and hasattr(part, high):
                lows, highs = claimed(getattr(part, low)), claimed(getattr(part, high))
                if lows and highs and max(lows) >= min(highs):
                    wrong.append((path, low, high))
    assert wrong == []


def batteries() -> Iterator[tuple[str, Model]]:
    for item in LISTINGS:
        if item.battery is not None:
            yield item.id, item.battery


def test_a_packs_voltage_is_that_of_its_cells():
    """Nominal 3.2 to 3.9 V a lithium cell, full at most 4.45 V (high-voltage LiPo), empty at least 2.5 V."""
    wrong = []
    for name, battery in batteries():
        for cells in claimed(battery.cells_series):
            for field, low, high in (
                ("voltage_nominal", 3.2, 3.9),
                ("voltage_max", 3.6, 4.45),
                ("voltage_min", 2.5, 3.6),
            ):
                wrong += [
                    (name, field, value)
                    for value in claimed(getattr(battery, field))
                    if not low <= value / cells <= high
                ]
    assert wrong == []


def test_energy_is_voltage_times_capacity():
    wrong = []
    for name, battery in batteries():
        for volts in claimed(battery.voltage_nominal):
            for ampere_hours in claimed(battery.capacity):
                wrong += [
                    (name, watt_hours)
                    for watt_hours in claimed(battery.energy)
                    if abs(watt_hours - volts * ampere_hours) > 0.15 * watt_hours
                ]
    assert wrong == []


def test_energy_density_is_that_of_lithium_packs():
    wrong = []
    for item in LISTINGS:
        if item.battery is not None:
            for mass in claimed(item.mass):
                wrong += [
                    (item.id, energy / mass)
                    for energy in claimed(item.battery.energy)
                    if not 80 <= energy / mass <= 400
                ]
    assert wrong == []


def test_an_aircraft_takes_off_no_lighter_than_it_stands():
    wrong = []
    for item in LISTINGS:
        if item.airframe is not None:
            masses, takeoffs = claimed(item.mass), claimed(item.airframe.takeoff_mass_max)
            if masses and takeoffs and min(masses) > max(takeoffs):
                wrong.append(item.id)
    assert wrong == []


# --- ports and content -----------------------------------------------------------------------------------------------


def test_sensors_send_their_detections():
    """Whatever a sensor consumes as data, it also has to give: no sensor only takes."""
    wrong = []
    for item in LISTINGS:
        roles = {port.role.value for port in item.ports if port.kind.value == "data"}
        if item.category.family == "sensor" and roles and not roles & {"provides", "peer"}:
            wrong.append(item.id)
    assert wrong == []


def test_ways_in_and_out_of_electrical_power():
    """A power supply, mast or switch may give power; a sensor or a command system only takes it."""
    wrong = [
        (item.id, port.id)
        for item in LISTINGS
        for port in item.ports
        if port.kind.value == "power"
        and port.role.value == "provides"
        and (item.category.family == "sensor" or item.category in (Category.C2, Category.GATEWAY))
    ]
    assert wrong == []


def test_only_receivers_of_radio_read_content():
    decoding = {
        item.category
        for item in LISTINGS
        for claim in item.decodes_content
        if isinstance(claim, Claim) and claim.value is True
    }
    assert decoding == {
        Category.PASSIVE_RF,
        Category.REMOTE_ID,
        Category.MULTI_SENSOR,
        Category.CYBER,
        Category.SERVICE,
    }
