"""Signing in at the office's own OpenID Connect provider (extra `oidc`), for accounts that are here already.

mozilla-django-oidc fetches and verifies the tokens. What it leaves open is closed here: issuer and audience are checked,
nothing is sent to another host than the issuer's, no redirect is followed, no account is ever made.
"""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt
import requests
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from mozilla_django_oidc.utils import generate_code_challenge
from requests.auth import HTTPBasicAuth

from zhengxiao.kernel.identity.api import User, username_as_kept
from zhengxiao.lib.refusals import Refusal, gettext_noop

TIMEOUT = 10
ALGORITHM = "RS256"
CALLBACK = "portal:oidc-back"
FAULTS = (SuspiciousOperation, requests.RequestException, jwt.PyJWTError, KeyError, ValueError)
"""What goes wrong at or with a provider: nobody comes in, and the page says so."""


class ProviderFailed(Refusal):
    template = gettext_noop("统一身份认证没有成功。请重试；多次不成请用密码登录，并告诉系统管理员。")


class NoAccountHere(Refusal):
    template = gettext_noop("统一身份认证已通过，但这里没有对应的启用账号。请联系系统管理员开户。")


def authorization_address(request: HttpRequest, *, state: str, nonce: str, verifier: str) -> str:
    """Where the browser goes to sign in."""
    asked = {
        "response_type": "code",
        "scope": settings.ZX_OIDC_SCOPES,
        "client_id": settings.ZX_OIDC_CLIENT_ID,
        "redirect_uri": request.build_absolute_uri(reverse(CALLBACK)),
        "state": state,
        "nonce": nonce,
        "code_challenge": generate_code_challenge(verifier, "S256"),
        "code_challenge_method": "S256",
    }
    if settings.ZX_OIDC_ACR:
        asked["acr_values"] = " ".join(settings.ZX_OIDC_ACR)
    return f"{provider()['authorization_endpoint']}?{urlencode(asked)}"


def provider() -> dict[str, Any]:
    """What the issuer says of itself, asked once per process."""
    return _provider(settings.ZX_OIDC_ISSUER.rstrip("/"))


@lru_cache(maxsize=4)
def _provider(issuer: str) -> dict[str, Any]:
    told: dict[str, Any] = _fetch("GET", f"{issuer}/.well-known/openid-configuration").json()
    if str(told["issuer"]).rstrip("/") != issuer:
        raise SuspiciousOperation("the provider calls itself otherwise than the setting does")
    for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"):
        _check_place(told[name])
    return told


def _check_place(address: str) -> None:
    """The issuer's own host and port, over TLS (plain HTTP on loopback only)."""
    issuer, asked = urlsplit(settings.ZX_OIDC_ISSUER), urlsplit(address)
    if (asked.scheme, asked.hostname, asked.port) != (issuer.scheme, issuer.hostname, issuer.port):
        raise SuspiciousOperation("an address of the provider lies on another host than the issuer")
    if asked.scheme != "https" and not _is_loopback(asked.hostname or ""):
        raise SuspiciousOperation("the provider is asked over TLS only")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _fetch(method: str, address: str, **more: Any) -> requests.Response:
    """One request to the issuer's host: no proxy of the environment, no redirect, an answer of 200."""
    _check_place(address)
    with requests.Session() as session:
        session.trust_env = False
        answer = session.request(method, address, timeout=TIMEOUT, allow_redirects=False, **more)
    if answer.status_code != 200:
        raise requests.HTTPError(f"the provider answered {answer.status_code}", response=answer)
    return answer


class Backend(OIDCAuthenticationBackend):  # type: ignore[misc]
    """Fetches and verifies; finds the account that has the claim as its username, or none."""

    payload: dict[str, Any]

    @staticmethod
    def get_settings(attr: str, *default: Any) -> Any:
        told = provider()
        values = {
            "OIDC_OP_TOKEN_ENDPOINT": told["token_endpoint"],
            "OIDC_OP_USER_ENDPOINT": told["userinfo_endpoint"],
            "OIDC_OP_JWKS_ENDPOINT": told["jwks_uri"],
            "OIDC_RP_CLIENT_ID": settings.ZX_OIDC_CLIENT_ID,
            "OIDC_RP_CLIENT_SECRET": settings.ZX_OIDC_CLIENT_SECRET,
            "OIDC_RP_SIGN_ALGO": ALGORITHM,
            "OIDC_AUTHENTICATION_CALLBACK_URL": CALLBACK,
            "OIDC_CREATE_USER": False,
        }
        return values[attr] if attr in values else default[0] if default else None

    def get_token(self, payload: dict[str, str]) -> dict[str, Any]:
        ways = provider().get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        auth = None
        if "client_secret_basic" in ways:
            auth = HTTPBasicAuth(payload["client_id"], payload.pop("client_secret"))
        found: dict[str, Any] = _fetch("POST", self.OIDC_OP_TOKEN_ENDPOINT, data=payload, auth=auth).json()
        return found

    def retrieve_matching_jwk(self, token: str) -> Any:
        keys = jwt.PyJWKSet.from_dict(_fetch("GET", self.OIDC_OP_JWKS_ENDPOINT).json()).keys
        wanted = jwt.get_unverified_header(token).get("kid")
        # A token that names no key is taken when there is one key only (OpenID Connect Core 10.1).
        found = [key for key in keys if key.key_type == "RSA" and wanted in {None, key.key_id}]
        if len(found) != 1:
            raise SuspiciousOperation("the provider has no such key")
        return found[0]

    def verify_token(self, token: str, **kwargs: Any) -> dict[str, Any]:
        """Signature, time and nonce by the library; issuer and audience here."""
        payload: dict[str, Any] = super().verify_token(token, **kwargs)
        audience = payload.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        mine = settings.ZX_OIDC_CLIENT_ID
        if payload.get("iss") != provider()["issuer"] or mine not in audiences or "exp" not in payload:
            raise SuspiciousOperation("the token is not of this issuer or not for this client")
        if len(audiences) > 1 and payload.get("azp") != mine:
            raise SuspiciousOperation("the token was made for another client")
        return payload

    def get_userinfo(self, access_token: str, id_token: str, payload: dict[str, Any]) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {access_token}"}
        told: dict[str, Any] = _fetch("GET", self.OIDC_OP_USER_ENDPOINT, headers=headers).json()
        if told.get("sub") != payload.get("sub"):
            raise SuspiciousOperation("token and user information speak of different people")
        self.payload = payload
        return {**payload, **told}

    def verify_claims(self, claims: dict[str, Any]) -> bool:
        return isinstance(claims.get(settings.ZX_OIDC_CLAIM), str)

    def filter_users_by_claims(self, claims: dict[str, Any]) -> QuerySet[User]:
        name = username_as_kept(claims[settings.ZX_OIDC_CLAIM])
        return User.objects.filter(username__iexact=name, is_active=True)


def user_of_answer(request: HttpRequest, *, nonce: str, verifier: str) -> tuple[User, bool]:
    """The account of who signed in at the provider, and whether its second factor is trusted (ZX_OIDC_ACR).

    Raises ProviderFailed, NoAccountHere.
    """
    try:
        backend = Backend()
        user = backend.authenticate(request, nonce=nonce, code_verifier=verifier)
    except FAULTS as error:
        raise ProviderFailed from error
    if user is None:
        raise NoAccountHere if hasattr(backend, "payload") else ProviderFailed
    return user, backend.payload.get("acr") in settings.ZX_OIDC_ACR
