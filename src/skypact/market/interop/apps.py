from django.apps import AppConfig


class InteropConfig(AppConfig):
    name = "skypact.market.interop"
    label = "interop"
