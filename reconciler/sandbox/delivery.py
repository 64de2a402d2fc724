"""Bringing a reply to the client, or failing to in the way a fault wants."""

from __future__ import annotations

from dataclasses import dataclass
from socket import socket
from threading import Event

from reconciler.sandbox.faults import Fault, FaultKind
from reconciler.sandbox.wire import Reply, encode_head, whole

HUGE_BYTES = 64 * 1024 * 1024
"""What `huge` adds to an answer: spaces, so that a reader without limits finds good JSON."""
_CHUNK = b" " * 65536
_SILENT = frozenset({FaultKind.DROP_BEFORE, FaultKind.DROP_AFTER})
_HANGING = frozenset({FaultKind.HANG, FaultKind.HANG_AFTER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How slow the sandbox is, in seconds, and what ends every waiting."""

    latency: float
    """Before each reply of the API."""
    drip: float
    """Between two bytes of the fault `slow`."""
    stop: Event


def deliver(
    connection: socket, reply: Reply, fault: Fault | None, pace: Pace, *, keep_alive: bool
) -> bool:
    """Send the reply; False when the connection is to be closed now."""
    kind = None if fault is None else fault.kind
    if kind in _SILENT:
        return False
    if kind in _HANGING:
        _await_departure(connection)
        return False
    if pace.latency:
        pace.stop.wait(pace.latency)
    if kind is FaultKind.CUT:
        head = encode_head(reply, keep_alive=keep_alive)
        connection.sendall(head + reply.body[: len(reply.body) // 2])
        return False
    if kind is FaultKind.HUGE:
        _send_huge(connection, reply, keep_alive=keep_alive)
    elif kind is FaultKind.SLOW:
        _drip(connection, encode_head(reply, keep_alive=keep_alive), reply.body, pace)
    else:
        connection.sendall(whole(reply, keep_alive=keep_alive))
    return keep_alive


def _await_departure(connection: socket) -> None:
    # Ends when the client closes, and when the sandbox shuts the socket down to stop.
    while connection.recv(65536):
        pass


def _send_huge(connection: socket, reply: Reply, *, keep_alive: bool) -> None:
    length = len(reply.body) + HUGE_BYTES
    connection.sendall(encode_head(reply, keep_alive=keep_alive, length=length) + reply.body)
    for _ in range(HUGE_BYTES // len(_CHUNK)):
        connection.sendall(_CHUNK)


def _drip(connection: socket, head: bytes, body: bytes, pace: Pace) -> None:
    connection.sendall(head)
    for place in range(len(body)):
        if pace.stop.wait(pace.drip):
            return
        connection.sendall(body[place : place + 1])
