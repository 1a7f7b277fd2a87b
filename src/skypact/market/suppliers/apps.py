from django.apps import AppConfig


class SuppliersConfig(AppConfig):
    name = "skypact.market.suppliers"
    label = "suppliers"
