"""What every forge can do; the fakes of the tests are behind it, at the other end of a socket."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from reconciler.forge.values import Change, Comment, Issue


class Forge(Protocol):
    """One repository at GitHub or GitLab. Every method raises `ForgeError`."""

    longest: int
    """Characters of a comment's or an issue's text."""

    def author(self) -> str:
        """Under which name this program writes."""
        ...

    def comments(self, number: int) -> Iterator[Comment]:
        """Those on a change, oldest first, whatever their number."""
        ...

    def add_comment(self, number: int, body: str) -> Comment:
        """A new comment on a change."""
        ...

    def edit_comment(self, number: int, comment: Comment, body: str) -> Comment:
        """Another text for a comment."""
        ...

    def open_issues(self, author: str) -> Iterator[Issue]:
        """The open ones that this author opened, oldest first."""
        ...

    def add_issue(self, title: str, body: str) -> Issue:
        """A new issue."""
        ...

    def edit_issue(self, issue: Issue, title: str, body: str, *, close: bool = False) -> Issue:
        """Another title and text for an issue, which may be closed with it."""
        ...

    def changes_of(self, commit: str) -> tuple[Change, ...]:
        """The changes that a commit belongs to."""
        ...
