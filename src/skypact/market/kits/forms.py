"""The fields of the page "Protect a site"."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from skypact.market.accounts.models import ROLE_NAMES
from skypact.market.catalogue.wording import CATEGORIES
from skypact.market.kits import places, wording
from skypact.schema import AssumptionKind, Category, Region
from skypact.seed import threats

PLACES = [
    ("airport", _("An airport, by its code")),
    ("circle", _("A circle around a point")),
    ("area", _("An area drawn on the map or pasted")),
]
REGIONS = [
    (Region.RING.value, _("The warning ring: nobody comes in unnoticed")),
    (Region.AREA.value, _("The whole area inside the ring: nobody moves in it unnoticed")),
]
TRUST = [
    ("", _("As far as it is stated")),
    (
        "pessimistic",
        _("Pessimistic: less, the weaker the evidence (70, 80 and 95 per cent of ranges stated, documented, tested)"),
    ),
    ("own", _("By figures of your own")),
]
THREE_WAYS = [("", _("Not known")), ("yes", _("Yes")), ("no", _("No"))]


def _threats() -> list[tuple[str, str]]:
    return [(threat.id, wording.threat_name(threat.id)) for threat in threats()]


def _terrain_files() -> list[tuple[str, str]]:
    return [(name, name) for name in places.terrain_files()]


def _obstacle_files() -> list[tuple[str, str]]:
    return [(name, name) for name in places.obstacle_files()]


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

    region = forms.ChoiceField(
        label=_("What must be covered?"), choices=REGIONS, required=False, initial=Region.RING.value
    )
    sensors = forms.IntegerField(
        label=_("By how many sensors?"),
        min_value=1,
        max_value=10,
        required=False,
        initial=1,
        help_text=_("Two, and one may fail. Units are counted, whatever their kinds."),
    )
    probability = _number(
        _("Probability that one look of a sensor detects, at least (%)"),
        most=99.9,
        required=False,
        help_text=_(
            "Empty: a sensor sees as far as its range is stated. Otherwise only as far as the physics of its kind "
            "gives this probability in the weather below. Receivers and microphones reach 90 % at most, cameras 50 % "
            "at the end of their range."
        ),
    )
    fused_probability = _number(
        _("Probability that at least one sensor detects, at least (%)"),
        most=99.9999,
        required=False,
        help_text=_("Of all that see a place, one look each, taken as independent."),
    )
    rain_mm_h = _number(
        _("Rain (mm/h)"),
        most=300,
        required=False,
        initial=0,
        help_text=_("5 is moderate, 25 heavy. Weather counts with a probability only."),
    )
    visibility_m = _number(
        _("Visibility (m)"),
        most=200_000,
        required=False,
        help_text=_("Ends what cameras see. Empty: not limited, but in rain unknown."),
    )
    added_noise_db = _number(
        _("Noise above that of the maker's test (dB)"),
        most=80,
        required=False,
        initial=0,
        help_text=_("Shortens what microphones hear."),
    )
    trust = forms.ChoiceField(
        label=_("How far is a range to be trusted?"),
        choices=TRUST,
        required=False,
        help_text=_("A planning assumption of this requirement; every shortened range says so."),
    )
    trust_own = forms.CharField(
        label=_("Figures of your own"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_(
            "One a line: grade (stated, documented, tested or fielded), per cent, and why. Example: stated 60 no test "
            "seen"
        ),
    )

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
    mains_current_a = _number(_("Current of one mains circuit (A)"), most=1000, initial=16)
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
        help_text=_(
            "None: those that reach the site, else the built-in relief where it lies, else a generated one, marked "
            "synthetic."
        ),
    )
    obstacles = forms.MultipleChoiceField(
        label=_("Buildings with heights"),
        choices=_obstacle_files,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "GeoJSON files (.geojson) that the operator of this site puts beside its elevation models: in the folder "
            "terrain of skypact's home, or where SKYPACT_TERRAIN says. None: no buildings are added to the relief."
        ),
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
        self._agree(cleaned)
        return cleaned

    def _agree(self, cleaned: dict[str, Any]) -> None:
        """Refuses what contradicts itself."""
        single, fused = cleaned.get("probability"), cleaned.get("fused_probability")
        if single is not None and fused is not None and fused <= single:
            self.add_error(
                "fused_probability", _("Must be above the probability of one look, which each sensor reaches.")
            )
        weather = any(cleaned.get(name) for name in ("rain_mm_h", "visibility_m", "added_noise_db"))
        if weather and single is None and fused is None and not {"probability", "fused_probability"} & set(self.errors):
            self.add_error("probability", _("Weather counts with a probability only: give this one or the next."))
        if cleaned.get("trust") == "own" and not cleaned.get("trust_own"):
            self.add_error("trust_own", self.fields["trust_own"].error_messages["required"])


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
