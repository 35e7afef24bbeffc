"""Which character sets a request may declare."""

import codecs
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.http import parse_header_parameters

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

KNOWN = {"utf-8", "ascii", "iso8859-1"}
_PROBLEM = b'{"code":"unsupported_charset","detail":"Send UTF-8."}'


def refuse_odd_charsets(application: "WSGIApplication") -> "WSGIApplication":
    """Around Django, not among its middleware: it decodes with any codec of Python's before that, even `zlib`."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if _is_odd(environ.get("CONTENT_TYPE", "")):
            headers = [("Content-Type", "application/json"), ("Content-Length", str(len(_PROBLEM)))]
            start_response("415 Unsupported Media Type", headers)
            return [_PROBLEM]
        return application(environ, start_response)

    return answer


def _is_odd(content_type: str) -> bool:
    """Whether the charset is one of Python's codecs and not one of ours. What nobody knows, Django ignores."""
    try:
        charset = parse_header_parameters(content_type)[1].get("charset", "")
        return bool(charset) and codecs.lookup(charset).name not in KNOWN
    except (LookupError, ValueError):
        return False
