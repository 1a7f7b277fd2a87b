"""Pages under ``/batteries/``."""

from django.urls import path

from skypact.market.batteries import views

app_name = "batteries"
urlpatterns = [
    path("", views.batteries, name="index"),
    path("fit/", views.fit, name="fit"),
    path("packs/<slug:slug>/", views.pack, name="pack"),
]
