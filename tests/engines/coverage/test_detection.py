"""Detection ranges: stated before derived before assumed before unknown, and never better than the evidence."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from skypact.engines.coverage import azimuth_width, detection_range, sees, unstated_limits
from skypact.schema import EmissionKind, Sensor, SensorKind, ThreatClass

ON = date(2026, 6, 1)
SOURCE = {"title": "Data sheet", "url": "https://example.org/sheet", "date": "2026-01-01"}


def claim(value, unit, *, grade="documented", observed="2026-01-01", expires=None):
    return {
        "value": value,
        "unit": unit,
        "grade": grade,
        "source": SOURCE,
        "observed": observed,
        "expires": expires,
        **({"test": {"method": "trial", "conducted_by": "a laboratory"}} if grade == "tested" else {}),
    }


def evidence():
    return {"grade": "documented", "source": SOURCE, "observed": "2026-01-01"}


def emission(kind, low=2.4e9, high=2.4835e9):
    return {
        "kind": kind,
        "frequency_min": [claim(low, "Hz")] if low else [],
        "frequency_max": [claim(high, "Hz")] if high else [],
        "evidence": evidence(),
    }


def threat(name="mini", *, rcs=None, emissions=()):
    return ThreatClass.model_validate(
        {
            "id": name,
            "name": name,
            "name_ko": name,
            "summary": name,
            "summary_ko": name,
            "rcs": [claim(rcs, "m2")] if rcs else [],
            "emissions": list(emissions),
            "evidence": [evidence()],
        }
    )


def sensor(kind, *ranges, **fields):
    return Sensor.model_validate({"kind": kind, "ranges": list(ranges), **fields})


def stated(metres, *, threat_class="mini", target="Quadcopter", rcs=None, task="detect", **how):
    return {
        "target": target,
        "threat_class": threat_class,
        "task": task,
        "range": [claim(metres, "m", **how)],
        "target_rcs": [claim(rcs, "m2")] if rcs else [],
    }


def test_a_stated_range_is_used_with_its_evidence():
    found = detection_range(sensor("radar", stated(2500)), threat(), on=ON, assumed_m=9000)
    assert (found.range_m, found.basis, found.grade, found.age_days) == (2500, "stated", "documented", 151)
    assert found.note.text == "stated for Quadcopter, documented"
    assert found.source is not None
    assert found.source.title == "Data sheet"


def test_the_strongest_then_latest_then_shortest_statement_counts():
    ranges = [
        stated(9000, grade="stated"),
        stated(3000, grade="tested", observed="2025-01-01"),
        stated(2800, grade="tested", observed="2026-02-01"),
        stated(2000, grade="tested", observed="2026-02-01"),
    ]
    assert detection_range(sensor("camera", *ranges), threat(), on=ON).range_m == 2000


def test_tracking_stands_in_for_detection_only_where_no_detection_is_stated():
    tracking = stated(1500, task="track", grade="fielded")
    found = detection_range(sensor("radar", tracking), threat(), on=ON)
    assert found.range_m == 1500
    assert "task track" in found.note.text
    assert detection_range(sensor("radar", tracking, stated(2500)), threat(), on=ON).range_m == 2500


def test_an_expired_range_is_unknown_and_says_so():
    found = detection_range(sensor("camera", stated(2500, expires="2026-06-01")), threat(), on=ON)
    assert (found.range_m, found.basis, found.grade) == (None, "unknown", None)
    assert found.note.text == "the range stated for mini has expired by 2026-06-01; a fresh one is needed"


def test_radar_range_scales_with_the_fourth_root_of_the_cross_section():
    large = stated(4000, threat_class=None, target="1 m² target", rcs=1.0)
    found = detection_range(sensor("radar", large), threat(rcs=0.01), on=ON)
    assert found.range_m == pytest.approx(4000 * 0.01**0.25)  # -20 dB: 31.6 %
    assert found.basis == "derived"
    assert "4000 m stated for 1 m² target" in found.note.text
    assert "0.01 m²" in found.note.text


def test_minus_ten_decibels_shorten_the_range_to_56_percent():
    found = detection_range(
        sensor("radar", stated(1000, threat_class="big")), threat(rcs=0.01), on=ON, library=[threat("big", rcs=0.1)]
    )
    assert found.range_m == pytest.approx(562.341, abs=1e-3)


def test_a_larger_target_is_not_seen_beyond_the_stated_range():
    found = detection_range(sensor("radar", stated(1000, threat_class=None, rcs=0.01)), threat(rcs=1.0), on=ON)
    assert (found.range_m, found.basis) == (1000, "derived")


def test_a_derived_range_bears_the_weakest_grade():
    found = detection_range(
        sensor("radar", stated(1000, threat_class=None, rcs=0.1, grade="tested")), threat(rcs=0.01), on=ON
    )
    assert found.grade == "documented"


def test_only_radar_is_scaled():
    entry = stated(1000, threat_class=None, rcs=0.1)
    assert detection_range(sensor("camera", entry), threat(rcs=0.01), on=ON).basis == "unknown"


def test_without_a_cross_section_the_assumption_counts_then_nothing():
    entry = stated(1000, threat_class="big")
    found = detection_range(sensor("radar", entry), threat(), on=ON, assumed_m=800, library=[threat("big", rcs=0.1)])
    assert (found.range_m, found.basis, found.grade) == (800, "assumed", None)
    missing = detection_range(sensor("radar", entry), threat(), on=ON, library=[threat("big", rcs=0.1)])
    assert missing.range_m is None
    assert missing.note.text == (
        "stated only for Quadcopter, which does not tell for mini; missing: a detection range against mini, "
        "or a range with the radar cross-section it holds for"
    )
    nothing = detection_range(sensor("acoustic"), threat(), on=ON)
    assert (nothing.basis, nothing.note.text) == ("unknown", "missing: a detection range against mini")


def test_what_does_not_emit_is_not_heard_whatever_is_stated_or_assumed():
    found = detection_range(sensor("passive_rf", stated(5000)), threat(), on=ON, assumed_m=3000)
    assert (found.range_m, found.basis) == (0.0, "derived")
    assert found.note.text == "mini emits nothing, so there is nothing to hear"
    talking = threat(emissions=[emission("control")])
    assert detection_range(sensor("passive_rf", stated(5000)), talking, on=ON).range_m == 5000


def test_remote_id_needs_a_broadcast():
    talking = threat(emissions=[emission("control")])
    assert detection_range(sensor("remote_id", stated(5000)), talking, on=ON).range_m == 0.0
    honest = threat(emissions=[emission(EmissionKind.REMOTE_ID)])
    assert detection_range(sensor("remote_id", stated(5000)), honest, on=ON).range_m == 5000


def test_a_receiver_tuned_elsewhere_hears_nothing_but_an_unstated_band_is_no_proof():
    low = {"frequency_min": [claim(400e6, "Hz")], "frequency_max": [claim(1e9, "Hz")]}
    talking = threat(emissions=[emission("control")])
    found = detection_range(sensor("passive_rf", stated(5000), **low), talking, on=ON)
    assert found.range_m == 0.0
    assert found.note.text == "the sensor listens from 400 to 1000 MHz, and mini emits outside of that"
    unsure = threat(emissions=[emission("control", low=None)])
    assert detection_range(sensor("passive_rf", stated(5000), **low), unsure, on=ON).range_m == 5000


@pytest.mark.parametrize("assumed", [-1, float("nan"), float("inf")])
def test_an_impossible_assumption_is_refused(assumed):
    with pytest.raises(ValueError, match="assumed_m must be a finite range"):
        detection_range(sensor("camera"), threat(), on=ON, assumed_m=assumed)


WATCHING = {
    "range_min": [claim(100, "m")],
    "elevation_min": [claim(-5, "deg")],
    "elevation_max": [claim(30, "deg")],
    "azimuth_coverage": [claim(120, "deg")],
}


@pytest.mark.parametrize(
    ("horizontal", "above", "bearing", "seen"),
    [
        (500, 50, 0, True),
        (1001, 0, 0, False),  # beyond range
        (999, 100, 0, False),  # beyond range along the line of sight
        (90, 0, 0, False),  # inside the blind range
        (500, 300, 0, False),  # 31 degrees up
        (500, -50, 0, False),  # 5.7 degrees down
        (500, -40, 0, True),
        (500, 50, 60, True),  # on the sector's edge
        (500, 50, 61, False),
        (500, 50, -59, True),
        (500, 50, 301, True),
        (float("nan"), 50, 0, False),
        (500, float("nan"), 0, False),
        (500, 50, float("nan"), False),
    ],
)
def test_the_watched_volume(horizontal, above, bearing, seen):
    found = sees(
        sensor(SensorKind.RADAR, **WATCHING),
        range_m=1000,
        horizontal_m=[horizontal],
        above_m=[above],
        bearing_deg=[bearing],
        on=ON,
        sector=(0, 120),
    )
    np.testing.assert_array_equal(found, [seen])


def test_the_earth_falls_away_below_the_sensor():
    # 20 km away the ground lies 23.5 m lower: what is level with the sensor appears 0.067 degrees down
    level = {"elevation_min": [claim(0, "deg")]}
    found = sees(sensor("radar", **level), range_m=3e4, horizontal_m=20_000, above_m=[23.4, 23.6], bearing_deg=0, on=ON)
    np.testing.assert_array_equal(found, [False, True])


def test_limits_that_nobody_states_are_named_not_applied():
    bare = sensor("radar")
    assert unstated_limits(bare, on=ON) == ("range_min", "azimuth_coverage", "elevation_min", "elevation_max")
    assert unstated_limits(sensor("radar", **WATCHING), on=ON) == ()
    assert bool(sees(bare, range_m=100, horizontal_m=1, above_m=90, bearing_deg=0, on=ON))
    assert azimuth_width(bare, on=ON) is None
    assert azimuth_width(sensor("radar", **WATCHING), on=ON) == 120


def test_the_pessimistic_mode_shortens_weak_evidence_only():
    trust = {"stated": 0.5, "documented": 0.8}
    weak = detection_range(sensor("camera", stated(2000, grade="stated")), threat(), on=ON, trust=trust)
    assert weak.range_m == 1000
    assert weak.note.text == (
        "stated for Quadcopter, by the maker or seller; for the weakness of this evidence shortened to 50 %"
    )
    tested = detection_range(sensor("camera", stated(2000, grade="tested")), threat(), on=ON, trust=trust)
    assert (tested.range_m, tested.note.text) == (2000, "stated for Quadcopter, tested")
    assumed = detection_range(sensor("camera"), threat(), on=ON, assumed_m=700, trust=trust)
    assert assumed.range_m == 700
    with pytest.raises(ValueError, match="factors of trust must lie over 0 and at most at 1"):
        detection_range(sensor("camera"), threat(), on=ON, trust={"stated": 2.0})
