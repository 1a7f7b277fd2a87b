from django.apps import AppConfig


class KitsConfig(AppConfig):
    name = "skypact.market.kits"
    label = "kits"
