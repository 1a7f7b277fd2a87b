"""Vendors' people, editors, files and submissions for the tests of suppliers."""

from typing import Any

from tests.market.catalogue.samples import ANONYMOUS, MEMBER, evidence, file_of, listing, stock, vendor

from skypact.market.accounts.models import User
from skypact.market.core.access import Actor
from skypact.market.suppliers.actions import Outcome, Submit, upload
from skypact.market.suppliers.models import Submission
from skypact.schema import Listing, Vendor

__all__ = ["ANONYMOUS", "MEMBER", "evidence", "file_of", "listing", "stock", "vendor"]


def person(name: str = "seller", **fields: Any) -> Actor:
    """Somebody with an account; without more, one who acts for acme."""
    wanted = {"vendor": "acme", "nation": "KR", **fields}
    return Actor.of_user(User.objects.get_or_create(username=name, defaults=wanted)[0])


def editor(name: str = "editor", **fields: Any) -> Actor:
    """A catalogue editor who acts for no vendor."""
    return person(name, **{"vendor": "", "nation": "", "is_catalogue_editor": True, **fields})


def sent(*records: Vendor | Listing | str, actor: Actor | None = None, **options: Any) -> Outcome:
    """A file of ``records`` as acme's person uploads it."""
    content = file_of(*records).read()
    return upload(actor=actor or person(), content=content, name="ours.jsonl", **options)


def draft(*records: Vendor | Listing) -> Submission:
    """A stored draft of acme's."""
    outcome = sent(*records)
    assert outcome.submission is not None, outcome.report.problems
    return outcome.submission


def submitted(*records: Vendor | Listing) -> Submission:
    """A submission that waits for a decision."""
    return Submit(actor=person(), submission_id=draft(*records).pk, message="Please take it.").execute()


def offer(price: str | None = "100", **changes: Any) -> dict[str, Any]:
    money = None if price is None else {"amount": price, "currency": "EUR"}
    return {"seller": "acme", "price": money, "evidence": evidence(), **changes}
