from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "skypact.market.accounts"
    label = "accounts"
