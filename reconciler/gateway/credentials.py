"""The keys that every request is signed with."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """UCloud's key pair; `repr` shows none of it but the public key."""

    public_key: str
    private_key: str = field(repr=False)
    security_token: str | None = field(default=None, repr=False)
    """Set for temporary (STS) credentials alone."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown."""
        return tuple(key for key in (self.private_key, self.security_token) if key)
