"""Prices and dates: offers first, assumptions second, unknown otherwise."""

from datetime import date
from decimal import Decimal

from tests.engines.kit.requirements import requirement
from tests.engines.made_up import DAY, EVIDENCE, listing, offer

from skypact.engines.supply import LeadTime, completion, lead_time, terms, unit_price
from skypact.schema import Basis, sentence

ASSUMED = {"kind": "price", "category": "c2", "value": "900", "currency": "EUR", "basis": "a guess"}


def product(*offers: dict[str, object]) -> object:
    return listing("HUB", "c2", offers=list(offers))


def priced(*offers: dict[str, object], quantity: int = 1, **changes: object) -> tuple[Decimal | None, str, str]:
    price = unit_price(product(*offers), requirement(**changes), quantity=quantity, on=DAY)  # type: ignore[arg-type]
    return (None if price.money is None else price.money.amount), price.basis.value, price.note.text


def test_the_lowest_valid_offer() -> None:
    assert priced(offer("200"), offer("150"))[:2] == (Decimal("150"), "offer")


def test_an_expired_offer_does_not_count() -> None:
    assert priced(offer("200"), offer("150", valid_until="2026-11-20"))[0] == Decimal("200")
    assert priced(offer("200"), offer("150", valid_until="2026-11-21"))[0] == Decimal("150")


def test_expired_evidence_does_not_count() -> None:
    stale = offer("150", evidence={**EVIDENCE, "expires": "2026-11-21"})
    assert priced(stale) == (None, "unknown", "no public price and no assumption")


def test_quantity_breaks() -> None:
    steps = [
        {"quantity": 10, "price": {"amount": "90", "currency": "EUR"}},
        {"quantity": 50, "price": {"amount": "80", "currency": "EUR"}},
    ]
    stepped = offer("100", quantity_breaks=steps)
    assert [priced(stepped, quantity=n)[0] for n in (1, 9, 10, 49, 50)] == [100, 100, 90, 90, 80]


def test_an_offer_goes_before_an_assumption() -> None:
    assert priced(offer("5000"), assumptions=[ASSUMED])[:2] == (Decimal("5000"), "offer")
    assert priced(assumptions=[ASSUMED]) == (Decimal("900"), "assumption", "assumed: a guess")


def test_the_listings_own_assumption_goes_before_its_categorys() -> None:
    own = {"kind": "price", "listing": "SYN-HUB", "value": "700", "currency": "EUR", "basis": "a quote by phone"}
    assert priced(assumptions=[ASSUMED, own])[0] == Decimal("700")


def test_an_assumption_in_another_currency_is_no_price() -> None:
    assert priced(assumptions=[{**ASSUMED, "currency": "USD"}])[0] is None


def test_currencies_mix_only_at_a_dated_rate() -> None:
    assert priced(offer("100", currency="USD")) == (
        None,
        "unknown",
        "offered in USD; the requirement gives no exchange rate to EUR",
    )
    rate = {"base": "EUR", "quote": "USD", "value": "1.25", "date": "2026-11-20", "source": "ECB"}
    amount, _, note = priced(offer("100", currency="USD"), rates=[rate])
    assert amount == Decimal("80.00")
    assert note == "offer of maker (made up for a test, 2026-01-01): 100 USD at the rate of 2026-11-20 (ECB)"
    back = {"base": "USD", "quote": "EUR", "value": "0.8", "date": "2026-11-20", "source": "ECB"}
    assert priced(offer("100", currency="USD"), rates=[back])[0] == Decimal("80.00")


def test_lead_times() -> None:
    def days(*offers: dict[str, object], **changes: object) -> tuple[int | None, str]:
        lead = lead_time(product(*offers), requirement(**changes), on=DAY)  # type: ignore[arg-type]
        return lead.days, lead.basis.value

    assumed = {"kind": "lead_time_days", "category": "c2", "value": "60", "basis": "a guess"}
    assert days(offer("1", 40), offer("2", 30)) == (30, "offer")
    assert days(offer("1", 0)) == (0, "offer")
    assert days(offer("1", None), assumptions=[assumed]) == (60, "assumption")
    assert days(offer("1", None)) == (None, "unknown")


def lead(days: int | None) -> LeadTime:
    return LeadTime(days, Basis.UNKNOWN if days is None else Basis.OFFER, sentence("x"))


def test_a_kit_is_complete_with_its_last_part() -> None:
    done = completion({"aa": lead(10), "bb": lead(30)}, requirement=requirement(), on=DAY, single_source=())
    assert (done.complete_on, done.answer.value, done.critical) == (date(2026, 12, 21), "yes", ("bb",))


def test_one_unknown_lead_time_makes_the_date_unknown() -> None:
    done = completion({"aa": lead(10), "bb": lead(None)}, requirement=requirement(), on=DAY, single_source=())
    assert (done.complete_on, done.answer.value, done.critical) == (None, "unknown", ("bb",))


def test_a_late_part_is_late_whatever_else_is_unknown() -> None:
    done = completion({"aa": lead(400), "bb": lead(None)}, requirement=requirement(), on=DAY, single_source=())
    assert (done.complete_on, done.answer.value) == (None, "no")


def agreed(*offers: dict[str, object], **changes: object) -> tuple[Decimal | None, int | None]:
    found = terms(product(*offers), requirement(**changes), on=DAY)  # type: ignore[arg-type]
    return (None if found.price.money is None else found.price.money.amount), found.lead.days


def test_price_and_date_are_of_one_offer() -> None:
    slow, fast = offer("100", 400), offer("500", 5)
    assert agreed(slow, fast) == (Decimal("500"), 5)
    assert agreed(slow, fast, deadline="2028-06-30") == (Decimal("100"), 400)


def test_an_offer_without_a_date_lends_none_from_another() -> None:
    silent, fast = offer("100", None), offer("500", 5)
    assert agreed(silent, fast) == (Decimal("500"), 5)
    assert agreed(silent, fast, accept_unknown=["delivery"]) == (Decimal("100"), None)
    late = {"kind": "lead_time_days", "category": "c2", "value": "400", "basis": "a guess"}
    assert agreed(silent, fast, assumptions=[late]) == (Decimal("500"), 5)


def test_of_offers_that_are_all_late_the_earliest() -> None:
    assert agreed(offer("100", 500), offer("500", 400)) == (Decimal("500"), 400)


def test_a_promise_without_a_price_goes_with_the_assumed_price() -> None:
    assert agreed(offer(None, 20), assumptions=[ASSUMED]) == (Decimal("900"), 20)
    assert agreed(offer(None, 20)) == (None, 20)


def test_an_offer_that_counts_goes_before_one_in_another_currency() -> None:
    assert agreed(offer("1", 5, currency="USD"), offer("500", 20), assumptions=[ASSUMED]) == (Decimal("500"), 20)


def test_an_assumption_in_another_currency_counts_at_the_requirements_rate() -> None:
    rate = {"base": "EUR", "quote": "USD", "value": "1.25", "date": "2026-11-20", "source": "ECB"}
    assert priced(assumptions=[{**ASSUMED, "currency": "USD"}], rates=[rate]) == (
        Decimal("720.00"),
        "assumption",
        "assumed: a guess: 900 USD at the rate of 2026-11-20 (ECB)",
    )
    assert priced(assumptions=[{**ASSUMED, "currency": "USD"}]) == (
        None,
        "unknown",
        "assumed in USD; the requirement gives no exchange rate to EUR",
    )


def test_exchanged_amounts_have_the_decimals_of_their_currency() -> None:
    rate = {"base": "EUR", "quote": "KRW", "value": "1474.86", "date": "2026-11-20", "source": "ECB"}
    budget = {"amount": "1000000", "currency": "KRW"}
    assert priced(offer("1.75"), budget=budget, rates=[rate])[0] == Decimal("2581")
    assert priced(offer("100000", currency="KRW"), rates=[rate])[0] == Decimal("67.80")
