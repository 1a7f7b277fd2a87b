"""Pages under ``/documents/``."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from skypact.market.documents import views


class HashConverter(StringConverter):
    """A SHA-256 hash as it stands in an address."""

    regex = "[0-9a-f]{64}"


register_converter(HashConverter, "sha256")

app_name = "documents"
urlpatterns = [
    path("<slug:slug>/", views.documents, name="list"),
    path("<slug:slug>/attach/", views.attach, name="attach"),
    path("<slug:slug>/<sha256:sha256>", views.file, name="file"),
    path("<slug:slug>/<sha256:sha256>/remove/", views.remove, name="remove"),
]
