"""Every address that the releasability matrix asks, and those that have tests of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver
from tests.market.worlds import (
    HIDDEN_SLUGS,
    HIDDEN_STANDARD,
    HIDDEN_WORD,
    VISIBLE_SLUGS,
)

from skypact.exchange.catalogue import Format
from skypact.market.catalogue import selectors
from skypact.market.catalogue.facts import FACETS, NUMBERS

WORDS = (
    "",
    "radar",
    "radars",
    "thing",
    HIDDEN_WORD,
    HIDDEN_WORD[:4],
    HIDDEN_WORD.replace("b", "p"),
    HIDDEN_WORD[:-1] + "d",
    HIDDEN_STANDARD,
    "open-radar-secret",
    "9 km",
    "5A1",
    "radar 5 kg",
)


#: Facet → values that listings have in one of the worlds; others are asked for values of their kind.
VALUES = {
    "family": ("sensor", "radio"),
    "category": ("sensor.radar", "sensor.camera", "radio"),
    "nation": ("KR", "NO"),
    "vendor": ("acme", "borealis"),
    "sensor_kind": ("radar", "camera"),
    "interface": ("SAPIENT", HIDDEN_STANDARD),
    "grade": ("stated", "documented"),
    "currency": ("EUR",),
    "document": ("test_report",),
    "component_origin": ("PL",),
    "declaration": ("EAR",),
}


def searches() -> list[str]:
    """Queries of a search: each order, values of each facet, bounds of each number, words."""
    asked: list[dict[str, Any]] = [{"q": word} for word in WORDS]
    asked += [{"sort": order} for order in (*selectors.SORTS, "")]
    asked += [{name: value} for name in FACETS for value in VALUES.get(name, ("yes", f"{HIDDEN_WORD} 1"))]
    asked += [{f"{name}_{end}": "5.5"} for name in NUMBERS for end in ("min", "max")]
    asked += [{"q": "radar", "grade": "documented"}, {"family": ["sensor", "radio"], "sort": "name"}, {"page": 2}]
    return ["?" + urlencode(query, doseq=True) for query in asked]


SLUGS = (*VISIBLE_SLUGS, *HIDDEN_SLUGS)
PAIRS = (
    "?id=open-radar&id=open-mast",
    f"?id=open-radar&id={HIDDEN_SLUGS[0]}",
    "?" + urlencode({"id": VISIBLE_SLUGS}, doseq=True),
)
#: Numbers of ratings: the visible one of both worlds, and none. They are drawn, so that others cannot be guessed.
RATINGS = (602, 99)
FITS = (("open-battery", "open-aircraft"), (HIDDEN_SLUGS[0], "open-aircraft"), ("open-battery", HIDDEN_SLUGS[1]))
SETS = (
    "listing=open-radar&quantity=1",
    "listing=open-radar&quantity=1&listing=open-node&quantity=1&owned=open-node",
    f"listing=open-radar&quantity=1&listing={HIDDEN_SLUGS[1]}&quantity=1",
)
WORD_SETS = (
    "listing=open-radar",
    f"listing=open-radar&listing={HIDDEN_SLUGS[0]}",
    "listing=open-radar&accept=0&common=1",
)
PICTURES = [UUID(int=number) for number in (1, 2)]
SESSIONS = [UUID(int=number) for number in (11, 12)]
PICTURED_KIT = "harbour-kit"
ENDINGS = [str(ending) for ending in Format]
NUMBER = "7" * 6

SUBMISSION_ACTS = ("", "/lines", "/submit", "/withdraw", "/note", "/compare", "/approve", "/return")

#: Addresses whose answer follows from nothing that carries a label, and why.
APART = {
    "": "says what skypact does",
    "healthz": "says that the site works",
    "language/setlang/": "changes the reader's language",
    "api/v1/": "there is nothing at it",
    "api/v1/docs": "shows the contract",
    "api/v1/openapi.json": "is the contract",
    "catalogue/import/": "is for staff, who read all",
    "catalogue/items/<slug:slug>/edit/": "is for staff, who read all",
    "api/v1/catalogue/import": "is for staff, who read all",
    "kits/protect/": "asks for a site",
    "kits/protect/load/": "fills the form from an example",
    "kits/airports/": "lists airports",
    "kits/jobs/<uuid:job_id>/": "a search for a kit sees what its owner sees (selectors.catalogue, tested below)",
    "kits/jobs/<uuid:job_id>/stop/": "acts on one's own search",
    "kits/<slug:kit_id>/kit.json": "a kit is made from what its owner sees",
    "kits/<slug:kit_id>/kit.geojson": "a kit is made from what its owner sees",
    "kits/<slug:kit_id>/bill.csv": "a kit is made from what its owner sees",
    "kits/<slug:kit_id>/pictures/<str:name>": "a kit is made from what its owner sees",
    **dict.fromkeys(
        (
            *(
                f"kits/<slug:kit_id>/coverage/{rest}"
                for rest in ("", "changed/", "profile/", "profile.csv", "picture.png")
            ),
            *(f"kits/<slug:kit_id>/coverage/{rest}" for rest in ("lowest.tif", "positions.geojson")),
            "kits/<slug:kit_id>/coverage/blind-areas.geojson",
            "kits/<slug:kit_id>/coverage/tiles/<str:layer>/<int:zoom>/<int:x>/<int:y>.png",
            *(f"api/v1/kits/<kit_id>/coverage/{rest}" for rest in ("what-if", "profile", "requirement", "blind-areas")),
        ),
        "is worked out from the kit and its relief alone (who may see the kit: tests/market/coverage)",
    ),
    **dict.fromkeys(
        (
            *(f"kits/<slug:kit_id>/{rest}" for rest in ("report/", "report/page.css", "report.pdf")),
            "api/v1/kits/<kit_id>/report",
        ),
        "a report is on a kit, whose owner's eyes its label goes by",
    ),
    **dict.fromkeys(
        (
            "kits/compare/counted/",
            "kits/compare/areas.geojson",
            "kits/compare/pictures/<str:name>",
            "api/v1/kits/compare",
        ),
        "compares two kits that the reader may see",
    ),
    "api/v1/kits/jobs/<job_id>": "a search for a kit sees what its owner sees",
    "api/v1/kits/jobs/<job_id>/stop": "acts on one's own search",
    "api/v1/kits/<kit_id>": "a kit is made from what its owner sees",
    "searches/save/": "keeps the reader's own words",
    "searches/<int:search_id>/": "leads to a search",
    "searches/<int:search_id>/rename/": "changes the reader's own words",
    "searches/<int:search_id>/remove/": "forgets the reader's own words",
    "api/v1/searches/<search_id>": "forgets the reader's own words",
    "suppliers/upload/": "takes the vendor's own file",
    "suppliers/withdrawal/": "asks to withdraw the vendor's own listing",
    "suppliers/submissions/<int:pk>/": "shows the vendor's own file",
    "suppliers/submissions/<int:pk>/act/": "acts on the vendor's own file",
    "suppliers/submissions/<int:pk>/upload/": "takes the vendor's own file",
    "suppliers/submissions/<int:pk>/files/<int:upload_pk>/": "is the vendor's own file",
    **dict.fromkeys(
        (f"api/v1/submissions{rest}" for rest in ("", *(f"/<number>{act}" for act in SUBMISSION_ACTS), "/withdrawals")),
        "takes and shows the vendor's own files",
    ),
    "api/v1/batteries/standardise": "computes for a fleet that is sent what batteries/ does for all aircraft",
    "api/v1/batteries/fleet": "reads the fleet that is sent; unlisted ids are refused as batteries/standardise does",
    "api/v1/batteries/fleet/<format>": "writes the fleet that is sent, with names that batteries/ shows",
    "api/v1/batteries/fleet/template": "is the same file for everybody",
    "batteries/template/<slug:form>/": "is the same file for everybody",
    "api/v1/kits/<kit_id>/spares": "a kit is made from what its owner sees",
    "api/v1/ratings": "takes the unit's own words",
    "api/v1/ratings/<int:rating>/reply": "takes the vendor's own words",
    "api/v1/ratings/<int:rating>/useful": "takes the reader's own opinion",
    "ratings/acceptances/<int:acceptance>/rate/": "takes the unit's own words",
    "ratings/<int:rating>/edit/": "takes the unit's own words",
    "ratings/<int:rating>/reply/": "takes the vendor's own words",
    "ratings/<int:rating>/useful/": "takes the reader's own opinion",
    "prices/currency/": "changes the reader's currency",
    "documents/<slug:slug>/attach/": "takes a file of the vendor's own listing",
    "lab/keys/": "is for staff, who read all",
    "lab/results/<slug:slug>/attach/": "takes a result of the vendor's own listing",
    "lab/results/<slug:slug>/firmware/": "takes the vendor's own words",
    "lab/results/<slug:slug>/<sha256:sha256>/withdraw/": "changes the vendor's own listing",
    "lab/samples/<str:standard>/<str:name>": "is made here and of no product",
    "api/v1/lab/check": "tests a recording that is sent, and keeps nothing",
    "documents/<slug:slug>/<sha256:sha256>/remove/": "changes the vendor's own listing",
    "pictures/sample/": "shows a scene made up here",
    "pictures/sample/<slug:fault>/": "shows a scene made up here",
    **dict.fromkeys(
        (f"pictures/<uuid:key>/{act}/" for act in ("attach", "release", "remove")), "changes the reader's own picture"
    ),
    "pictures/kits/<slug:kit_id>/<sha256:sha256>/withdraw/": "changes the reader's own kit",
    "pictures/live/<uuid:key>/end/": "is for staff, who read all",
    "api/v1/pictures/<key>/attach": "changes the reader's own kit",
}


def cases(turn: int = 0, share: int = 1) -> dict[str, list[str]]:
    """Address pattern → requests (GET) that must be answered alike.

    Questions are shared out among the readers: each asks one in ``share``, beginning with another one.
    """
    asked = searches()[turn % share :: share]
    hashes = [f"{number:064x}" for number in range(3)]
    return {
        "catalogue/": asked[turn % 2 :: 2],
        "catalogue/compare/": list(PAIRS),
        "catalogue/compare/csv/": list(PAIRS),
        "catalogue/export/bundle": [""],
        "catalogue/export/<str:ending>": [
            f"catalogue/export/{ending}{query}" for ending in ENDINGS for query in ("", "?q=radar")
        ],
        "catalogue/items/<slug:slug>/": [f"catalogue/items/{slug}/" for slug in SLUGS],
        "catalogue/vendors/<slug:slug>/": ["catalogue/vendors/acme/", "catalogue/vendors/borealis/"],
        "kits/": [""],
        "kits/<slug:kit_id>/": [f"kits/{PICTURED_KIT}/"],
        "kits/compare/": [""],
        "searches/": [""],
        "suppliers/": [""],
        "suppliers/template.csv": [""],
        "suppliers/queue/": [""],
        "suppliers/submissions/": [""],
        "documents/<slug:slug>/": [f"documents/{slug}/" for slug in SLUGS],
        "documents/<slug:slug>/<sha256:sha256>": [f"documents/open-radar/{found}" for found in hashes],
        "api/v1/catalogue/changes": ["", "?limit=2", "?limit=1000"],
        "api/v1/catalogue/listings": [*asked, "?page_size=1&page=3"],
        "api/v1/catalogue/facets": asked[turn % 4 :: 4],
        "api/v1/catalogue/listings/<slug>": [f"api/v1/catalogue/listings/{slug}" for slug in SLUGS],
        "api/v1/catalogue/listings/<slug>/history": [f"api/v1/catalogue/listings/{slug}/history" for slug in SLUGS],
        "api/v1/catalogue/vendors/<slug>": ["api/v1/catalogue/vendors/acme", "api/v1/catalogue/vendors/borealis"],
        "api/v1/catalogue/compare": list(PAIRS),
        "api/v1/catalogue/export": [f"?format={ending}" for ending in ENDINGS] + ["?q=radar"],
        "api/v1/catalogue/export/bundle": [""],
        "api/v1/documents/<slug>": [f"api/v1/documents/{slug}" for slug in SLUGS],
        "api/v1/documents/<slug>/<sha256>": [f"api/v1/documents/open-radar/{found}" for found in hashes],
        "api/v1/catalogue/listings/<slug>/prices": [f"api/v1/catalogue/listings/{slug}/prices" for slug in SLUGS],
        "api/v1/ratings/listings/<slug>": [f"api/v1/ratings/listings/{slug}" for slug in SLUGS],
        "api/v1/ratings/acceptances": [""],
        "api/v1/ratings/<int:rating>": [f"api/v1/ratings/{number}" for number in RATINGS],
        "api/v1/ratings/<int:rating>/history": [f"api/v1/ratings/{number}/history" for number in RATINGS],
        "ratings/<int:rating>/history/": [f"ratings/{number}/history/" for number in RATINGS],
        "ratings/acceptances/": [""],
        "batteries/": ["", "?k=1", "?as=csv", "?as=json", "?as=fleet-csv"],
        # no kit was composed from either world: tests/market/catalogue/test_states.py has those that were
        "catalogue/states/<slug:name>/": ["catalogue/states/0123456789abcdef/"],
        "catalogue/states/<slug:name>/export/<str:ending>": ["catalogue/states/0123456789abcdef/export/csv"],
        "api/v1/catalogue/states/<name>": ["api/v1/catalogue/states/0123456789abcdef"],
        "api/v1/catalogue/states/<name>/export": ["api/v1/catalogue/states/0123456789abcdef/export"],
        "batteries/same/": [""],
        "api/v1/batteries/same": [""],
        "batteries/fit/": [f"?pack={pack}&aircraft={craft}" for pack, craft in FITS],
        "batteries/packs/<slug:slug>/": [f"batteries/packs/{slug}/" for slug in SLUGS],
        "api/v1/batteries/fit": [f"?pack={pack}&aircraft={craft}" for pack, craft in FITS],
        "api/v1/batteries/substitutes": [f"?pack={pack}" for pack, _ in FITS],
        "interop/": [f"?{query}" for query in ("", *SETS, "q=radar", f"q={HIDDEN_WORD}", f"q={HIDDEN_STANDARD}")],
        "interop/with/<slug:slug>/": [f"interop/with/{slug}/" for slug in SLUGS],
        "api/v1/interop/check": [f"?{query}" for query in ("listing=open-radar&listing=open-node:2", *WORD_SETS)],
        "api/v1/interop/complete": [f"?{query}" for query in WORD_SETS],
        "api/v1/interop/with/<slug>": [f"api/v1/interop/with/{slug}" for slug in SLUGS],
        "lab/": [""],
        "lab/results/<slug:slug>/": [f"lab/results/{slug}/" for slug in SLUGS],
        "lab/results/<slug:slug>/<sha256:sha256>/": [f"lab/results/open-radar/{found}/" for found in hashes],
        "lab/due/": [""],
        "lab/tested/": ["", "?standard=sapient"],
        **{
            f"lab/badges/<slug:slug>/<str:standard>.{ending}": [
                f"lab/badges/{slug}/{name}.{ending}" for slug in SLUGS for name in ("sapient", "klv")
            ]
            for ending in ("svg", "json")
        },
        "api/v1/lab": [""],
        "api/v1/lab/due": [""],
        "api/v1/lab/ports/<slug>": [f"api/v1/lab/ports/{slug}" for slug in SLUGS],
        "api/v1/lab/results/<slug>": [f"api/v1/lab/results/{slug}" for slug in SLUGS],
        "api/v1/lab/results/<slug>/<sha256>": [f"api/v1/lab/results/open-radar/{found}" for found in hashes],
        "pictures/": [""],
        "pictures/live/": [""],
        "pictures/<uuid:key>/": [f"pictures/{one}/" for one in PICTURES],
        "pictures/<uuid:key>/<slug:kind>": [f"pictures/{one}/geojson" for one in PICTURES],
        "pictures/live/<uuid:key>/": [f"pictures/live/{one}/" for one in SESSIONS],
        "pictures/live/<uuid:key>/state.json": [f"pictures/live/{one}/state.json" for one in SESSIONS],
        "pictures/kits/<slug:kit_id>/": [f"pictures/kits/{PICTURED_KIT}/"],
        "pictures/kits/<slug:kit_id>/<sha256:sha256>/": [f"pictures/kits/{PICTURED_KIT}/{found}/" for found in hashes],
        "prices/audit/": [""],
        "prices/audit.csv": [""],
        "prices/rates/": [""],
        "api/v1/pictures": ["", "?page=2"],
        "api/v1/pictures/<key>": [f"api/v1/pictures/{one}" for one in PICTURES],
        "api/v1/pictures/<key>/report": [f"api/v1/pictures/{one}/report" for one in PICTURES],
        "api/v1/pictures/<key>/statement": [f"api/v1/pictures/{one}/statement" for one in PICTURES],
        "api/v1/pictures/live": [""],
        "api/v1/pictures/live/<key>": [f"api/v1/pictures/live/{one}" for one in SESSIONS],
        "api/v1/pictures/live/<key>/state": [f"api/v1/pictures/live/{one}/state" for one in SESSIONS],
        "api/v1/pictures/kits/<kit_id>": [f"api/v1/pictures/kits/{PICTURED_KIT}"],
        "api/v1/pictures/kits/<kit_id>/<sha256>": [f"api/v1/pictures/kits/{PICTURED_KIT}/{one}" for one in hashes],
        "api/v1/prices/audit": [""],
        "api/v1/prices/rates": [""],
        "api/v1/kits": [""],
        "api/v1/searches": [""],
    }


def requests(turn: int, share: int) -> list[str]:
    """All requests of one reader."""
    return [
        "/" + (asked if asked and not asked.startswith("?") else pattern + asked)
        for pattern, given in cases(turn, share).items()
        for asked in given
    ]


def addresses(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """Every address pattern of the site, save those of the package that signs people in."""
    for entry in (resolver or get_resolver()).url_patterns:
        pattern = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield pattern
        elif pattern != "accounts/":
            yield from addresses(entry, pattern)
