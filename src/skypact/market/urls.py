"""Every address of the site; each app keeps its own pages in its ``urls.py``."""

from django.urls import include, path

from skypact.market.api import api
from skypact.market.core import views

urlpatterns = [
    path("", views.home, name="home"),
    path("catalogue/", include("skypact.market.catalogue.urls")),
    path("documents/", include("skypact.market.documents.urls")),
    path("kits/", include("skypact.market.reports.urls")),
    path("kits/<slug:kit_id>/coverage/", include("skypact.market.coverage.urls")),
    path("kits/", include("skypact.market.kits.urls")),
    path("lab/", include("skypact.market.lab.urls")),
    path("pictures/", include("skypact.market.pictures.urls")),
    path("ratings/", include("skypact.market.ratings.urls")),
    path("batteries/", include("skypact.market.batteries.urls")),
    path("interop/", include("skypact.market.interop.urls")),
    path("prices/", include("skypact.market.prices.urls")),
    path("searches/", include("skypact.market.searches.urls")),
    path("suppliers/", include("skypact.market.suppliers.urls")),
    path("accounts/", include("allauth.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("api/v1/", api.urls),
    path("healthz", views.healthz, name="healthz"),
]

handler400 = "skypact.market.core.views.bad_request"
handler403 = "skypact.market.core.views.forbidden"
handler404 = "skypact.market.core.views.not_found"
handler500 = "skypact.market.core.views.broken"
