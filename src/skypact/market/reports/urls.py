"""Pages of reports; they stand among those of kits."""

from django.urls import path

from skypact.market.reports import views

app_name = "reports"
urlpatterns = [
    path("compare/", views.compare, name="compare"),
    path("compare/counted/", views.counted, name="counted"),
    path("compare/areas.geojson", views.compare_areas, name="areas"),
    path("compare/pictures/<str:name>", views.compare_picture, name="compare-picture"),
    path("<slug:kit_id>/report/", views.report, name="report"),
    path("<slug:kit_id>/report/page.css", views.page_sheet, name="page-sheet"),
    path("<slug:kit_id>/report.pdf", views.pdf, name="pdf"),
]
