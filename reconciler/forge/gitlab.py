"""GitLab's REST API, version 4; its comments are called notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from reconciler.forge.api import Api
from reconciler.forge.values import Access, Change, Comment, Issue, shaped


def headers(access: Access) -> Mapping[str, str]:
    """What GitLab wants with each request. A CI job's own token may not write notes."""
    return {"PRIVATE-TOKEN": access.token}


class GitLab:
    """One project; implements `Forge`."""

    longest = 1_000_000

    def __init__(self, api: Api, access: Access) -> None:
        self._api = api
        self._path = f"/projects/{quote(access.project, safe='')}"

    def author(self) -> str:
        """The token's user; a project's access token has one of its own."""
        return shaped(_named, self._api.get("/user"))

    def comments(self, number: int) -> Iterator[Comment]:
        """Without what GitLab itself notes down, such as a new commit."""
        notes = self._api.pages(self._notes(number), sort="asc", order_by="created_at")
        return (shaped(_comment, each) for each in notes if not each.get("system"))

    def add_comment(self, number: int, body: str) -> Comment:
        """A note that starts no thread."""
        return shaped(_comment, self._api.write("POST", self._notes(number), {"body": body}))

    def edit_comment(self, number: int, comment: Comment, body: str) -> Comment:
        """A note is found below its merge request alone."""
        path = f"{self._notes(number)}/{comment.id}"
        return shaped(_comment, self._api.write("PUT", path, {"body": body}))

    def open_issues(self, author: str) -> Iterator[Issue]:
        """Oldest first."""
        found = self._api.pages(
            f"{self._path}/issues",
            state="opened",
            scope="all",
            author_username=author,
            order_by="created_at",
            sort="asc",
        )
        return (shaped(_issue, each) for each in found)

    def add_issue(self, title: str, body: str) -> Issue:
        """Without labels or assignees: those are for people to give."""
        return shaped(_issue, self._api.write("POST", f"{self._path}/issues", _text(title, body)))

    def edit_issue(self, issue: Issue, title: str, body: str, *, close: bool = False) -> Issue:
        """Closing is an event in GitLab's words."""
        end = {"state_event": "close"} if close else {}
        path = f"{self._path}/issues/{issue.number}"
        return shaped(_issue, self._api.write("PUT", path, {**_text(title, body), **end}))

    def changes_of(self, commit: str) -> tuple[Change, ...]:
        """For a commit of the default branch, the merge request that brought it."""
        found = self._api.pages(f"{self._path}/repository/commits/{commit}/merge_requests")
        return tuple(shaped(_change, each) for each in found)

    def _notes(self, number: int) -> str:
        return f"{self._path}/merge_requests/{number}/notes"


def _text(title: str, body: str) -> dict[str, object]:
    return {"title": title, "description": body}


def _named(found: Any) -> str:
    return str(found["username"])


def _comment(found: Any) -> Comment:
    # GitLab gives a note no address of its own.
    return Comment(id=found["id"], author=found["author"]["username"], body=found["body"], url="")


def _issue(found: Any) -> Issue:
    return Issue(
        number=found["iid"],
        author=found["author"]["username"],
        title=found["title"],
        body=found.get("description") or "",
        url=found.get("web_url", ""),
    )


def _change(found: Any) -> Change:
    return Change(
        number=found["iid"],
        head=found["sha"],
        merged=found["state"] == "merged",
        branch=found["target_branch"],
        url=found.get("web_url", ""),
    )
