from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "skypact.market.reports"
    label = "reports"
