"""Pages under ``/catalogue/``."""

from django.urls import path

from skypact.market.catalogue import views

app_name = "catalogue"
urlpatterns = [
    path("", views.search, name="search"),
    path("compare/", views.compare, name="compare"),
    path("compare/csv/", views.compare_csv, name="compare_csv"),
    path("export/bundle", views.export_bundle, name="export_bundle"),
    path("export/<str:ending>", views.export, name="export"),
    path("import/", views.import_, name="import"),
    path("items/<slug:slug>/", views.listing, name="listing"),
    path("items/<slug:slug>/edit/", views.edit, name="edit"),
    path("states/<slug:name>/", views.state, name="state"),
    path("states/<slug:name>/export/<str:ending>", views.export_state, name="export_state"),
    path("vendors/<slug:slug>/", views.vendor, name="vendor"),
]
