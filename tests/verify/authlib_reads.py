"""Reads introspections as services that use Authlib do: URL, the caller's name and secret, a token's secret."""

import json
import sys

import requests
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc6750 import InsufficientScopeError, InvalidTokenError
from authlib.oauth2.rfc7662 import IntrospectTokenValidator

url, name, bearer, secret = sys.argv[1:]


class Validator(IntrospectTokenValidator):
    def introspect_token(self, token_string):
        data = {"token": token_string, "token_type_hint": "access_token"}
        headers = {"Authorization": f"Bearer {bearer}"}
        answer = requests.post(url, data=data, headers=headers, timeout=10)
        answer.raise_for_status()
        return answer.json()


def refusal(validator, secret, scopes):
    try:
        validator.validate_token(validator.authenticate_token(secret), scopes, None)
    except (InsufficientScopeError, InvalidTokenError) as error:
        return error.error
    return None


validator = Validator()
token = validator.authenticate_token(secret)
held = refusal(validator, secret, ["trees:listTrees trees:getTree"]) is None


def with_bearer(request):
    request.headers["Authorization"] = f"Bearer {bearer}"
    return request


answer = requests.post(url, data={"token": secret}, auth=with_bearer, timeout=10)
session = OAuth2Session("gateway", token={"access_token": bearer, "token_type": "Bearer"})
through_session = session.post(url, data={"token": secret}).json()
# With HTTP Basic: Authlib sends the name and the secret as they stand.
basic = OAuth2Session(name, bearer).introspect_token(url, token=secret)
print(json.dumps({
    "client_id": token["client_id"],
    "held": held,
    "not_held": refusal(validator, secret, ["pickers:payPicker"]),
    "unknown": refusal(validator, "cst_unknown", []),
    "session": through_session == answer.json(),
    "basic": basic.json() == answer.json(),
}))
