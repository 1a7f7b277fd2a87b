"""Full-text search: the same answers on both databases, in English and Korean."""

import pytest
from tests.market.catalogue.samples import listing, stock, vendor

from skypact.market.catalogue import search
from skypact.market.catalogue.models import Listing

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Radar", ["radar"]),
        ("batteries", ["battery"]),
        ("glass", ["glass"]),
        ("Rés-eau", ["res", "eau", "reseau"]),
        ("레이더", ["레이", "이더"]),
        ("드론 망", ["드론", "망"]),
        ("RPS-42", ["rps", "42", "rps42"]),
        ("RPS42", ["rps42", "rps", "42"]),
        ("EchoGuard", ["echoguard", "echo", "guard"]),
        ("5840-12-345-6789", ["5840", "12", "345", "6789", "5840123456789"]),
        ("DJI드론", ["dji", "드론"]),
        ("!?", []),
    ],
)
def test_tokens(text: str, tokens: list[str]) -> None:
    assert search.tokens(text) == tokens


def found(text: str) -> list[str]:
    query = search.query_of(text)
    assert query is not None
    return [row.slug for row in search.matching(Listing.objects.all(), query).order_by("relevance", "slug")]


@pytest.fixture
def stocked() -> None:
    stock(
        vendor(),
        vendor("hanwha", name="Hanwha Systems", name_ko="한화시스템"),
        listing("acme-rps-42", name="RPS-42", name_ko="탐지 레이더", summary="Radar for small drones."),
        listing("acme-echo", name="EchoGuard", summary="Compact sensor.", nsn="5840-12-345-6789"),
        listing("acme-camera", name="Eye", name_ko="열상 카메라", summary="Camera, no radar.", part_number="AB-100/2"),
        listing("hanwha-net", name="Net", vendor="hanwha", summary="Catches."),
    )


@pytest.mark.usefixtures("stocked")
@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("radar", ["acme-camera", "acme-rps-42"]),
        ("RADARS", ["acme-camera", "acme-rps-42"]),
        ("rad", ["acme-camera", "acme-rps-42"]),
        ("레이더", ["acme-rps-42"]),
        ("레이", ["acme-rps-42"]),
        ("이더", ["acme-rps-42"]),
        ("탐지", ["acme-rps-42"]),
        ("카", ["acme-camera"]),
        ("시스", ["hanwha-net"]),
        ("hanwha", ["hanwha-net"]),
        ("guard", ["acme-echo"]),
        ("rps42", ["acme-rps-42"]),
        ("RPS-42", ["acme-rps-42"]),
        ("rps 42", ["acme-rps-42"]),
        ("ab1002", ["acme-camera"]),
        ("5840123456789", ["acme-echo"]),
        ("5840-12-345-6789", ["acme-echo"]),
        ("radar camera", ["acme-camera"]),
        ("radar battery", []),
        ("이터", []),
        ("' OR 1=1 --", []),
        ('"radar" NOT camera*', []),
    ],
)
def test_finds(text: str, slugs: list[str]) -> None:
    assert sorted(found(text)) == slugs


@pytest.mark.usefixtures("stocked")
def test_name_outweighs_description() -> None:
    stock(listing("acme-plain", name="Plain", summary="An echo of things."))
    assert found("echo") == ["acme-echo", "acme-plain"]


def test_text_without_a_word_is_no_query() -> None:
    assert search.query_of(" -- !? ") is None
