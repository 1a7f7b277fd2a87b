"""Every write of lab results: which keys are believed, which statements stand at which listing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from skypact.conformance.report import Verdict
from skypact.conformance.signing import SignedStatement, Statement, read_signed, sign
from skypact.market.catalogue import selectors as catalogue
from skypact.market.core.access import Actor
from skypact.market.core.actions import Action, StateError
from skypact.market.core.events import Record
from skypact.market.lab.keys import own_fingerprint, own_key
from skypact.market.lab.models import Firmware, Result, TrustedKey
from skypact.market.lab.samples import own_hashes
from skypact.market.lab.selectors import may_change, trusted
from skypact.schema import InputError

_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
LONGEST_NAME = 300
#: Messages by which a receiver answers; only with them does a session show that it took what was sent.
ANSWERS = frozenset({"registration_ack", "task", "alert_ack"})


def require_right(actor: Actor, slug: str, *, on: date) -> None:
    """Raises Http404 where ``actor`` may not see the listing, PermissionDenied where not attach results to it."""
    vendor = catalogue.listing(actor, slug, on=on).record.vendor
    if not may_change(actor, vendor):
        raise PermissionDenied(f"{actor.label} may not attach results to {slug}; only its vendor and staff may")


def signed_here(statement: Statement) -> SignedStatement:
    """The statement with this node's own signature. Only for what the node has tested itself."""
    return sign(statement, own_key())


@dataclass(kw_only=True)
class TrustKey(Action[TrustedKey]):
    """This node comes to believe what a lab signs with its key. Raises InputError, StateError."""

    code: ClassVar[str] = "lab.trust_key"

    fingerprint: str
    name: str

    def check(self) -> None:
        self.actor.require_staff("decide whose results are believed")
        if not _FINGERPRINT.fullmatch(self.fingerprint):
            raise InputError.single(
                file="key",
                place="fingerprint",
                value=self.fingerprint,
                accepted=_("64 hexadecimal digits in lower case, as `skypact lab key` prints them"),
            )
        if not self.name.strip() or len(self.name) > LONGEST_NAME or "\0" in self.name:
            raise InputError.single(
                file="key", place="name", value=self.name, accepted=_("whose key it is, in at most 300 characters")
            )
        if self.fingerprint in trusted():
            raise StateError(_("this node believes that key already"))

    def perform(self) -> TrustedKey:
        said = {"name": self.name.strip(), "by": self.actor.label, "at": timezone.now(), "distrusted_at": None}
        return TrustedKey.objects.update_or_create(fingerprint=self.fingerprint, defaults=said)[0]

    def record(self, result: TrustedKey) -> Record:
        return Record(object_type="lab.key", object_id=result.fingerprint, data={"name": result.name})


@dataclass(kw_only=True)
class DistrustKey(Action[TrustedKey]):
    """This node no longer believes a key: its results stay, marked, and count for nothing. Raises StateError."""

    code: ClassVar[str] = "lab.distrust_key"

    fingerprint: str

    def check(self) -> None:
        self.actor.require_staff("decide whose results are believed")
        held = TrustedKey.objects.select_for_update()
        if held.filter(fingerprint=self.fingerprint, distrusted_at=None).first() is None:
            raise StateError(_("this node does not believe that key"))

    def perform(self) -> TrustedKey:
        found = TrustedKey.objects.get(fingerprint=self.fingerprint)
        found.distrusted_at = timezone.now()
        found.save()
        return found

    def record(self, result: TrustedKey) -> Record:
        return Record(object_type="lab.key", object_id=result.fingerprint, data={"name": result.name})


@dataclass(kw_only=True)
class AttachResult(Action[Result]):
    """Puts a signed statement at its listing, whatever its verdict. Raises InputError, StateError, Http404."""

    code: ClassVar[str] = "lab.attach_result"

    slug: str
    document: str
    """JSON of a SignedStatement"""
    release: str = "PUBLIC"
    signed: SignedStatement = field(init=False)

    def check(self) -> None:
        require_right(self.actor, self.slug, on=timezone.localdate())
        if not self.actor.may_read(self.release):
            raise InputError.single(
                file=self.slug,
                place="release",
                value=self.release,
                accepted=_("a label that you may read yourself"),
            )
        self.signed = read_signed(self.document, file="statement", trusted=set(trusted()))
        said = self.signed.statement
        if said.listing != self.slug:
            raise InputError.single(
                file="statement", place="listing", value=said.listing or "", accepted=f"a statement about {self.slug}"
            )
        if own_hashes() & {file.sha256 for file in said.report.files}:
            raise InputError.single(
                file="statement",
                place="report.files",
                value=said.report.files[0].name,
                accepted=_("a recording of the product; this one is a sample of the lab itself"),
            )
        if said.tested_on > timezone.localdate():
            raise InputError.single(
                file="statement", place="tested_on", value=said.tested_on.isoformat(), accepted=_("a day that has come")
            )
        if Result.objects.filter(listing=self.slug, sha256=self.signed.sha256()).exists():
            raise StateError(_("this listing has that result already"))

    def perform(self) -> Result:
        said = self.signed.statement
        return Result.objects.create(
            listing=self.slug,
            sha256=self.signed.sha256(),
            statement=self.signed.model_dump_json(),
            standard=said.report.standard,
            version=said.report.claimed or "",
            verdict=said.report.verdict.value,
            badge=said.earns_badge,
            rungs={rung: verdict.value for rung, verdict in said.report.rungs().items()},
            profile=said.report.profile,
            answers=any(kind in ANSWERS for kind in said.report.counts),
            conducted_by=said.conducted_by,
            firmware=said.firmware or "",
            tested_on=said.tested_on,
            valid_until=said.valid_until,
            fingerprint=self.signed.fingerprint,
            release=self.release,
            vendor="" if self.actor.is_staff else self.actor.vendor,
            by=self.actor.label,
        )

    def record(self, result: Result) -> Record:
        said = {"sha256": result.sha256, "standard": result.standard, "version": result.version}
        return Record(
            object_type="lab.result",
            object_id=result.listing,
            data={**said, "verdict": result.verdict, "key": result.fingerprint},
        )


@dataclass(kw_only=True)
class WithdrawResult(Action[Result]):
    """Takes a result from the listing's page. It stays for its vendor and staff, marked. Raises StateError, Http404.

    A vendor may not withdraw a result that says no: that would leave the good ones alone.
    """

    code: ClassVar[str] = "lab.withdraw_result"

    slug: str
    sha256: str

    def check(self) -> None:
        require_right(self.actor, self.slug, on=timezone.localdate())
        found = Result.objects.select_for_update().filter(listing=self.slug, sha256=self.sha256).first()
        if found is None or found.withdrawn_at is not None:
            raise StateError(_("this listing has no such result"))
        if found.verdict != Verdict.CONFORMS.value and not self.actor.is_staff:
            raise PermissionDenied(f"{self.actor.label} may not withdraw a result that says no; only staff may")

    def perform(self) -> Result:
        found = Result.objects.get(listing=self.slug, sha256=self.sha256)
        found.withdrawn_at = timezone.now()
        found.save()
        return found

    def record(self, result: Result) -> Record:
        return Record(object_type="lab.result", object_id=result.listing, data={"sha256": result.sha256})


@dataclass(kw_only=True)
class NoteFirmware(Action[Firmware]):
    """Its vendor says which firmware a product is shipped with now. Raises InputError, StateError, Http404."""

    code: ClassVar[str] = "lab.note_firmware"

    slug: str
    version: str

    def check(self) -> None:
        require_right(self.actor, self.slug, on=timezone.localdate())
        wanted = self.version.strip()
        if not wanted or len(wanted) > LONGEST_NAME or "\0" in wanted:
            raise InputError.single(
                file=self.slug, place="firmware", value=self.version, accepted=_("a version in at most 300 characters")
            )
        if Firmware.objects.filter(listing=self.slug).values_list("version", flat=True).first() == wanted:
            raise StateError(_("that is the firmware on record already"))

    def perform(self) -> Firmware:
        return Firmware.objects.create(listing=self.slug, version=self.version.strip(), by=self.actor.label)

    def record(self, result: Firmware) -> Record:
        rows = Result.objects.filter(listing=result.listing, withdrawn_at=None).exclude(firmware=result.version)
        again = sorted(rows.values_list("sha256", flat=True))
        said = {"version": result.version, "to_be_tested_again": again}
        return Record(object_type="lab.firmware", object_id=result.listing, data=said)


def own_name(*, sent_by: Actor) -> str:
    """How statements of this node name who tested, and whose word it is that the recording is of the product."""
    sender = "its own staff" if sent_by.is_staff else sent_by.vendor or "a user"
    return f"skypact node {own_fingerprint()[:16]}, from a recording that {sender} sent"
