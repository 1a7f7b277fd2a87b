from django.apps import AppConfig


class PricesConfig(AppConfig):
    name = "skypact.market.prices"
    label = "prices"
