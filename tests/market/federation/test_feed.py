"""What the change feed says to whom: only what a reader could see change, and nothing of the rest."""

from collections.abc import Collection
from itertools import product

import pytest
from django.db import transaction
from tests.market.catalogue.samples import (
    AMERICAN,
    ANONYMOUS,
    DAY,
    KOREAN,
    MEMBER,
    STAFF,
    claim,
    listing,
    stock,
    vendor,
)

from skypact.market.catalogue.withdrawing import RelistListing, WithdrawListing
from skypact.market.core.cursors import GoneError
from skypact.market.federation.actions import ItemChange, State, note_changes
from skypact.market.federation.models import Audience, Change, Feed, Subject
from skypact.market.federation.selectors import FeedPage, changes, history, state
from skypact.schema import InputError

pytestmark = pytest.mark.django_db

READERS = {"anonymous": ANONYMOUS, "member": MEMBER, "american": AMERICAN, "korean": KOREAN, "staff": STAFF}
ALL = set(READERS)


def each_of(readers: Collection[str], told: list[str]) -> dict[str, list[str]]:
    return dict.fromkeys(readers, told)


class Followers:
    """Every reader, each at the end of what he has read."""

    def __init__(self) -> None:
        self.cursors = dict.fromkeys(READERS, "")
        self.read()

    def read(self) -> dict[str, list[str]]:
        """What each is told that is new to him; those who are told nothing are left out."""
        told = {}
        for name, actor in READERS.items():
            page = changes(actor, after=self.cursors[name], limit=1000)
            self.cursors[name] = page.cursor
            if page.entries:
                told[name] = [f"{entry.kind} {entry.slug}" for entry in page.entries]
        return told


def test_new_and_changed_and_unchanged() -> None:
    followers = Followers()
    stock(vendor(), listing())
    assert followers.read() == each_of(ALL, ["new acme", "new acme-mast"])
    stock(vendor(), listing())
    assert followers.read() == {}
    stock(vendor(name="Acme Ltd"), listing(summary="Another thing."))
    assert followers.read() == each_of(ALL, ["changed acme", "changed acme-mast"])


@pytest.mark.parametrize(
    ("label", "sees"),
    [
        ("PUBLIC", ALL),
        ("REGISTERED", ALL - {"anonymous"}),
        ("REL KR,US", {"korean", "american", "staff"}),
        ("REL KR", {"korean", "staff"}),
        ("REL PL", {"staff"}),
    ],
)
def test_change_of_a_labelled_claim_is_told_to_those_who_may_read_it(label: str, sees: set[str]) -> None:
    stock(listing(mass=[claim(1, "kg"), claim(2, "kg", release=label)]))
    followers = Followers()
    stock(listing(mass=[claim(1, "kg"), claim(3, "kg", release=label)]))
    assert followers.read() == each_of(sees, ["changed acme-mast"])
    stock(listing(mass=[claim(1, "kg")]))
    assert followers.read() == each_of(sees, ["changed acme-mast"])
    stock(listing(mass=[claim(3, "kg", release=label), claim(1, "kg")]))
    assert followers.read() == each_of(sees, ["changed acme-mast"])


def test_part_of_a_labelled_listing_needs_both_labels() -> None:
    stock(listing(release="REL KR", mass=[claim(1, "kg", release="REL US")]))
    followers = Followers()
    stock(listing(release="REL KR", mass=[claim(2, "kg", release="REL US")]))
    assert followers.read() == {"staff": ["changed acme-mast"]}
    stock(listing(release="REL KR,US", mass=[claim(3, "kg", release="REL US")]))
    assert followers.read() == {"korean": ["changed acme-mast"], "american": ["new acme-mast"]} | {
        "staff": ["changed acme-mast"]
    }
    stock(listing(release="REL KR,US", mass=[claim(4, "kg", release="REL US")]))
    assert followers.read() == each_of({"american", "staff"}, ["changed acme-mast"])


def test_order_of_claims_shows_to_who_may_read_two_of_them() -> None:
    mass = [claim(1, "kg", release="REL KR,US"), claim(2, "kg", release="REL KR")]
    stock(listing(mass=mass))
    followers = Followers()
    stock(listing(mass=mass[::-1]))
    assert followers.read() == each_of({"korean", "staff"}, ["changed acme-mast"])


@pytest.mark.parametrize(("was", "stands"), list(product(("PUBLIC", "REGISTERED", "REL KR,US", "REL KR"), repeat=2)))
def test_listing_that_appears_or_vanishes_for_a_reader(was: str, stands: str) -> None:
    stock(listing(release=was))
    followers = Followers()
    stock(listing(release=stands, summary="Another thing."))
    expected = {}
    for name, actor in READERS.items():
        kind = {(True, True): "changed", (True, False): "withdrawn", (False, True): "new"}.get(
            (actor.may_read(was), actor.may_read(stands))
        )
        if kind:
            expected[name] = [f"{kind} acme-mast"]
    assert followers.read() == expected


def test_hidden_listing_that_is_referred_to_is_not_told_of() -> None:
    stock(listing(), listing("acme-secret", release="REL KR"))
    followers = Followers()
    stock(listing(substitutes=["acme-secret"], spare_for=["acme-secret"]))
    assert followers.read() == each_of({"korean", "staff"}, ["changed acme-mast"])
    stock(listing(variant_of="acme-secret"))
    assert followers.read() == each_of({"korean", "staff"}, ["changed acme-mast"])


def noted(*given: ItemChange) -> None:
    from django.utils import timezone

    with transaction.atomic():
        note_changes(Subject.LISTING, given, revision=1, at=timezone.now())


A, B = State("a"), State("b")
GONE = State("a", listed=False)
KOREAN_GONE = State("a", "REL KR", listed=False)


def test_withdrawn_and_relisted() -> None:
    followers = Followers()
    noted(ItemChange("x", A, GONE))
    assert followers.read() == each_of(ALL, ["withdrawn x"])
    noted(ItemChange("x", GONE, State("c", listed=False), (frozenset({"PUBLIC"}),)))
    assert followers.read() == {}
    noted(ItemChange("x", GONE, B))
    assert followers.read() == each_of(ALL, ["relisted x"])
    noted(ItemChange("y", KOREAN_GONE, B))
    assert followers.read() == {
        **each_of(ALL, ["new y"]),
        **each_of({"korean", "staff"}, ["relisted y"]),
    }
    noted(ItemChange("y", B, None))
    assert followers.read() == each_of(ALL, ["withdrawn y"])
    noted(ItemChange("z", None, GONE))
    assert followers.read() == {}


def test_pages_end_where_nothing_follows() -> None:
    noted(*(ItemChange(f"x{number}", None, A) for number in range(5)))
    first = changes(ANONYMOUS, limit=2)
    second = changes(ANONYMOUS, after=first.cursor, limit=2)
    third = changes(ANONYMOUS, after=second.cursor, limit=2)
    assert [[entry.slug for entry in page.entries] for page in (first, second, third)] == [
        ["x0", "x1"],
        ["x2", "x3"],
        ["x4"],
    ]
    assert [page.more for page in (first, second, third)] == [True, True, False]
    end = changes(ANONYMOUS, after=third.cursor)
    assert (end.entries, end.more, end.cursor) == ((), False, third.cursor)


def test_hidden_changes_leave_no_trace() -> None:
    """Neither the pages nor the cursor tell whether, or how much, was changed that the reader may not see."""
    noted(ItemChange("open", None, A))
    before = changes(ANONYMOUS)
    secret = State("s", "REL KR")
    noted(*(ItemChange(f"x{number}", None, secret) for number in range(7)))
    noted(ItemChange("open", A, B, (frozenset({"PUBLIC", "REL KR"}),)))
    assert changes(ANONYMOUS) == before
    assert changes(ANONYMOUS, after=before.cursor) == FeedPage((), before.cursor, False)
    assert len(changes(KOREAN, after=changes(KOREAN, limit=1).cursor).entries) == 8
    assert state(ANONYMOUS) == 1
    noted(ItemChange("open", A, B, (frozenset({"PUBLIC"}),)))
    after = changes(ANONYMOUS, after=before.cursor)
    assert [entry.slug for entry in after.entries] == ["open"]
    assert len(after.cursor) == len(before.cursor)
    assert state(ANONYMOUS) == 10


def test_cursor_of_another_reader_is_gone_and_a_forged_one_refused() -> None:
    noted(ItemChange("x", None, A))
    cursor = changes(ANONYMOUS).cursor
    for actor in (MEMBER, KOREAN, STAFF):
        with pytest.raises(GoneError):
            changes(actor, after=cursor)
    for forged in (
        "1",
        "\0",
        "강",
        cursor[:-1],
        cursor[:-1] + ("A" if cursor[-1] != "A" else "B"),
        "A" * 64,
        "=",
        "A" * 999,
    ):
        with pytest.raises(InputError):
            changes(ANONYMOUS, after=forged)


def test_history_of_one_listing_is_latest_first() -> None:
    stock(listing(mass=[claim(2, "kg", release="REL KR")]), listing("acme-pole"))
    stock(listing(mass=[claim(3, "kg", release="REL KR")]))
    stock(listing(name="Other"))
    kinds = {
        name: [entry.kind.value for entry in history(actor, Subject.LISTING, "acme-mast")]
        for name, actor in READERS.items()
    }
    assert kinds == {
        **each_of(ALL, ["changed", "new"]),
        **each_of({"korean", "staff"}, ["changed", "changed", "new"]),
    }


def test_reading_takes_a_fixed_number_of_statements(django_assert_num_queries: object) -> None:
    for number in range(40):
        noted(ItemChange(f"x{number}", None, State("a", f"REL {chr(65 + number % 26)}X")))
    with django_assert_num_queries(3):
        changes(STAFF, limit=10)


def test_nothing_takes_no_number() -> None:
    noted()
    assert (Feed.objects.count(), Change.objects.count(), Audience.objects.count()) == (0, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_noted() -> None:
    from django.utils import timezone

    with pytest.raises(RuntimeError, match="only inside the transaction"):
        note_changes(Subject.LISTING, [ItemChange("x", None, A)], revision=1, at=timezone.now())
    assert not Change.objects.exists()


def test_a_hundred_thousand_at_once() -> None:
    given = [ItemChange(f"item-{number}", None, State("d" * 64)) for number in range(100_000)]
    noted(*given)
    assert Change.objects.count() == 100_000
    assert Audience.objects.values_list("kind", "after", "latest").get() == ("new", "PUBLIC", 100_000)


def test_withdrawal_of_a_listing() -> None:
    stock(listing())
    followers = Followers()
    WithdrawListing(actor=STAFF, slug="acme-mast", reason="No longer made.", on=DAY).execute()
    assert followers.read() == each_of(ALL, ["withdrawn acme-mast"])
    RelistListing(actor=STAFF, slug="acme-mast", reason="Made again.", on=DAY).execute()
    assert followers.read() == each_of(ALL, ["relisted acme-mast"])
