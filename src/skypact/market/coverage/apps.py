from django.apps import AppConfig


class CoverageConfig(AppConfig):
    name = "skypact.market.coverage"
    label = "coverage"
