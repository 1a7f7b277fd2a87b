"""Pages and interface: what each shows, to whom, and that a refusal changes nothing."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.market.catalogue.samples import listing, stock, vendor
from tests.market.prices.samples import breaks, offer

from skypact.market.accounts.models import User
from skypact.market.core.models import Event
from skypact.market.prices.models import Rate

pytestmark = pytest.mark.django_db

PAGE = "/catalogue/items/acme-mast/"


def signed_in(*, staff: bool = False, nation: str = "") -> Client:
    client = Client()
    client.force_login(User.objects.create(username=f"person{User.objects.count()}", is_staff=staff, nation=nation))
    return client


def text(path: str, client: Client | None = None, status: int = 200, **more: object) -> str:
    response = (client or Client()).get(path, **more)  # type: ignore[arg-type]
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def risen(release: str = "PUBLIC") -> None:
    steps = breaks((10, "90"))
    stock(vendor(), vendor("beta"), listing(offers=[offer("100", quantity_breaks=steps, stock=5, release=release)]))
    stock(vendor(), vendor("beta"), listing(offers=[offer("125.50", release=release), offer("7", "beta", "USD")]))


def rates(day: date | None = None) -> bytes:
    return f"Date,USD,KRW,\n{day or timezone.localdate()},1.25,1500.5,\n".encode()


def take_rates(day: date | None = None) -> None:
    file = io.BytesIO(rates(day))
    file.name = "eurofxref-hist.csv"
    assert signed_in(staff=True).post("/prices/rates/", {"file": file}).status_code == 302


class TestListingPage:
    def test_says_when_no_price_was_ever_stated(self) -> None:
        stock(listing())
        page = text(PAGE)
        assert "No price was ever stated." in page
        assert "<svg viewBox" not in page
        assert 'id="price-currency"' not in page

    def test_shows_history_chart_and_flags(self) -> None:
        risen()
        page = text(PAGE)
        assert "<strong>Price rise</strong> · acme" in page
        assert "to 125.50 EUR: +39.44 % (from 10 units on)" in page
        assert "<strong>Offer added later</strong> · beta" in page
        assert page.count('<svg viewBox="0 0 480 120" role="img"') == 3
        assert "Unit price in EUR Euro from" in page
        assert "Lowest 100 EUR, highest 125.50 EUR. acme 1: 125.50 EUR. The table below has every value." in page
        assert "Lowest 5, highest 5. acme 1: 5." in page
        assert "100 EUR<br>from 10: 90 EUR" in page

    def test_shows_nothing_of_it_to_who_may_not_read_the_prices(self) -> None:
        risen(release="REL KR")
        page = text(PAGE)
        assert "Price rise" not in page
        assert "125.50" not in page
        assert "Price rise" in text(PAGE, signed_in(nation="KR"))
        assert "Price rise" not in text(PAGE, signed_in(nation="US"))

    def test_in_korean(self) -> None:
        risen()
        page = text(PAGE, headers={"accept-language": "ko"})
        assert "가격 변동 기록" in page
        assert "가격 인상" in page

    def test_takes_the_same_statements_whatever_happened(self) -> None:
        stock(listing())
        with CaptureQueriesContext(connection) as few:
            text(PAGE)
        risen()
        take_rates()
        with CaptureQueriesContext(connection) as many:
            text(PAGE)
        assert len(many) == len(few)


class TestCurrency:
    def test_is_chosen_and_shown_with_rate_day_and_source(self) -> None:
        risen()
        take_rates()
        client = Client()
        assert "≈" not in text(PAGE, client)
        chosen = client.post("/prices/currency/", {"currency": "KRW", "next": f"{PAGE}#prices"})
        assert (chosen.status_code, chosen["Location"]) == (302, f"{PAGE}#prices")
        today = timezone.localdate()
        page = text(PAGE, client)
        assert "125.50 EUR" in page
        assert "≈ 188,313 KRW" in page
        assert f"(1 EUR = 1500.5 KRW; {today}, European Central Bank, eurofxref-hist.csv)" in page
        assert "≈ 8,403 KRW" in page
        assert f"(1 EUR = 1.25 USD = 1500.5 KRW; {today}" in page
        client.post("/prices/currency/", {"currency": "", "next": PAGE})
        assert "≈" not in text(PAGE, client)

    def test_a_rate_that_is_too_old_is_none(self) -> None:
        risen()
        take_rates(timezone.localdate() - timedelta(days=8))
        client = Client()
        client.cookies["currency"] = "KRW"
        page = text(PAGE, client)
        assert "in KRW: no rate of that day" in page
        assert "No exchange rates of the last days are here." in page

    @pytest.mark.parametrize("cookie", ["krw", "K<W", "KRWX", "", "ÄÖÜ"])
    def test_a_strange_cookie_is_no_choice(self, cookie: str) -> None:
        risen()
        client = Client()
        client.cookies["currency"] = cookie
        assert "price-converted" not in text(PAGE, client)

    @pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "javascript:1", ""])
    def test_leads_nowhere_else(self, back: str) -> None:
        response = Client().post("/prices/currency/", {"currency": "KRW", "next": back})
        assert response["Location"] == "/prices/rates/"

    def test_a_strange_currency_is_none(self) -> None:
        response = Client().post("/prices/currency/", {"currency": "won", "next": PAGE})
        assert response.cookies["currency"].value == ""

    def test_is_not_chosen_by_looking(self) -> None:
        assert Client().get("/prices/currency/").status_code == 405


class TestLists:
    def test_cards_are_flagged(self) -> None:
        risen()
        stock(listing("acme-pole", offers=[offer("5")]))
        page = text("/catalogue/")
        assert page.count('class="price-flag"') == 2
        assert '<span class="price-flag">Price rise +39.44 %</span>' in page
        assert '<span class="price-flag">Offer added later</span>' in page

    def test_cards_hint_at_nothing_hidden(self) -> None:
        risen(release="REL KR")
        page = text("/catalogue/")
        assert "Price rise" not in page
        assert "Price rise" in text("/catalogue/", signed_in(nation="KR"))

    def test_the_interface_flags_too(self) -> None:
        risen()
        card = Client().get("/api/v1/catalogue/listings").json()["items"][0]
        assert [(flag["kind"], flag["quantity"], flag["share"]) for flag in card["price_flags"]] == [
            ("rise", 10, "0.3944"),
            ("added", 1, None),
        ]
        assert "revision" not in card["price_flags"][0]


class TestHistoryInterface:
    def test_gives_all_of_it(self) -> None:
        risen()
        told = Client().get("/api/v1/catalogue/listings/acme-mast/prices").json()
        assert [(item["seller"], item["price"]) for item in told["observations"]] == [
            ("acme", {"amount": "100", "currency": "EUR"}),
            ("acme", {"amount": "125.50", "currency": "EUR"}),
            ("beta", {"amount": "7", "currency": "USD"}),
        ]
        assert "revision" not in told["observations"][0]
        assert (told["rise_percent"], told["rise_days"]) == (10.0, 90)

    def test_of_no_listing_or_a_hidden_one_there_is_none(self) -> None:
        stock(listing(offers=[offer("1")], release="REL KR"))
        for slug in ("acme-mast", "nothing"):
            response = Client().get(f"/api/v1/catalogue/listings/{slug}/prices")
            assert response.status_code == 404
            assert response.json()["detail"] == f"There is no listing {slug}."


class TestRates:
    def test_are_shown_to_everybody(self) -> None:
        assert "No exchange rates are here yet" in text("/prices/rates/")
        take_rates()
        page = text("/prices/rates/")
        assert f"One euro on {timezone.localdate()}" in page
        assert "KRW South Korean Won" in page
        assert 'type="file"' not in page
        assert Client().get("/api/v1/prices/rates").json()["rates"][0]["rate"] == "1500.5"
        assert Client().get("/api/v1/prices/rates?on=2020-01-01").json() == {"rates": []}

    def test_are_taken_in_by_staff(self) -> None:
        client = signed_in(staff=True)
        file = io.BytesIO(rates())
        file.name = "eurofxref.csv"
        answer = client.post("/api/v1/prices/rates", {"file": file}).json()
        assert (answer["file"], answer["new"], answer["unchanged"]) == ("eurofxref.csv", 2, 0)
        assert 'type="file"' in text("/prices/rates/", client)

    @pytest.mark.parametrize("path", ["/prices/rates/", "/api/v1/prices/rates"])
    def test_are_not_taken_in_by_others(self, path: str) -> None:
        for client in (Client(), signed_in()):
            file = io.BytesIO(rates())
            file.name = "eurofxref.csv"
            assert client.post(path, {"file": file}).status_code in (401, 403)
        assert (Rate.objects.exists(), Event.objects.exists()) == (False, False)

    def test_a_wrong_file_is_explained_and_nothing_taken(self) -> None:
        client = signed_in(staff=True)
        for path in ("/prices/rates/", "/api/v1/prices/rates"):
            file = io.BytesIO(b"Date,USD,\n2024-06-28,many,\n")
            file.name = "wrong.csv"
            response = client.post(path, {"file": file})
            assert response.status_code == 422
            assert "a rate above 0 with at most 8 decimals" in response.content.decode()
        file = io.BytesIO(b"Date,USD,\n2024-06-28,many,\n")
        file.name = "wrong.csv"
        korean = client.post("/prices/rates/", {"file": file}, headers={"accept-language": "ko"}).content.decode()
        assert "wrong.csv: row 2, USD: 1.0705와 같이 소수점 이하 8자리 이내의 0보다 큰 환율이어야 합니다" in korean
        assert not Rate.objects.exists()


class TestAudit:
    def test_shows_findings_and_the_log(self) -> None:
        risen()
        page = text("/prices/audit/", signed_in(staff=True))
        assert "The event log is whole: 2 events" in page
        assert "The price rose from 90 EUR" in page
        assert '<td data-label="Event">2</td>' in page
        assert "user:1 staff" in page

    def test_says_when_there_is_nothing(self) -> None:
        client = signed_in(staff=True)
        assert "Nothing was found: no price has changed" in text("/prices/audit/", client)
        assert "Nothing was found from that day on." in text("/prices/audit/?since=2026-01-01", client)
        assert "Enter a valid date." in text("/prices/audit/?since=yesterday", client)

    def test_as_files(self) -> None:
        risen()
        client = signed_in(staff=True)
        response = client.get("/prices/audit.csv")
        assert response["Content-Disposition"] == 'attachment; filename="skypact-price-audit.csv"'
        assert response.content.decode().count("\r\n") == 3
        told = client.get("/api/v1/prices/audit").json()
        assert [(item["kind"], item["event"], item["actor"]) for item in told["findings"]] == [
            ("rise", 2, "user:1 staff"),
            ("added", 2, "user:1 staff"),
        ]
        assert isinstance(told["findings"][0]["revision"], int)
        assert told["chain"] == {"whole": True, "events": 2, "fault": ""}

    @pytest.mark.parametrize("path", ["/prices/audit/", "/prices/audit.csv", "/api/v1/prices/audit"])
    def test_is_for_staff(self, path: str) -> None:
        assert Client().get(path).status_code in (302, 401)
        assert signed_in().get(path).status_code == 403
