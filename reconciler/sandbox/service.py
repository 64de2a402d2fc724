"""The service without its sockets: a request in; a reply, and the fault to deliver it with, out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import uuid4

from reconciler.errors import UsageError
from reconciler.model import ReviewStatus
from reconciler.sandbox import codes
from reconciler.sandbox.access import check_account, check_action
from reconciler.sandbox.actions import HANDLERS, Call
from reconciler.sandbox.decode import decode, encoding
from reconciler.sandbox.faults import FORGETTING, Fault, FaultBox
from reconciler.sandbox.log import Log, LogEntry, described, mentioned, shown
from reconciler.sandbox.parameters import Parameters
from reconciler.sandbox.replies import Decision, forgotten, reply
from reconciler.sandbox.reviewer import Clock, Reviewer, StoredSignature, put
from reconciler.sandbox.seed import Seed
from reconciler.sandbox.store import Store
from reconciler.sandbox.wire import Reply, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """What a request led to."""

    reply: Reply
    fault: Fault | None


class Service:
    """Signatures, reviewer, faults and log; every method may be called from any thread."""

    def __init__(
        self,
        *,
        seed: Seed,
        review_after: float | None,
        faults: Iterable[Fault],
        clock: Clock,
    ) -> None:
        self.seed = seed
        self.faults = FaultBox()
        for fault in faults:
            self.faults.add(fault)
        self.log = Log()
        self._clock = clock
        self._started = clock()
        self._reviewer = Reviewer(review_after=review_after, clock=clock)
        self.store = Store(self._reviewer.seeded(seed), self._reviewer.settle)

    def review(self, id: str, status: ReviewStatus, reason: str | None = None) -> StoredSignature:
        """Put a signature where a reviewer would; raises `UsageError` without such an id."""
        if status not in codes.STATUS_NUMBERS:
            known = ", ".join(codes.STATUS_NUMBERS)
            raise UsageError(f"{status.value!r} is not a status of the service; use one of {known}")
        with self.store.lock:
            signature = self.store.get(id)
            if signature is None:
                raise UsageError(f"the sandbox has no signature {id!r}")
            self.store.put(put(signature, status, reason))
            return put(signature, status, reason)

    def handle(self, request: Request) -> Handled:
        """Answer one request of the API, and log it."""
        uuid = str(uuid4())
        parameters = decode(request)
        action = str(parameters.values.get("Action", ""))
        fault = self.faults.take(action)
        if fault is not None and fault.kind in FORGETTING:
            decision = forgotten(action, fault)
        else:
            decision = self._decide(action, parameters)
        self._record(request, uuid, parameters, decision, fault)
        return Handled(reply=reply(decision, fault, uuid), fault=fault)

    def _decide(self, action: str, parameters: Parameters) -> Decision:
        try:
            handler = HANDLERS[check_action(parameters)]
            call = Call(
                parameters=parameters,
                account=check_account(self.seed.accounts, parameters),
                seed=self.seed,
                store=self.store,
                reviewer=self._reviewer,
            )
            return Decision(action=action, code=codes.OK, fields=handler(call))
        except codes.RefusalError as refusal:
            return Decision(action=action, code=refusal.code, message=refusal.summary)

    def _record(
        self,
        request: Request,
        uuid: str,
        parameters: Parameters,
        decision: Decision,
        fault: Fault | None,
    ) -> None:
        content = parameters.values.get("SigContent")
        self.log.add(
            LogEntry(
                at=self._clock() - self._started,
                connection=request.connection,
                uuid=uuid,
                encoding=encoding(request),
                user_agent=request.head.headers.get("user-agent", ""),
                action=decision.action,
                ids=mentioned(parameters),
                content=None if content is None else str(content),
                parameters=shown(parameters),
                documents=described(parameters),
                accepted=decision.code == codes.OK,
                retcode=decision.code,
                fault=None if fault is None else fault.kind.value,
            )
        )
