"""Pages under ``/prices/``."""

from django.urls import path

from skypact.market.prices import views

app_name = "prices"
urlpatterns = [
    path("audit/", views.audit_page, name="audit"),
    path("audit.csv", views.audit_csv, name="audit_csv"),
    path("rates/", views.rates, name="rates"),
    path("currency/", views.currency, name="currency"),
]
