"""Settings of the site. Everything that differs between installations comes from the environment:

``SKYPACT_HOME``
    folder of the database and the secret key; default ``var/`` in a checkout, else the user's data folder
``SKYPACT_TERRAIN``
    folder of elevation files (GeoTIFF, SRTM .hgt, DTED) and obstacles (GeoJSON); default ``SKYPACT_HOME/terrain``
``DATABASE_URL``
    ``postgresql://user:password@host:port/name``; without it SQLite under ``SKYPACT_HOME``
``SKYPACT_HOSTS``
    comma-separated host names the site answers to; default the local machine
``SKYPACT_HTTPS``
    ``1`` where the site is reached over https: cookies and redirects then insist on it
``SKYPACT_PROXIES``
    how many proxies of your own stand before the site; default 0. Then ``X-Forwarded-For`` says who asks
``SKYPACT_LIMIT_ANONYMOUS``, ``SKYPACT_LIMIT_SIGNED_IN``
    how often an address, or a person, may search and use the interface: ``300/60`` is 300 times in 60 seconds; ``off``
``SKYPACT_UPLOAD_MB``
    the largest body of a request in megabytes; default 1024
``SKYPACT_PRICE_RISE_PERCENT``, ``SKYPACT_PRICE_RISE_DAYS``
    a price that rises by more than so many per cent within so many days is flagged; default 10 within 90
``SKYPACT_RATE_AGE_DAYS``
    how many days old an exchange rate may be; default 7, so that rates outlast Easter and the turn of the year
``SKYPACT_RATINGS_EMBARGO_DAYS``
    how many days buyers see a rating, and each change of one, before everybody else does; default 30
``SKYPACT_COMPOSE_SECONDS``, ``SKYPACT_COMPOSE_MEMORY_MB``
    how long and with how much (virtual) memory a process may compose one kit; default 1800 and 16384
``SKYPACT_KEEP_KITS_DAYS``
    how long ``skypact kit prune`` leaves the kits of people who did not sign in; default 90
``SKYPACT_DEBUG``
    ``1`` shows tracebacks in the browser; for developers
"""

import os

from skypact.market.core import database, environment
from skypact.market.core.home import home_folder, secret_key
from skypact.market.core.limits import Limit

DEBUG = os.environ.get("SKYPACT_DEBUG") == "1"
HOME = home_folder(os.environ)
TERRAIN = os.environ.get("SKYPACT_TERRAIN")
SECRET_KEY = secret_key(HOME)
HTTPS = os.environ.get("SKYPACT_HTTPS") == "1"
ALLOWED_HOSTS = os.environ.get("SKYPACT_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []

DATABASES = {"default": database.configuration(url=os.environ.get("DATABASE_URL"), home=HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "skypact.market.core",
    "skypact.market.accounts",
    "skypact.market.catalogue",
    "skypact.market.documents",
    "skypact.market.relations",
    "skypact.market.federation",
    "skypact.market.kits",
    "skypact.market.coverage",
    "skypact.market.reports",
    "skypact.market.prices",
    "skypact.market.ratings",
    "skypact.market.searches",
    "skypact.market.batteries",
    "skypact.market.interop",
    "skypact.market.lab",
    "skypact.market.pictures",
    "skypact.market.suppliers",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "ninja",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "skypact.market.core.middleware.security_headers",
    "skypact.market.core.middleware.WaitedInVain",
    "skypact.market.core.answering.api_answers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "skypact.market.core.answering.request_limits",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "skypact.market.urls"
WSGI_APPLICATION = "skypact.market.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "skypact.market.suppliers.navigation.supply",
            ],
        },
    }
]

STATIC_URL = "static/"
# Served straight from the installed package: nothing is copied, so that a read-only installation works.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 60

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ko", "한국어")]
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "skypact.market.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = "skypact"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "skypact.market.core.views.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024
UPLOAD_MAX_BYTES = int(os.environ.get("SKYPACT_UPLOAD_MB", "1024")) * 1024 * 1024

COMPOSE_SECONDS = int(os.environ.get("SKYPACT_COMPOSE_SECONDS", "1800"))
COMPOSE_MEMORY_MB = int(os.environ.get("SKYPACT_COMPOSE_MEMORY_MB", "16384"))
KEEP_KITS_DAYS = int(os.environ.get("SKYPACT_KEEP_KITS_DAYS", "90"))

PROXIES = int(os.environ.get("SKYPACT_PROXIES", "0"))
LIMIT_ANONYMOUS = Limit.of_text(os.environ.get("SKYPACT_LIMIT_ANONYMOUS", "300/60"))
LIMIT_SIGNED_IN = Limit.of_text(os.environ.get("SKYPACT_LIMIT_SIGNED_IN", "1200/60"))

PRICE_RISE_SHARE = environment.number("SKYPACT_PRICE_RISE_PERCENT", "10", most=1_000_000) / 100
PRICE_RISE_DAYS = int(environment.number("SKYPACT_PRICE_RISE_DAYS", "90", least=1, most=36_500, whole=True))
RATE_AGE_DAYS = int(environment.number("SKYPACT_RATE_AGE_DAYS", "7", most=36_500, whole=True))

RATINGS_EMBARGO_DAYS = int(environment.number("SKYPACT_RATINGS_EMBARGO_DAYS", "30", most=36_500, whole=True))

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"refusals": {"()": "skypact.market.core.refusals.without_traceback"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["refusals"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
