"""Pages and interface of pictures: send recordings, look, release, remove; samples; files."""

from __future__ import annotations

import fcntl
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.market.pictures.conftest import client_of, made, stored_kit

from skypact.conformance import STANDARDS, Recording
from skypact.conformance.picture import Cause
from skypact.conformance.picture.scene import make
from skypact.conformance.picture.signing import read_signed
from skypact.market.accounts.models import User
from skypact.market.core.access import Actor
from skypact.market.core.models import Event
from skypact.market.lab.keys import own_fingerprint
from skypact.market.pictures import actions, combining
from skypact.market.pictures.actions import RemovePicture
from skypact.market.pictures.models import KitPicture, Picture
from skypact.market.pictures.transitions import PictureState

pytestmark = pytest.mark.django_db(transaction=False)


@pytest.fixture
def kim() -> Client:
    return client_of("kim", nation="KR")


def scene_files(fault: Cause | None = None) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(one.name, one.data) for one in make(1, fault=fault, seconds=20).recordings]


@pytest.fixture
def commit(django_capture_on_commit_callbacks: object) -> object:
    """Runs what waits for the commit."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def send(client: Client, commit: object, **fields: object) -> object:
    with commit():
        return client.post("/pictures/", {"title": "Range day", "files": scene_files(), **fields})


def test_from_recordings_to_the_picture(kim: Client, commit: object) -> None:
    truth = SimpleUploadedFile("truth.json", json.dumps(make(1, seconds=20).truth()).encode())
    answer = send(kim, commit, truth=truth, parties="radar.ast = KR\nnode.sapient = US")
    address = answer.headers["Location"]
    assert Picture.objects.get().state == PictureState.WORKING
    with commit():
        page = kim.get(address).content.decode()
    picture = Picture.objects.get()
    assert (picture.state, picture.together, picture.sources, picture.tracks) == ("done", "yes", 4, 2)
    for words in (
        "Seen working together",
        "2 tracks from 4 sources; up to 4 of them on one track, and none disagrees.",
        "Products of KR, US on track 1",
        "Beside the truth",
        "SYN1F0000000000ALPHA",
        'id="picture-data"',
        "<polyline",
    ):
        assert words in page
    assert not combining.folder_of(picture.pk).exists()
    assert list(Event.objects.filter(object_type="pictures.picture").values_list("action", flat=True)) == [
        "pictures.request",
        "pictures.finish",
    ]


def test_only_its_owner_sees_it_until_it_is_released(kim: Client, client: Client, commit: object) -> None:
    address = send(kim, commit).headers["Location"]
    kim.get(address)
    lee = client_of("lee", nation="KR")
    for stranger in (client, lee):
        assert stranger.get(address).status_code == 404
        assert "Range day" not in stranger.get("/pictures/").content.decode()
        assert stranger.get(f"{address}geojson").status_code == 404
    assert lee.post(f"{address}release/", {"release": "PUBLIC"}).status_code == 404
    assert Picture.objects.get().release == ""
    kim.post(f"{address}release/", {"release": "REL PL"})
    assert Picture.objects.get().release == ""
    kim.post(f"{address}release/", {"release": "REL KR"})
    assert client.get(address).status_code == 404
    assert lee.get(address).status_code == 200
    assert lee.post(f"{address}remove/").status_code == 403
    assert Picture.objects.count() == 1
    with commit():
        kim.post(f"{address}remove/")
    assert Picture.objects.count() == 0


def test_files_of_a_picture(kim: Client, commit: object) -> None:
    address = send(kim, commit).headers["Location"]
    kim.get(address)
    signed = read_signed(kim.get(f"{address}statement").content, file="s", trusted={own_fingerprint()})
    assert signed.statement.report.together.value == "yes"
    assert len(kim.get(f"{address}geojson").json()["features"]) == 2
    for kind in ("cot", "sapient"):
        data = kim.get(f"{address}{kind}").content
        assert STANDARDS[kind].check([Recording(kind, data)]).verdict.value == "conforms"
    assert kim.get(f"{address}pdf").status_code == 404


def test_what_cannot_be_combined_says_why(kim: Client, commit: object) -> None:
    nothing = [SimpleUploadedFile("notes.txt", b"hello world, nothing")]
    address = send(kim, commit, files=nothing).headers["Location"]
    page = kim.get(address).content.decode()
    assert "No picture" in page
    assert "notes.txt: begins with 68656c6c" in page
    assert Picture.objects.get().state == PictureState.FAILED


def test_a_process_that_died_is_noticed(kim: Client, commit: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(combining, "start", lambda picture, question, recordings: None)
    address = send(kim, commit).headers["Location"]
    assert "being read" in kim.get(address).content.decode()  # it may not have begun yet
    monkeypatch.setattr(combining, "begun", lambda picture: True)
    monkeypatch.setattr(combining, "alive", lambda picture: False)
    assert "more time or memory" in kim.get(address).content.decode()


def test_one_that_works_shows_how_far_it_is(kim: Client, commit: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(combining, "start", lambda picture, question, recordings: None)
    monkeypatch.setattr(combining, "alive", lambda picture: True)
    monkeypatch.setattr(combining, "progress", lambda picture: ("fusing", 0.25))
    address = send(kim, commit).headers["Location"]
    page = kim.get(address).content.decode()
    assert "All sources together are being tracked: 25 %" in page
    assert "<html" not in kim.get(address, headers={"HX-Request": "true"}).content.decode()
    again = send(kim, commit)
    assert again.status_code == 302
    refused = send(kim, commit)
    assert refused.status_code == 422
    assert "as many pictures as this machine makes at once" in refused.content.decode()
    assert Picture.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": ""}, "required"),
        ({"sensors": "25/201 = east"}, "line 1"),
        ({"parties": "camera.bin = KR"}, "there are: radar.ast"),
        ({"truth": SimpleUploadedFile("truth.json", b"{}")}, "objects"),
    ],
)
def test_a_form_that_does_not_hold_is_shown_again(
    kim: Client, commit: object, fields: dict[str, object], words: str
) -> None:
    answer = send(kim, commit, **fields)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Picture.objects.exists()


def test_too_much_is_refused(kim: Client, commit: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("skypact.market.pictures.forms.MOST_BYTES", 10)
    assert "at most 16 files with 16 MiB together" in send(kim, commit).content.decode()
    monkeypatch.setattr("skypact.market.pictures.api.MOST_BYTES", 10)
    answer = kim.post("/api/v1/pictures", {"title": "x", "files": scene_files()})
    assert answer.status_code == 413
    assert not Picture.objects.exists()


def test_nobody_signed_in_sends_nothing(client: Client) -> None:
    assert client.post("/pictures/", {"title": "x", "files": scene_files()}).headers["Location"] == "/accounts/login/"
    assert client.post("/api/v1/pictures", {"title": "x", "files": scene_files()}).status_code == 401
    assert not Picture.objects.exists()


def test_samples(client: Client) -> None:
    assert "Synthetic" in client.get("/pictures/sample/").content.decode()
    page = client.get("/pictures/sample/place/").content.decode()
    assert "CoT gateway: place shifted." in page
    assert client.get("/pictures/sample/nonsense/").status_code == 404


def test_a_sample_that_is_being_made_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr(combining, "start", lambda key, question, recordings: started.append(key))
    page = client.get("/pictures/sample/clock/").content.decode()
    assert "being read" in page
    assert 'hx-get="/pictures/sample/clock/"' in page
    assert [key.rpartition("-")[2] for key in started] == ["clock"]


def test_a_picture_is_attached_to_ones_own_kit(kim: Client, commit: object) -> None:
    stored_kit("kim")
    picture = Picture(title="Range day", owner=User.objects.get(username="kim"), by="test")
    actions.keep(picture, made().report, made().drawing.model_dump_json())
    picture.save()
    address = f"/pictures/{picture.pk}/attach/"
    assert "harbour-kit" in kim.get(address).content.decode()
    assert "CAT048 25/201" in kim.get(f"{address}?kit=harbour-kit").content.decode()
    nobody = kim.post(address, {"kit": "harbour-kit", "release": "PUBLIC"})
    assert (nobody.status_code, KitPicture.objects.count()) == (422, 0)
    products = {"source-0": "acme-radar", "source-1": "acme-c2", "this_kit": "on", "valid_days": "30"}
    answer = kim.post(address, {"kit": "harbour-kit", "release": "PUBLIC", **products})
    assert answer.headers["Location"] == "/pictures/kits/harbour-kit/"
    page = kim.get("/kits/harbour-kit/").content.decode()
    assert "proven in this kit" in page
    assert "1 of 2 sensors were on one track" in page
    sha256 = KitPicture.objects.get().sha256
    shown = kim.get(f"/pictures/kits/harbour-kit/{sha256}/").content.decode()
    assert 'id="picture-data"' in shown
    assert "proven in this kit" in kim.get("/kits/harbour-kit/report/").content.decode()
    kim.post(f"/pictures/kits/harbour-kit/{sha256}/withdraw/")
    assert KitPicture.objects.get().withdrawn_at is not None
    assert "proven in this kit" not in kim.get("/kits/harbour-kit/report/").content.decode()


def test_the_interface(kim: Client, commit: object) -> None:
    stored_kit("kim")
    with commit():
        asked = kim.post("/api/v1/pictures", {"title": "Range day", "files": scene_files(Cause.AXES)}).json()
    assert asked["state"] == "working"
    found = kim.get(asked["address"]).json()
    assert (found["state"], found["together"], found["allowed_actions"]) == (
        "done",
        "no",
        ["attach", "release", "remove"],
    )
    assert [one["id"] for one in kim.get("/api/v1/pictures").json()["pictures"]] == [asked["id"]]
    report = kim.get(f"{asked['address']}/report").json()
    assert report["disagreements"][0]["causes"] == ["axes swapped"]
    body = {"kit": "harbour-kit", "listings": {"nobody": "acme-radar"}}
    refused = kim.post(f"{asked['address']}/attach", body, content_type="application/json")
    assert (refused.status_code, KitPicture.objects.count()) == (422, 0)
    body["listings"] = {"CAT048 25/201": "acme-radar"}
    attached = kim.post(f"{asked['address']}/attach", body, content_type="application/json")
    assert (attached.status_code, attached.json()["of_this_kit"]) == (201, False)
    at_kit = f"/api/v1/pictures/kits/harbour-kit/{attached.json()['sha256']}"
    statement = kim.get(at_kit).json()
    twice = kim.post("/api/v1/pictures/kits/harbour-kit", {"statement": statement}, content_type="application/json")
    assert twice.status_code == 409
    assert kim.delete(at_kit).status_code == 204
    assert KitPicture.objects.get().withdrawn_at is not None


def test_a_real_process_combines(kim: Client, commit: object, real_process: None) -> None:
    address = send(kim, commit).headers["Location"]
    picture = Picture.objects.get()
    lock = combining.folder_of(picture.pk) / "lock"
    with lock.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # until the process is through
    assert "Seen working together" in kim.get(address).content.decode()


def test_a_removed_picture_is_not_removed_twice(kim: Client, commit: object) -> None:
    send(kim, commit)
    actor = Actor.of_user(User.objects.get(username="kim"))
    key = Picture.objects.get().pk
    RemovePicture(actor=actor, picture=key).execute()
    with pytest.raises(actions.StateError):
        RemovePicture(actor=actor, picture=key).execute()
