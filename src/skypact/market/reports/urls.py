"""Pages of reports; they stand among those of kits."""

from django.urls import path

from skypact.market.reports import views

app_name = "reports"
urlpatterns = [
    path("<slug:kit_id>/report/", views.report, name="report"),
    path("<slug:kit_id>/report/page.css", views.page_sheet, name="page-sheet"),
    path("<slug:kit_id>/report.pdf", views.pdf, name="pdf"),
]
