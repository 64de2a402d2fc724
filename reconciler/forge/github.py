"""GitHub's REST API, version 2022-11-28; a pull request's comments are those of its issue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.forge.api import Api
from reconciler.forge.failures import ForgeError
from reconciler.forge.patience import FORBIDDEN
from reconciler.forge.values import Access, Change, Comment, Issue, shaped

ACTIONS = "github-actions[bot]"
"""Who a workflow's own token writes as."""
_NOT_A_PERSON = frozenset({FORBIDDEN, 404})


def headers(access: Access) -> Mapping[str, str]:
    """What GitHub wants with each request."""
    return {
        "Authorization": f"Bearer {access.token}",
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": "2022-11-28",
    }


class GitHub:
    """One repository; implements `Forge`."""

    longest = 65_536

    def __init__(self, api: Api, access: Access) -> None:
        self._api = api
        self._path = f"/repos/{access.project}"

    def author(self) -> str:
        """The token's user. A workflow's token is none, and is not allowed to ask."""
        try:
            return shaped(_named, self._api.get("/user"))
        except ForgeError as error:
            if error.status in _NOT_A_PERSON:
                return ACTIONS
            raise

    def comments(self, number: int) -> Iterator[Comment]:
        """Ordered by id, which is by age."""
        return (
            shaped(_comment, each)
            for each in self._api.pages(f"{self._path}/issues/{number}/comments")
        )

    def add_comment(self, number: int, body: str) -> Comment:
        """A comment on the conversation, not on a line."""
        path = f"{self._path}/issues/{number}/comments"
        return shaped(_comment, self._api.write("POST", path, {"body": body}))

    def edit_comment(self, number: int, comment: Comment, body: str) -> Comment:  # noqa: ARG002 - GitLab needs the number
        """The comment's id is enough."""
        path = f"{self._path}/issues/comments/{comment.id}"
        return shaped(_comment, self._api.write("PATCH", path, {"body": body}))

    def open_issues(self, author: str) -> Iterator[Issue]:
        """GitHub lists pull requests among them; those are left out."""
        found = self._api.pages(
            f"{self._path}/issues",
            state="open",
            creator=author,
            sort="created",
            direction="asc",
        )
        return (shaped(_issue, each) for each in found if "pull_request" not in each)

    def add_issue(self, title: str, body: str) -> Issue:
        """Without labels or assignees: those are for people to give."""
        return shaped(_issue, self._api.write("POST", f"{self._path}/issues", _text(title, body)))

    def edit_issue(self, issue: Issue, title: str, body: str, *, close: bool = False) -> Issue:
        """Closed as completed."""
        end = {"state": "closed", "state_reason": "completed"} if close else {}
        path = f"{self._path}/issues/{issue.number}"
        return shaped(_issue, self._api.write("PATCH", path, {**_text(title, body), **end}))

    def changes_of(self, commit: str) -> tuple[Change, ...]:
        """For a commit of the default branch, the pull request that brought it."""
        found = self._api.pages(f"{self._path}/commits/{commit}/pulls")
        return tuple(shaped(_change, each) for each in found)


def _text(title: str, body: str) -> dict[str, object]:
    return {"title": title, "body": body}


def _comment(found: Any) -> Comment:
    return Comment(
        id=found["id"],
        author=_login(found),
        body=found.get("body") or "",
        url=found.get("html_url", ""),
    )


def _issue(found: Any) -> Issue:
    return Issue(
        number=found["number"],
        author=_login(found),
        title=found.get("title") or "",
        body=found.get("body") or "",
        url=found.get("html_url", ""),
    )


def _change(found: Any) -> Change:
    return Change(
        number=found["number"],
        head=found["head"]["sha"],
        merged=found.get("merged_at") is not None,
        branch=found["base"]["ref"],
        url=found.get("html_url", ""),
    )


def _named(found: Any) -> str:
    return str(found["login"])


def _login(found: Any) -> str:
    """Empty for an account that was deleted, which GitHub shows as null."""
    user = found.get("user")
    return user["login"] if user else ""
