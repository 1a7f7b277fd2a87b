"""How sign-in behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are given out (`skypact account create`); nobody makes one by himself."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
