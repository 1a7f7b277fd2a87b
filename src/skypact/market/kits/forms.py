"""The form of the page "Protect a site", and its way to and from a requirement."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.http import QueryDict
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from skypact.market.accounts.models import ROLE_NAMES
from skypact.market.catalogue.wording import CATEGORIES
from skypact.market.kits import documents, places, wording
from skypact.schema import Area, AssumptionKind, Category, InputError, Problem, Requirement, parse
from skypact.seed import threats

PLACES = [
    ("airport", _("An airport, by its code")),
    ("circle", _("A circle around a point")),
    ("area", _("An area drawn on the map or pasted")),
]
THREE_WAYS = [("", _("Not known")), ("yes", _("Yes")), ("no", _("No"))]

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
    "detection.spacing_m": "ring_spacing_m",
    "buyer.nation": "nation",
    "buyer.role": "role",
    "buyer.name": "buyer_name",
    "budget.amount": "budget",
    "budget.currency": "currency",
    "deadline": "deadline",
    "mains_voltage_v": "mains_voltage_v",
    "accept_unknown": "accept_unknown",
    "terrain": "terrain",
    "seed": "seed",
}


def _threats() -> list[tuple[str, str]]:
    return [(threat.id, wording.threat_name(threat.id)) for threat in threats()]


def _terrain_files() -> list[tuple[str, str]]:
    return [(name, name) for name in places.terrain_files()]


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


_CLASSES = (
    (forms.CheckboxSelectMultiple, "usa-checkbox__input"),
    (forms.CheckboxInput, "usa-checkbox__input"),
    (forms.RadioSelect, "usa-radio__input"),
    (forms.Select, "usa-select"),
    (forms.Textarea, "usa-textarea"),
    (forms.Widget, "usa-input"),
)


class StyledForm(forms.Form):
    """A form whose inputs carry the classes of the design system."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = next(name for kind, name in _CLASSES if isinstance(field.widget, kind))
            if isinstance(field.widget, forms.NumberInput):
                field.widget.attrs["step"] = "any"


#: What each way of naming the place needs.
_NEEDED = {
    "airport": ("icao", "radius_m"),
    "circle": ("latitude", "longitude", "circle_radius_m"),
    "area": ("area",),
}

_NOT_A_CODE = _("Give the code as letters, without spaces or digits.")


def _number(label: Any, *, least: float = 0, most: float, **more: Any) -> forms.FloatField:
    return forms.FloatField(label=label, min_value=least, max_value=most, **more)


def _code(label: Any, *, letters: int, **more: Any) -> forms.CharField:
    valid = RegexValidator(rf"^[A-Za-z]{{{letters}}}$", _NOT_A_CODE)
    return forms.CharField(label=label, validators=[valid], **more)


class RequirementForm(StyledForm):
    """What the site is, what must be noticed there, and within which limits."""

    title = forms.CharField(label=_("Title"), max_length=300)
    site_name = forms.CharField(label=_("Name of the site"), max_length=300)
    place = forms.ChoiceField(label=_("Where is it?"), choices=PLACES, widget=forms.RadioSelect, initial="airport")
    icao = forms.CharField(
        label=_("ICAO code of the airport"),
        widget=forms.TextInput(attrs={"list": "airports", "autocomplete": "off"}),
        help_text=_("Four letters, such as RKSI. A name finds it too."),
        required=False,
    )
    radius_m = _number(_("Radius (m)"), most=100_000, required=False, initial=2500)
    latitude = _number(_("Latitude (degrees)"), least=-85, most=85, required=False)
    longitude = _number(_("Longitude (degrees)"), least=-180, most=180, required=False)
    circle_radius_m = _number(_("Radius (m)"), most=100_000, required=False)
    area = forms.CharField(
        label=_("Area (GeoJSON)"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_("Drawing on the map fills this in; a Polygon, MultiPolygon or Feature may be pasted."),
    )
    site_nation = forms.CharField(
        label=_("Country of the site"),
        required=False,
        help_text=_("Two letters. Empty: the airport's, else the buyer's."),
    )

    placement_area = forms.CharField(
        label=_("Equipment may stand here (GeoJSON)"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("Empty: anywhere inside the site."),
    )
    exclude = forms.CharField(
        label=_("But not here (GeoJSON)"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("Runways, water, land of others."),
    )
    points = forms.CharField(
        label=_("Further positions"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("One a line: longitude, latitude. A click on the map adds one."),
    )
    spacing_m = _number(_("Distance between candidate positions (m)"), least=10, most=50_000, initial=500)
    mast_height_m = _number(_("Height of a sensor above ground (m)"), most=200, initial=6)
    positions_max = forms.IntegerField(label=_("Positions at most"), required=False, min_value=1, max_value=200)

    threats = forms.MultipleChoiceField(
        label=_("Which drones must be noticed?"), choices=_threats, widget=forms.CheckboxSelectMultiple
    )
    heights_m = forms.CharField(
        label=_("At which heights above ground? (m)"), initial="60, 120", help_text=_("Several with commas between.")
    )
    warning_distance_m = _number(
        _("Warning distance (m)"),
        most=50_000,
        initial=2000,
        help_text=_("How far outside the site's edge a drone must be noticed: the warning ring."),
    )
    share = _number(
        _("Share of the ring to cover (%)"),
        most=100,
        initial=90,
        help_text=_("For each class of drone at each height."),
    )
    kinds = forms.IntegerField(
        label=_("By how many different kinds of sensor?"),
        min_value=1,
        max_value=6,
        initial=1,
        help_text=_("Two kinds fail for different reasons: radar and passive radio, say."),
    )
    ring_spacing_m = _number(_("Distance between tested places on the ring (m)"), least=10, most=10_000, initial=250)

    nation = _code(_("Nation of the buyer"), letters=2, help_text=_("Two letters, such as KR or US."))
    role = forms.ChoiceField(label=_("Role"), choices=[(role.value, name) for role, name in ROLE_NAMES.items()])
    buyer_name = forms.CharField(label=_("Name of the buyer"), required=False, max_length=300)
    covered_site = forms.ChoiceField(
        label=_("Does law name this place a covered site?"),
        choices=THREE_WAYS,
        required=False,
        help_text=_("Authority to use some equipment hangs on it. Not known stays unknown in the answer."),
    )
    certified = forms.ChoiceField(
        label=_("Do the operators hold the certificate their law asks for?"), choices=THREE_WAYS, required=False
    )
    budget = forms.DecimalField(label=_("Budget"), max_digits=18, decimal_places=4, min_value=0)
    currency = _code(_("Currency"), letters=3, initial="USD", help_text=_("ISO 4217, such as USD, KRW, EUR."))
    deadline = forms.DateField(
        label=_("Complete by"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    mains = forms.BooleanField(label=_("Mains power at every position"), required=False, initial=True)
    mains_voltage_v = _number(_("Mains voltage (V)"), most=1000, initial=230)
    accept_unknown = forms.MultipleChoiceField(
        label=_("Where may the answer stay unknown?"),
        choices=[(question.value, wording.QUESTION_NAMES[question]) for question in wording.ACCEPTING_UNKNOWN],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    terrain = forms.MultipleChoiceField(
        label=_("Elevation models"),
        choices=_terrain_files,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: the built-in relief where it lies, else a generated one, marked synthetic."),
    )
    synthetic = forms.BooleanField(
        label=_("Generated (SYN-) products may take part: for exercises, never for buying"), required=False
    )
    seed = forms.IntegerField(label=_("Seed"), initial=1, help_text=_("The same seed gives the same answer."))

    def clean(self) -> dict[str, Any]:
        """Asks for what the chosen way of naming the place needs."""
        cleaned = super().clean() or self.cleaned_data
        for name in _NEEDED.get(cleaned.get("place", ""), ()):
            if cleaned.get(name) in (None, "") and name not in self.errors:
                self.add_error(name, self.fields[name].error_messages["required"])
        return cleaned


#: A kit holds what detects, connects and feeds.
_IN_KITS = [category for category in Category if category.family not in ("defeat", "aircraft")]


class AssumptionRow(StyledForm):
    """One planning figure."""

    kind = forms.ChoiceField(
        label=_("What"), choices=[(kind.value, name) for kind, name in wording.ASSUMPTION_NAMES.items()]
    )
    category = forms.ChoiceField(
        label=_("For every"),
        required=False,
        choices=[("", "—"), *((category.value, name) for category, name in CATEGORIES.items() if category in _IN_KITS)],
    )
    listing = forms.CharField(label=_("or for product"), required=False)
    threat = forms.ChoiceField(label=_("Against"), required=False, choices=lambda: [("", "—"), *_threats()])
    value = forms.DecimalField(label=_("Figure"))
    currency = forms.CharField(label=_("Currency"), required=False)
    basis = forms.CharField(label=_("Why this figure"))

    def clean(self) -> dict[str, Any]:
        """Asks for a price's currency."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") == AssumptionKind.PRICE and not cleaned.get("currency"):
            self.add_error("currency", self.fields["currency"].error_messages["required"])
        return cleaned


class RateRow(StyledForm):
    """One dated exchange rate."""

    base = forms.CharField(label=_("One"))
    quote = forms.CharField(label=_("buys, in"))
    value = forms.DecimalField(label=_("Rate"))
    date = forms.DateField(label=_("On"), widget=_day())
    source = forms.CharField(label=_("Source"))


AssumptionRows = forms.formset_factory(AssumptionRow, extra=0, can_delete=True, max_num=200)
RateRows = forms.formset_factory(RateRow, extra=0, can_delete=True, max_num=20)


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
                "spacing_m": form["ring_spacing_m"],
            },
            "budget": {"amount": form["budget"], "currency": form["currency"].upper()},
            "deadline": form["deadline"],
            "mains": form["mains"],
            "mains_voltage_v": form["mains_voltage_v"],
            "assumptions": [_given(row.cleaned_data) for row in _kept(self.assumptions)],
            "rates": [_given(row.cleaned_data) for row in _kept(self.rates)],
            "accept_unknown": form["accept_unknown"],
            "terrain": form["terrain"],
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
        "points": "\n".join(f"{lon:g}, {lat:g}" for lon, lat in placement.points),
        "spacing_m": placement.spacing_m,
        "mast_height_m": placement.mast_height_m,
        "positions_max": placement.positions_max,
        "threats": list(detection.threats),
        "heights_m": ", ".join(f"{height:g}" for height in detection.heights_m),
        "warning_distance_m": detection.warning_distance_m,
        "share": round(detection.share * 100, 6),
        "kinds": detection.kinds,
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
        "accept_unknown": [question.value for question in requirement.accept_unknown],
        "terrain": list(requirement.terrain),
        "synthetic": requirement.synthetic,
        "seed": requirement.seed,
    }
    return {
        "main": {name: _plain(value) for name, value in main.items()},
        "assumptions": [assumption.model_dump(mode="json") for assumption in requirement.assumptions],
        "rates": [rate.model_dump(mode="json") for rate in requirement.rates],
    }


def _plain(value: Any) -> Any:
    """Numbers as people write them: 3000, not 3000.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _pretty(area: Area) -> str:
    return json.dumps(area.model_dump(mode="json"))
