from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "skypact.market.core"
    label = "core"
