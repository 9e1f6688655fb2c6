"""The web handler of `examples/service`: what it answers, also to those who ask it wrongly."""

from __future__ import annotations

import datetime as dt
import io
import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest

import siyu

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "service"
sys.path.insert(0, str(FOLDER))

# An example is no package: it is found once its folder stands on the path, so after that line.
import service  # noqa: E402

NOON = dt.datetime(2026, 11, 21, 4, 0, tzinfo=dt.UTC)
REQUESTS = (service.PACK / "customers.jsonl").read_bytes().splitlines()


@dataclass(frozen=True, slots=True)
class Answered:
    """What a server would send."""

    status: str
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> Any:
        return json.loads(self.body)


def ask(
    app: service.Service, method: str, path: str, body: bytes = b"", **headers: str
) -> Answered:
    """One request, through the checks that Python's library has for the protocol."""
    route, _, query = path.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": route,
        "QUERY_STRING": query,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        **headers,
    }
    setup_testing_defaults(environ)
    begun: list[tuple[str, list[tuple[str, str]]]] = []
    # The checker's stubs ask for more of `start_response`, and promise less, than the protocol.
    pieces = validator(app)(environ, lambda status, names, *_: begun.append((status, names)))  # type: ignore[arg-type,return-value]
    told = b"".join(pieces)
    pieces.close()  # type: ignore[attr-defined]
    ((status, names),) = begun
    return Answered(status, dict(names), told)


@pytest.fixture(scope="module")
def app() -> service.Service:
    return service.Service(
        service.PACK / "tour.siyu", service.PACK / "calibration.yaml", now=lambda: NOON
    )


def test_it_answers_with_the_bytes_of_a_decision(app: service.Service) -> None:
    policy = siyu.load(service.PACK / "tour.siyu", calibration=service.PACK / "calibration.yaml")
    for line in REQUESTS:
        answer = ask(app, "POST", "/decide", line)
        assert answer.status == "200 OK"
        assert answer.body == policy.decide_json(line).to_json()
        assert answer.headers["X-Policy-Digest"] == policy.digest
        assert answer.headers["Content-Length"] == str(len(answer.body))


def test_a_request_without_a_moment_is_decided_now(app: service.Service) -> None:
    request = json.loads(REQUESTS[0])
    del request["as_of"]
    answer = ask(app, "POST", "/decide", json.dumps(request).encode())
    assert answer.told["as_of"] == "2026-11-21T12:00:00+08:00"


def test_threads_share_it(app: service.Service) -> None:
    one_by_one = [ask(app, "POST", "/decide", line).body for line in REQUESTS]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda line: ask(app, "POST", "/decide", line).body, REQUESTS))
    assert together == one_by_one


def test_it_explains(app: service.Service) -> None:
    why = ask(app, "POST", "/explain?what=wakeup&lang=zh", REQUESTS[1])
    assert why.told["language"] == "zh"
    assert [outcome["name"] for outcome in why.told["outcomes"]] == ["wakeup"]
    not_sent = ask(app, "POST", "/explain?why_not=wakeup_push", REQUESTS[10])
    assert not_sent.told["question"] == "why_not"
    page = ask(app, "POST", "/explain?what=wakeup", REQUESTS[1], HTTP_ACCEPT="text/html")
    assert page.headers["Content-Type"].startswith("text/html")
    assert page.body.startswith(b"<!doctype html>")


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "error"),
    [
        ("GET", "/nothing", b"", "404 Not Found", "there is /decide, /explain, /policy"),
        ("GET", "/decide", b"", "405 Method Not Allowed", "/decide takes POST"),
        ("POST", "/decide", b"{", "422 Unprocessable Content", service.NOT_FIT),
        ("POST", "/explain?what=wakeup", b"[1]", "422 Unprocessable Content", service.NOT_FIT),
        ("POST", "/explain?lang=fr", REQUESTS[0], "400 Bad Request", "`lang` is en or zh"),
        (
            "POST",
            "/explain?what=wakup",
            REQUESTS[0],
            "404 Not Found",
            "the policy decides about nothing called `wakup`; perhaps `wakeup` is meant",
        ),
        (
            "POST",
            "/decide",
            b" " * (service.LARGEST + 1),
            "413 Content Too Large",
            "a request has at most 1,000,000 bytes",
        ),
    ],
)
def test_who_asks_wrongly_is_told(
    app: service.Service, method: str, path: str, body: bytes, status: str, error: str
) -> None:
    answer = ask(app, method, path, body)
    assert answer.status == status
    assert answer.told["error"] == error


def test_all_reasons_of_a_bad_record_are_told(app: service.Service) -> None:
    body = b'{"customer": {"member_id": "M1", "age": 1.5, "orders": []}}'
    reasons = ask(app, "POST", "/decide", body).told["reasons"]
    assert [reason["path"] for reason in reasons] == [
        "customer.age",
        "customer.unsubscribed",
        "customer.consents",
    ]


def test_a_policy_with_errors_changes_nothing(tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(service.PACK, pack)
    app = service.Service(pack / "tour.siyu", pack / "calibration.yaml", now=lambda: NOON)
    before = ask(app, "POST", "/decide", REQUESTS[1]).body
    text = (pack / "tour.siyu").read_text(encoding="utf-8")
    (pack / "tour.siyu").write_text(text.replace("segment at_risk", "segmnt at_risk"))
    assert app.reload().startswith("kept sha256:")
    assert ask(app, "POST", "/decide", REQUESTS[1]).body == before
    (pack / "tour.siyu").write_text(text.replace("  version 3", "  version 4"))
    assert app.reload().startswith("now sha256:")
    assert ask(app, "GET", "/policy").told["version"] == 4


def test_the_first_look_of_its_page() -> None:
    """`python ask.py` is what the README begins with."""
    run = subprocess.run(
        [sys.executable, "ask.py"], cwd=FOLDER, capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 0, run.stderr
    assert "retail_membership, version 3" in run.stdout
    assert "stopped by never (house.never.1)" in run.stdout
    assert "customer.age: must be a whole number, not `old`" in run.stdout
