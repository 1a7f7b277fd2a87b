"""Pages under ``/batteries/``."""

from django.urls import path

from skypact.market.batteries import views

app_name = "batteries"
urlpatterns = [
    path("", views.batteries, name="index"),
    path("fit/", views.fit, name="fit"),
    path("same/", views.same, name="same"),
    path("template/<slug:form>/", views.template, name="template"),
    path("packs/<slug:slug>/", views.pack, name="pack"),
]
