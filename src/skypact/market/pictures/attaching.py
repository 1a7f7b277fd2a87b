"""Signed pictures at kits: attached by whose kit it is, withdrawn again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from skypact.conformance.picture import PictureReport
from skypact.conformance.picture.signing import PictureStatement, SignedPicture, read_signed, sign
from skypact.market.core.access import Actor
from skypact.market.core.actions import Action, StateError
from skypact.market.core.events import Record
from skypact.market.kits import selectors as kits
from skypact.market.kits.models import StoredKit
from skypact.market.lab.actions import own_name
from skypact.market.lab.keys import own_key
from skypact.market.lab.selectors import trusted
from skypact.market.pictures.actions import may_keep
from skypact.market.pictures.models import KitPicture, Picture
from skypact.market.pictures.releasing import require_label
from skypact.schema import InputError, Kit, parse


def may_attach(actor: Actor, stored: StoredKit) -> bool:
    """Whether ``actor`` decides what stands at a kit: its owner and staff do."""
    return actor.is_staff or (stored.owner_id is not None and stored.owner_id == actor.user_id)


def sender_of(picture: Picture) -> Actor:
    """Who sent the recordings of a picture: its owner, or whoever runs this node."""
    return Actor.system("live") if picture.owner is None else Actor.of_user(picture.owner)


def signed_here(
    report: PictureReport,
    *,
    sent_by: Actor,
    listings: Mapping[str, str] | None = None,
    kit_hash: str | None = None,
    valid_days: int | None = None,
) -> SignedPicture:
    """A picture that this node has made of what ``sent_by`` sent, with the node's own signature.

    Raises InputError for ``listings`` that name no source of the report, or no id.
    """
    today = timezone.localdate()
    said = {
        "report": report,
        "conducted_by": own_name(sent_by=sent_by),
        "tested_on": today,
        "valid_until": None if valid_days is None else today + timedelta(days=valid_days),
        "kit": kit_hash,
        "listings": dict(listings or {}),
    }
    return sign(parse(PictureStatement, said, file="picture"), own_key())


@dataclass(kw_only=True)
class AttachPicture(Action[KitPicture]):
    """Puts a signed picture at a kit, whatever it shows. Raises InputError, StateError, PermissionDenied, Http404."""

    code: ClassVar[str] = "pictures.attach"

    kit: str
    document: str
    """JSON of a SignedPicture"""
    release: str = "PUBLIC"
    drawing: str = ""
    """JSON of :class:`.drawing.Drawing`, where this node made the picture itself"""
    signed: SignedPicture = field(init=False)
    found: Kit = field(init=False)

    def check(self) -> None:
        stored = kits.kit(self.actor, self.kit)
        if not may_attach(self.actor, stored):
            raise PermissionDenied(f"{self.actor.label} may not attach pictures to {self.kit}; its owner and staff may")
        require_label(self.actor, self.release, file=self.kit)
        self.found = stored.kit
        self.signed = read_signed(self.document, file="statement", trusted=set(trusted()))
        said = self.signed.statement
        if said.kit is not None and said.kit != self.found.content_hash():
            raise InputError.single(
                file="statement",
                place="kit",
                value=said.kit,
                accepted=_("the hash of this very kit, %(hash)s, or none") % {"hash": self.found.content_hash()},
            )
        if said.tested_on > timezone.localdate():
            raise InputError.single(
                file="statement", place="tested_on", value=said.tested_on.isoformat(), accepted=_("a day that has come")
            )
        if said.report.made_up:
            raise InputError.single(
                file="statement",
                place="report.tracks",
                accepted=_("recordings of products; this picture is of the lab's made-up scene, which proves nothing"),
            )
        if not set(said.listings.values()) & {item.listing for item in self.found.items}:
            raise InputError.single(
                file="statement",
                place="listings",
                value=", ".join(sorted(said.listings.values())),
                accepted=_("at least one source that is a product of this kit"),
            )
        if KitPicture.objects.filter(kit=self.kit, sha256=self.signed.sha256()).exists():
            raise StateError(_("this kit has that picture already"))

    def perform(self) -> KitPicture:
        said = self.signed.statement
        return KitPicture.objects.create(
            kit=self.kit,
            kit_hash=self.found.content_hash(),
            sha256=self.signed.sha256(),
            statement=self.signed.model_dump_json(),
            drawing=self.drawing,
            together=said.report.together.value,
            tested_on=said.tested_on,
            valid_until=said.valid_until,
            fingerprint=self.signed.fingerprint,
            release=self.release,
            by=self.actor.label,
        )

    def record(self, result: KitPicture) -> Record:
        said = {"sha256": result.sha256, "together": result.together, "key": result.fingerprint}
        return Record(object_type="pictures.kit", object_id=result.kit, data={**said, "release": result.release})


@dataclass(kw_only=True)
class AttachOwn(AttachPicture):
    """Says which source of a picture of this node is which product of a kit; this node signs it.

    Only who decides on the picture may: else a reader could show it to more people than he got it with.
    """

    picture: Picture
    listings: Mapping[str, str]
    this_kit: bool = False
    """the picture was made of this very kit"""
    valid_days: int | None = None
    document: str = field(init=False)
    drawing: str = field(init=False)

    def check(self) -> None:
        if not may_keep(self.actor, self.picture):
            raise PermissionDenied(f"{self.actor.label} may not attach a picture of somebody else")
        kit = kits.kit(self.actor, self.kit).kit
        signed = signed_here(
            self.picture.found,
            sent_by=sender_of(self.picture),
            listings=self.listings,
            kit_hash=kit.content_hash() if self.this_kit else None,
            valid_days=self.valid_days,
        )
        self.document, self.drawing = signed.model_dump_json(), self.picture.drawing
        super().check()


@dataclass(kw_only=True)
class WithdrawPicture(Action[KitPicture]):
    """Takes a picture from a kit. It stays for the kit's owner and staff, marked. Raises StateError, Http404."""

    code: ClassVar[str] = "pictures.withdraw"

    kit: str
    sha256: str

    def check(self) -> None:
        stored = kits.kit(self.actor, self.kit)
        if not may_attach(self.actor, stored):
            raise PermissionDenied(f"{self.actor.label} may not withdraw pictures of {self.kit}")
        held = KitPicture.objects.select_for_update()
        if held.filter(kit=self.kit, sha256=self.sha256, withdrawn_at=None).first() is None:
            raise StateError(_("this kit has no such picture"))

    def perform(self) -> KitPicture:
        found = KitPicture.objects.get(kit=self.kit, sha256=self.sha256)
        found.withdrawn_at = timezone.now()
        found.save(update_fields=["withdrawn_at"])
        return found

    def record(self, result: KitPicture) -> Record:
        return Record(object_type="pictures.kit", object_id=result.kit, data={"sha256": result.sha256})
