"""Pictures at kits: who may attach what, what it proves, and how that ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from tests.market.catalogue.samples import STAFF
from tests.market.kits import samples
from tests.market.pictures.conftest import client_of, made, stored_kit

from skypact.conformance.picture import Cause
from skypact.conformance.picture.signing import SignedPicture, sign
from skypact.conformance.signing import fingerprint, public_bytes
from skypact.market.accounts.models import User
from skypact.market.core.access import Actor
from skypact.market.core.actions import StateError
from skypact.market.core.models import Event
from skypact.market.lab.actions import DistrustKey, TrustKey
from skypact.market.pictures import selectors
from skypact.market.pictures.actions import keep
from skypact.market.pictures.attaching import AttachOwn, AttachPicture, WithdrawPicture, signed_here
from skypact.market.pictures.models import KitPicture, Picture
from skypact.market.pictures.proving import Evidence
from skypact.market.pictures.selectors import State
from skypact.schema import InputError

pytestmark = pytest.mark.django_db

RADAR, COT, BEACON, NODE = [one.name for one in made().report.sources]
PRODUCTS = {RADAR: "acme-radar", COT: "acme-c2", BEACON: "acme-camera", NODE: "other-node"}
FOREIGN = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture
def owner() -> Client:
    return client_of("owner", nation="KR")


@pytest.fixture
def actor(owner: Client) -> Actor:
    return Actor.of_user(User.objects.get(username="owner"))


def signed(**changes: object) -> SignedPicture:
    said = {"sent_by": STAFF, "listings": PRODUCTS, "valid_days": 30, **changes}
    return signed_here(made(said.pop("fault", None)).report, **said)


def attach(actor: Actor, **changes: object) -> KitPicture:
    release = str(changes.pop("release", "PUBLIC"))
    document = signed(**changes).model_dump_json()
    return AttachPicture(actor=actor, kit="harbour-kit", document=document, release=release).execute()


def proof(actor: Actor) -> selectors.KitPictures:
    stored = selectors_kit(actor)
    return selectors.of_kit(actor, stored, on=timezone.localdate())


def selectors_kit(actor: Actor) -> object:
    from skypact.market.kits import selectors as kits

    return kits.kit(actor, "harbour-kit")


def evidence(actor: Actor) -> dict[tuple[str, str], Evidence]:
    return {(one.link.source, one.link.target): one.evidence for one in proof(actor).proof.links}


def test_a_picture_names_what_was_seen_and_what_not_yet(actor: Actor) -> None:
    stored_kit("owner")
    assert set(evidence(actor).values()) == {Evidence.NOT_YET}
    row = attach(actor)
    found = proof(actor)
    assert {(one.item.listing, tuple(item.listing for item in one.met)) for one in found.proof.sensors} == {
        ("acme-radar", ("acme-c2", "acme-camera")),
        ("acme-camera", ("acme-c2", "acme-radar")),
    }
    assert evidence(actor) == {
        ("acme-radar", "acme-c2"): Evidence.PAIR_EXCHANGED,
        ("acme-camera", "acme-c2"): Evidence.PAIR_EXCHANGED,
    }
    assert [one.pictures for one in found.proof.links] == [(row.sha256,), (row.sha256,)]
    assert Event.objects.filter(action="pictures.attach").count() == 1


def test_a_picture_of_this_very_kit_proves_it(actor: Actor) -> None:
    kit = stored_kit("owner").kit
    attach(actor, kit_hash=kit.content_hash())
    assert set(evidence(actor).values()) == {Evidence.PROVEN_IN_KIT}


def test_a_kit_that_changed_since_keeps_pairs_alone(actor: Actor) -> None:
    stored = stored_kit("owner")
    attach(actor, kit_hash=stored.kit.content_hash())
    stored.document = samples.kit(composed_on="2026-11-22").model_dump(mode="json")
    stored.save()
    assert [one.state for one in proof(actor).badges] == [State.EARLIER_KIT]
    assert set(evidence(actor).values()) == {Evidence.PAIR_EXCHANGED}


def test_a_source_that_disagrees_proves_nothing(actor: Actor) -> None:
    stored_kit("owner")
    report = made(Cause.PLACE).report
    assert [one.source for one in report.disagreements] == [COT]
    attach(actor, fault=Cause.PLACE)
    assert set(evidence(actor).values()) == {Evidence.NOT_YET}
    met = {one.item.listing: [item.listing for item in one.met] for one in proof(actor).proof.sensors}
    assert met == {"acme-radar": ["acme-camera"], "acme-camera": ["acme-radar"]}


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"listings": {RADAR: "other-radar"}}, "listings"),
        ({"listings": {}}, "listings"),
        ({"kit_hash": "0" * 64}, "kit"),
        ({"release": "REL PL"}, "release"),
    ],
)
def test_what_cannot_stand_at_this_kit_is_refused(actor: Actor, changes: dict[str, object], place: str) -> None:
    stored_kit("owner")
    with pytest.raises(InputError) as refused:
        attach(actor, **changes)
    assert [one.place for one in refused.value.problems] == [place]
    assert not KitPicture.objects.exists()


def test_only_the_owner_and_staff_attach(actor: Actor) -> None:
    stored_kit()
    with pytest.raises(PermissionDenied):
        attach(actor)
    assert not KitPicture.objects.exists()
    attach(STAFF)
    with pytest.raises(StateError):
        attach(STAFF)
    with pytest.raises(PermissionDenied):
        WithdrawPicture(actor=actor, kit="harbour-kit", sha256=KitPicture.objects.get().sha256).execute()
    assert KitPicture.objects.get().withdrawn_at is None


def test_a_foreign_lab_is_believed_as_long_as_its_key_is(actor: Actor) -> None:
    stored_kit("owner")
    document = sign(signed().statement, FOREIGN).model_dump_json()
    act = AttachPicture(actor=actor, kit="harbour-kit", document=document)
    with pytest.raises(InputError, match="trusted"):
        act.execute()
    mark = fingerprint(public_bytes(FOREIGN))
    TrustKey(actor=STAFF, fingerprint=mark, name="Joint lab").execute()
    act.execute()
    assert [(one.state, one.lab) for one in proof(actor).badges] == [(State.VALID, "Joint lab")]
    DistrustKey(actor=STAFF, fingerprint=mark).execute()
    assert [one.state for one in proof(actor).badges] == [State.DISTRUSTED]
    assert set(evidence(actor).values()) == {Evidence.NOT_YET}


def test_expired_and_withdrawn_ones_count_for_nothing(actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    stored_kit("owner")
    row = attach(actor, valid_days=1)
    stored = selectors_kit(actor)
    later = selectors.of_kit(actor, stored, on=timezone.localdate() + timedelta(days=2))
    assert [one.state for one in later.badges] == [State.EXPIRED]
    assert later.proof.links_seen == 0
    WithdrawPicture(actor=actor, kit="harbour-kit", sha256=row.sha256).execute()
    assert [one.state for one in proof(actor).badges] == [State.WITHDRAWN]
    with pytest.raises(StateError):
        WithdrawPicture(actor=actor, kit="harbour-kit", sha256=row.sha256).execute()


def test_a_changed_word_breaks_the_signature(actor: Actor) -> None:
    stored_kit("owner")
    document = signed().model_dump_json().replace("acme-camera", "acme-radar")
    with pytest.raises(InputError, match="changed since it was signed"):
        AttachPicture(actor=actor, kit="harbour-kit", document=document).execute()


def test_labels_decide_who_sees_it(client: Client) -> None:
    stored_kit()
    row = attach(STAFF, release="REL KR")
    page = client.get("/kits/harbour-kit/").content.decode()
    assert "No combined picture shows products of this kit" in page
    assert client.get(f"/pictures/kits/harbour-kit/{row.sha256}/").status_code == 404
    assert client.get("/api/v1/pictures/kits/harbour-kit").json()["pictures"] == []
    korean = client_of("korean", nation="KR")
    page = korean.get("/kits/harbour-kit/").content.decode()
    assert "2 of 2 sensors were on one track" in page
    assert "seen as a pair" in page
    shown = korean.get(f"/pictures/kits/harbour-kit/{row.sha256}/").content.decode()
    assert "no product of this kit: does not count here" in shown
    assert korean.get("/api/v1/pictures/kits/harbour-kit").json()["links"][0] == {
        "source": "acme-radar",
        "target": "acme-c2",
        "evidence": "pair-exchanged",
        "pictures": [row.sha256],
    }


def test_who_got_a_picture_cannot_show_it_to_more(actor: Actor) -> None:
    stored_kit("owner")
    picture = Picture(title="Range day", release="REL KR", by="somebody else")
    keep(picture, made().report, "")
    picture.save()
    act = AttachOwn(actor=actor, kit="harbour-kit", picture=picture, listings=PRODUCTS)
    with pytest.raises(PermissionDenied):
        act.execute()
    assert not KitPicture.objects.exists()
    reader = client_of("owner")
    body = {"kit": "harbour-kit", "listings": {RADAR: "acme-radar"}}
    assert (
        reader.post(f"/api/v1/pictures/{picture.pk}/attach", body, content_type="application/json").status_code == 403
    )
    said = {"kit": "harbour-kit", "source-0": "acme-radar", "release": "PUBLIC"}
    assert reader.post(f"/pictures/{picture.pk}/attach/", said).status_code == 403
    assert not KitPicture.objects.exists()


@pytest.mark.usefixtures("made_up")
def test_the_made_up_scene_proves_nothing_about_a_kit(actor: Actor) -> None:
    stored_kit("owner")
    with pytest.raises(InputError, match="this picture is of the lab's made-up scene, which proves nothing"):
        attach(actor)
    assert not KitPicture.objects.exists()
