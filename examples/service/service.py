"""A web handler that asks siyu: one policy, loaded once, shared by all threads of the server.

It is a WSGI application, so any server of that kind runs it (`gunicorn 'service:serve()'`); for a
first look `python service.py` starts the small one of Python's own library.

    POST /decide                       a request in, the decision out: the bytes of `siyu decide`
    POST /explain?what=NAME&lang=zh    a request in, the reasons out (`why_not=NAME`, `what_if=1`)
    GET  /policy                       which policy decides here: name, version, digest
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import signal
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from urllib.parse import parse_qs
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import siyu
from siyu.api import NoSuchOutcome, Reason, Rejected, SiyuError, read_request

HERE = Path(__file__).resolve().parent
PACK = HERE.parents[1] / "policies" / "retail_membership"
LARGEST = 1_000_000
"""Bytes of a request that are read at most; a customer with a long history has some 100,000."""

WANTED = {"/decide": "POST", "/explain": "POST", "/policy": "GET"}
NOT_FIT = "the record is not what the schema asks for"
JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"

Start = Callable[[str, list[tuple[str, str]]], object]
Clock = Callable[[], dt.datetime]


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back to the caller."""

    status: str
    body: bytes
    kind: str = JSON


class Refused(Exception):
    """A request that is answered with an error; `reasons` say where, for the caller's log."""

    def __init__(self, status: str, message: str, reasons: Iterable[Reason] = ()) -> None:
        super().__init__(message)
        told = [{"path": reason.path, "message": reason.message} for reason in reasons]
        self.answer = Answer(status, _json({"error": message, "reasons": told}))


class Service:
    """The handler. `now` gives the moment of requests that bring none: siyu itself reads no clock,
    so the moment stands in the decision, and a log of requests can be decided about again."""

    def __init__(
        self,
        policy: Path,
        calibration: Path | None = None,
        allocation: Path | None = None,
        now: Clock = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self._files = (policy, calibration, allocation)
        self._now = now
        self._policy = self._loaded()

    def _loaded(self) -> siyu.Policy:
        policy, calibration, allocation = self._files
        loaded = siyu.load(policy, calibration=calibration, allocation=allocation)
        _ = loaded.ready  # a missing calibration is a reason not to start, not to fail later
        return loaded

    def reload(self) -> str:
        """Reads the files again. A policy with errors changes nothing: the old one decides on."""
        try:
            self._policy = self._loaded()  # one assignment: a thread sees the old one or the new
        except SiyuError as error:
            return f"kept {self._policy.digest}: {error}"
        return f"now {self._policy.digest}"

    def __call__(self, environ: Mapping[str, Any], start: Start) -> Iterable[bytes]:
        try:
            answer = self._answer(environ)
        except Refused as refused:
            answer = refused.answer
        except Rejected as rejected:
            answer = Refused("422 Unprocessable Content", NOT_FIT, rejected.reasons).answer
        start(
            answer.status,
            [
                ("Content-Type", answer.kind),
                ("Content-Length", str(len(answer.body))),
                ("X-Policy-Digest", self._policy.digest),
            ],
        )
        return [answer.body]

    def _answer(self, environ: Mapping[str, Any]) -> Answer:
        path, method = environ.get("PATH_INFO", ""), environ["REQUEST_METHOD"]
        if path not in WANTED:
            raise Refused("404 Not Found", f"there is {', '.join(WANTED)}")
        if method != WANTED[path]:
            raise Refused("405 Method Not Allowed", f"{path} takes {WANTED[path]}")
        asked = {
            name: texts[-1] for name, texts in parse_qs(environ.get("QUERY_STRING", "")).items()
        }
        match path:
            case "/decide":
                return self._decide(_body(environ))
            case "/explain":
                return self._explain(_body(environ), asked, environ.get("HTTP_ACCEPT", ""))
            case _:
                return self._about()

    def _decide(self, body: bytes) -> Answer:
        return Answer("200 OK", self._policy.decide_json(body, self._now()).to_json())

    def _explain(self, body: bytes, asked: Mapping[str, str], accept: str) -> Answer:
        """Personal values stay masked: whoever answers the phone sees reasons, not birthdays."""
        language = asked.get("lang", "en")
        if language not in ("en", "zh"):
            raise Refused("400 Bad Request", "`lang` is en or zh")
        try:
            why = self._policy.explain(
                read_request(body),
                asked.get("what"),
                why_not=asked.get("why_not"),
                what_if=asked.get("what_if") == "1",
                as_of=self._now(),
            )
        except NoSuchOutcome as error:
            raise Refused("404 Not Found", str(error.said)) from error
        if "text/html" in accept:
            return Answer("200 OK", why.html(language).encode(), HTML)
        return Answer("200 OK", _json(why.to_dict(language)))

    def _about(self) -> Answer:
        policy = self._policy
        when = policy.calibrated_at
        calibrated = None if when is None else _instant(when)
        return Answer(
            "200 OK",
            _json(
                {
                    "policy": policy.name,
                    "version": policy.version,
                    "digest": policy.digest,
                    "calibrated_at": calibrated,
                }
            ),
        )


def _body(environ: Mapping[str, Any]) -> bytes:
    try:
        size = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError as error:
        raise Refused("400 Bad Request", "the Content-Length is no number") from error
    if size > LARGEST:
        raise Refused("413 Content Too Large", f"a request has at most {LARGEST:,} bytes")
    body: bytes = environ["wsgi.input"].read(size)
    return body


def _json(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _instant(microseconds: int) -> str:
    return dt.datetime.fromtimestamp(microseconds // 1_000_000, dt.UTC).isoformat()


def serve() -> Service:
    """The application of this example: the policy of `policies/retail_membership`."""
    return Service(PACK / "tour.siyu", PACK / "calibration.yaml")


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Handler(WSGIRequestHandler):
    """Customers' keys do not belong into the log of a web server: it tells path and status."""

    def log_message(self, format: str, *args: object) -> None:
        sys.stderr.write(f"{self.command} {self.path.partition('?')[0]} {args[-2]}\n")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--port", type=int, default=8765)
    try:
        service = serve()
    except SiyuError as error:
        sys.exit(f"service: {error}")
    port = options.parse_args().port
    with make_server("127.0.0.1", port, service, Server, Handler) as server:
        if hasattr(signal, "SIGHUP"):
            signal.signal(signal.SIGHUP, lambda *_: print(service.reload(), flush=True))
        print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("stopped")


if __name__ == "__main__":
    main()
