"""Who asks, as the site's identity provider says: a signed token instead of one of ours."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from garden.access.oidc import BadIdentityError, username_in
from garden.api.authentication import TOKEN_SCHEMES


class IdentityTokenAuthentication(BaseAuthentication):
    """`Authorization: JWT`, alone or after `Bearer`, where the site names its provider (OIDC_ISSUER).

    The token names an account that is here already: nobody gets one by having a token.
    """

    def authenticate(self, request: Request) -> tuple[Any, str] | None:
        words = request.headers.get("Authorization", "").split()
        if len(words) == 2 and words[0].lower() in TOKEN_SCHEMES:
            words = words[1:]
        if not settings.OIDC_ISSUER or len(words) != 1 or words[0].count(".") != 2:
            return None
        try:
            name = username_in(words[0])
        except BadIdentityError as error:
            raise AuthenticationFailed(error.detail) from error
        user = get_user_model().objects.filter(username=name, is_active=True).first()
        if user is None:
            raise AuthenticationFailed("Nobody of that name may come in.")
        return user, words[0]

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class IdentityTokenScheme(OpenApiAuthenticationExtension):
    target_class = "garden.api.identity.IdentityTokenAuthentication"
    name = "identityToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        description = "A token of the site's identity provider, alone or after `Bearer`."
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": description}
