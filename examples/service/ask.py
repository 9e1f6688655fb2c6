"""Starts the service, asks it as a till and a clerk would, and shows what comes back.

python ask.py
"""

from __future__ import annotations

import http.client
import json
import threading
from wsgiref.simple_server import make_server

from rich.console import Console
from rich.table import Table
from service import PACK, Handler, Server, serve

CUSTOMER = "M11"


def main() -> None:
    """Asks three questions."""
    console = Console(highlight=False, width=100)
    with make_server("127.0.0.1", 0, serve(), Server, Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_port
        about = asked(port, "GET", "/policy")
        console.print(f"[bold]GET /policy[/]\n  {about['policy']}, version {about['version']}")
        request = the_request()
        console.print(f"\n[bold]POST /decide[/]  a request of {len(request):,} bytes")
        show(console, asked(port, "POST", "/decide", request))
        for question in ("what=member_level&what_if=1&lang=zh", "why_not=wakeup_push&lang=zh"):
            console.print(f"\n[bold]POST /explain?{question}[/]")
            for outcome in asked(port, "POST", f"/explain?{question}", request)["outcomes"]:
                console.print(f"  {outcome['label']}：{outcome['headline']}")
                for step in outcome["steps"][:6]:
                    console.print(f"    {MARKS[step['verdict']]} {step['text']}")
        console.print("\n[bold]POST /decide[/]  a record with a mistake")
        wrong = asked(port, "POST", "/decide", b'{"customer": {"member_id": "M1", "age": "old"}}')
        for reason in wrong["reasons"]:
            console.print(f"  {reason['path']}: {reason['message']}")
        server.shutdown()


MARKS = {"true": "✓", "false": "✗", "unknown": "?", None: "·"}


def the_request() -> bytes:
    """One line of the pack's members."""
    lines = (PACK / "customers.jsonl").read_bytes().splitlines()
    return next(line for line in lines if json.loads(line)["customer"]["member_id"] == CUSTOMER)


def show(console: Console, decision: dict) -> None:
    """What a till needs of a decision."""
    table = Table(box=None, padding=(0, 2), show_header=False)
    for name, tier in decision["tiers"].items():
        table.add_row(name, f"{tier['level']} until {tier['keep_until']}")
    for incentive in decision["incentives"]:
        table.add_row(incentive["rule"], f"{incentive['benefit']} {incentive['detail'] or ''}")
    for contact in decision["contacts"]:
        table.add_row(contact["rule"], f"{contact['channel']}, not before {contact['not_before']}")
    for stopped in decision["stopped"]:
        table.add_row(stopped["rule"], f"stopped by {stopped['by']} ({stopped['code']})")
    console.print(table)


def asked(port: int, method: str, path: str, body: bytes | None = None) -> dict:
    """The answer, as JSON."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(method, path, body)
    answer = json.loads(connection.getresponse().read())
    connection.close()
    return answer


if __name__ == "__main__":
    main()
