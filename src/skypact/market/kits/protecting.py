"""The page "Protect a site": its form with the two tables, and the way from and to a requirement."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import slugify

from skypact.engines.kit import PESSIMISTIC
from skypact.market.kits import documents, wording
from skypact.market.kits.forms import AssumptionRows, RateRows, RequirementForm
from skypact.schema import Area, InputError, Problem, Requirement, parse

#: Where a requirement's field stands in the form; the longest place that fits counts.
FIELD_OF_PLACE = {
    "title": "title",
    "site": "place",
    "site.name": "site_name",
    "site.icao": "icao",
    "site.radius_m": "radius_m",
    "site.circle.centre.0": "longitude",
    "site.circle.centre.1": "latitude",
    "site.circle.radius_m": "circle_radius_m",
    "site.circle": "latitude",
    "site.area": "area",
    "site.nation": "site_nation",
    "placement.area": "placement_area",
    "placement.exclude": "exclude",
    "placement.points": "points",
    "placement.spacing_m": "spacing_m",
    "placement.mast_height_m": "mast_height_m",
    "placement.positions_max": "positions_max",
    "detection": "heights_m",
    "detection.threats": "threats",
    "detection.heights_m": "heights_m",
    "detection.warning_distance_m": "warning_distance_m",
    "detection.share": "share",
    "detection.kinds": "kinds",
    "detection.region": "region",
    "detection.sensors": "sensors",
    "detection.probability": "probability",
    "detection.fused_probability": "fused_probability",
    "detection.spacing_m": "ring_spacing_m",
    "weather": "rain_mm_h",
    "weather.visibility_m": "visibility_m",
    "weather.added_noise_db": "added_noise_db",
    "trust": "trust_own",
    "buyer.nation": "nation",
    "buyer.role": "role",
    "buyer.name": "buyer_name",
    "budget.amount": "budget",
    "budget.currency": "currency",
    "deadline": "deadline",
    "mains_voltage_v": "mains_voltage_v",
    "mains_current_a": "mains_current_a",
    "accept_unknown": "accept_unknown",
    "terrain": "terrain",
    "obstacles": "obstacles",
    "seed": "seed",
}
#: The fields under "Weather and certainty".
CERTAINTY = (
    "region",
    "sensors",
    "probability",
    "fused_probability",
    "rain_mm_h",
    "visibility_m",
    "added_noise_db",
    "trust",
    "trust_own",
)


class ProtectForm:
    """The page's form with its two tables: bound to what was sent, or filled from a requirement."""

    def __init__(self, data: QueryDict | None = None, *, requirement: Requirement | None = None) -> None:
        filled = {} if requirement is None else _filled(requirement)
        self.main = RequirementForm(data, initial=filled.get("main"))
        self.assumptions = AssumptionRows(data, initial=filled.get("assumptions"), prefix="assumptions")
        self.rates = RateRows(data, initial=filled.get("rates"), prefix="rates")

    def requirement(self) -> Requirement | None:
        """The requirement in the form; None when something does not fit, with the errors at their fields."""
        valid = [part.is_valid() for part in (self.main, self.assumptions, self.rates)]
        if not all(valid):
            return None
        try:
            return parse(Requirement, self._document(), file="form")
        except InputError as error:
            self.show(error)
            return None

    def show(self, error: InputError) -> None:
        """Puts each problem at the field it is about; what fits no field stands above the form."""
        for problem in error.problems:
            row = self._row_at(problem.place)
            if row is not None:
                row.add_error(_field_in(row, problem.place), _text(problem))
                continue
            field = _field_of(problem.place)
            self.main.add_error(field, _text(problem) if field else str(problem))

    @property
    def row_errors(self) -> bool:
        """Whether anything in the tables was refused."""
        return bool(self.assumptions.is_bound and (any(self.assumptions.errors) or any(self.rates.errors)))

    @property
    def has_errors(self) -> bool:
        """Whether anything was refused."""
        return bool(self.main.errors) or self.row_errors

    @property
    def certain(self) -> bool:
        """Whether anything is asked about weather and certainty, or was refused there."""
        given = {name: self.main[name].value() for name in CERTAINTY}
        plain = {None, "", "0", "1", 0, 1, "ring"}
        return any(value not in plain for value in given.values()) or bool(set(CERTAINTY) & set(self.main.errors))

    def _row_at(self, place: str) -> forms.Form | None:
        table, _, rest = place.partition(".")
        rows = {"assumptions": self.assumptions, "rates": self.rates}.get(table)
        number = rest.partition(".")[0]
        return _kept(rows)[int(number)] if rows is not None and number.isdecimal() else None

    def _document(self) -> dict[str, Any]:
        form = self.main.cleaned_data
        return {
            "id": slugify(form["title"])[:60].strip("-") or "site",
            "title": form["title"],
            "site": _site(form),
            "buyer": {
                "nation": form["nation"].upper(),
                "role": form["role"],
                "name": form["buyer_name"] or None,
                "covered_site": _three_way(form["covered_site"]),
                "certified": _three_way(form["certified"]),
            },
            "placement": _placement(form),
            "detection": {
                "threats": form["threats"],
                "heights_m": [part.strip() for part in form["heights_m"].split(",") if part.strip()],
                "warning_distance_m": form["warning_distance_m"],
                "share": form["share"] / 100,
                "kinds": form["kinds"],
                "region": form["region"] or "ring",
                "sensors": form["sensors"] or 1,
                "probability": _part(form["probability"]),
                "fused_probability": _part(form["fused_probability"]),
                "spacing_m": form["ring_spacing_m"],
            },
            "weather": {
                "rain_mm_h": form["rain_mm_h"] or 0.0,
                "visibility_m": form["visibility_m"],
                "added_noise_db": form["added_noise_db"] or 0.0,
            },
            "trust": _trust(form),
            "budget": {"amount": form["budget"], "currency": form["currency"].upper()},
            "deadline": form["deadline"],
            "mains": form["mains"],
            "mains_voltage_v": form["mains_voltage_v"],
            "mains_current_a": form["mains_current_a"],
            "assumptions": [_given(row.cleaned_data) for row in _kept(self.assumptions)],
            "rates": [_given(row.cleaned_data) for row in _kept(self.rates)],
            "accept_unknown": form["accept_unknown"],
            "terrain": form["terrain"],
            "obstacles": form["obstacles"],
            "synthetic": form["synthetic"],
            "seed": form["seed"],
        }


def _site(form: dict[str, Any]) -> dict[str, Any]:
    site: dict[str, Any] = {"name": form["site_name"], "nation": form["site_nation"].upper() or None}
    if form["place"] == "airport":
        site |= {"icao": form["icao"].upper() or None, "radius_m": form["radius_m"]}
    elif form["place"] == "circle":
        site["circle"] = {"centre": [form["longitude"], form["latitude"]], "radius_m": form["circle_radius_m"]}
    elif form["area"]:
        site["area"] = _at("site.area", documents.area_of, form["area"])
    return site


def _part(percent: float | None) -> float | None:
    return None if percent is None else round(percent / 100, 10)


def _trust(form: dict[str, Any]) -> Any:
    if form["trust"] == "pessimistic":
        return [entry.model_dump(mode="json") for entry in PESSIMISTIC]
    return _at("trust", documents.trust_of, form["trust_own"]) if form["trust"] == "own" else []


def _placement(form: dict[str, Any]) -> dict[str, Any]:
    placement = {key: form[key] for key in ("spacing_m", "mast_height_m", "positions_max")}
    if form["placement_area"]:
        placement["area"] = _at("placement.area", documents.area_of, form["placement_area"])
    if form["exclude"]:
        placement["exclude"] = _at("placement.exclude", documents.exclusions_of, form["exclude"])
    placement["points"] = _at("placement.points", documents.positions_of, form["points"])
    return placement


def _at(place: str, read: Any, text: str) -> Any:
    """What ``read`` makes of ``text``; its problems are given the place in the requirement."""
    try:
        return read(text, file="form")
    except InputError as error:
        moved = (
            problem.model_copy(update={"place": f"{place}.{problem.place}".rstrip(".")}) for problem in error.problems
        )
        raise InputError(tuple(moved)) from None


def _field_of(place: str) -> str | None:
    while place:
        if place in FIELD_OF_PLACE:
            return FIELD_OF_PLACE[place]
        place = place.rpartition(".")[0]
    return None


def _field_in(row: forms.Form, place: str) -> str | None:
    name = place.split(".")[2:3]
    return name[0] if name and name[0] in row.fields else None


def _text(problem: Problem) -> str:
    """The problem at its field; a whole table that was refused is not repeated there."""
    shown = problem.value and problem.value[0] not in "{[("
    return f"{problem.accepted} ({problem.value})" if shown else problem.accepted


def _three_way(choice: str) -> bool | None:
    return {"yes": True, "no": False}.get(choice)


def _given(row: dict[str, Any]) -> dict[str, Any]:
    upper = {key: str(row[key]).upper() for key in ("currency", "base", "quote") if row.get(key)}
    return {key: value for key, value in (row | upper).items() if key != "DELETE" and value not in ("", None)}


def _kept(rows: Any) -> list[forms.Form]:
    return [row for row in rows.forms if not row.cleaned_data.get("DELETE")]


def _filled(requirement: Requirement) -> dict[str, Any]:
    """The form's values for ``requirement``."""
    site, placement, detection, buyer = (
        requirement.site,
        requirement.placement,
        requirement.detection,
        requirement.buyer,
    )
    main = {
        "title": wording.said(requirement.title, requirement.title_ko),
        "site_name": wording.said(site.name, site.name_ko),
        "place": "airport" if site.icao else "circle" if site.circle else "area",
        "icao": site.icao,
        "radius_m": site.radius_m,
        "longitude": site.circle and site.circle.centre[0],
        "latitude": site.circle and site.circle.centre[1],
        "circle_radius_m": site.circle and site.circle.radius_m,
        "area": site.area and _pretty(site.area),
        "site_nation": site.nation,
        "placement_area": placement.area and _pretty(placement.area),
        "exclude": documents.exclusions_text(placement.exclude),
        "points": "\n".join(f"{lon:.10g}, {lat:.10g}" for lon, lat in placement.points),
        "spacing_m": placement.spacing_m,
        "mast_height_m": placement.mast_height_m,
        "positions_max": placement.positions_max,
        "threats": list(detection.threats),
        "heights_m": ", ".join(f"{height:g}" for height in detection.heights_m),
        "warning_distance_m": detection.warning_distance_m,
        "share": round(detection.share * 100, 6),
        "kinds": detection.kinds,
        "region": detection.region.value,
        "sensors": detection.sensors,
        "probability": _percent(detection.probability),
        "fused_probability": _percent(detection.fused_probability),
        "rain_mm_h": requirement.weather.rain_mm_h,
        "visibility_m": requirement.weather.visibility_m,
        "added_noise_db": requirement.weather.added_noise_db,
        "trust": "pessimistic" if requirement.trust == PESSIMISTIC else "own" if requirement.trust else "",
        "trust_own": "" if requirement.trust == PESSIMISTIC else documents.trust_text(requirement.trust),
        "ring_spacing_m": detection.spacing_m,
        "nation": buyer.nation,
        "role": buyer.role.value,
        "buyer_name": buyer.name,
        "covered_site": {True: "yes", False: "no", None: ""}[buyer.covered_site],
        "certified": {True: "yes", False: "no", None: ""}[buyer.certified],
        "budget": requirement.budget.amount,
        "currency": requirement.budget.currency,
        "deadline": requirement.deadline,
        "mains": requirement.mains,
        "mains_voltage_v": requirement.mains_voltage_v,
        "mains_current_a": requirement.mains_current_a,
        "accept_unknown": [question.value for question in requirement.accept_unknown],
        "terrain": list(requirement.terrain),
        "obstacles": list(requirement.obstacles),
        "synthetic": requirement.synthetic,
        "seed": requirement.seed,
    }
    return {
        "main": {name: _plain(value) for name, value in main.items()},
        "assumptions": [assumption.model_dump(mode="json") for assumption in requirement.assumptions],
        "rates": [rate.model_dump(mode="json") for rate in requirement.rates],
    }


def _percent(part: float | None) -> float | None:
    return None if part is None else round(part * 100, 6)


def _plain(value: Any) -> Any:
    """Numbers as people write them: 3000, not 3000.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _pretty(area: Area) -> str:
    return json.dumps(area.model_dump(mode="json"))
