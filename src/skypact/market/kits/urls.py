"""Pages under ``/kits/``."""

from django.urls import URLPattern

app_name = "kits"
urlpatterns: list[URLPattern] = []
