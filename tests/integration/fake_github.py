"""GitHub's REST API, as far as this program uses it, written from its public documentation.

https://docs.github.com/rest: issues/comments, issues/issues, commits/commits, users/users,
using-the-rest-api/rate-limits and using-pagination.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tests.integration.fake_forge import TOKEN, Asked, FakeForge, Reply, Route, route

REPOSITORY = "example/signatures"
ACTIONS = "github-actions[bot]"
LONGEST = 65_536
FORBIDDEN = Reply(status=403, body={"message": "Resource not accessible by integration"})
_EVERYTHING = {"issues": "write", "pull-requests": "write"}
_REPO = f"/repos/{re.escape(REPOSITORY)}"


class FakeGitHub(FakeForge):
    """One repository. `user` is who the token belongs to; None is a workflow's own token."""

    def __init__(self, *, user: str | None = None) -> None:
        super().__init__()
        self.user = user
        self.comments: dict[int, list[dict[str, Any]]] = {}
        self.issues: list[dict[str, Any]] = []
        self.pulls: list[dict[str, Any]] = []
        self.commits: dict[str, list[int]] = {}
        """The pull requests that each commit belongs to."""
        self._tokens: dict[str, Mapping[str, str]] = {TOKEN: _EVERYTHING}
        self._id = 1000
        self._number = 0

    @property
    def author(self) -> str:
        """Who writes with the token."""
        return self.user or ACTIONS

    def environment(self) -> dict[str, str]:
        return {
            "GITHUB_API_URL": self.url,
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_TOKEN": TOKEN,
        }

    def token(self, permissions: Mapping[str, str], is_fork: bool) -> str:
        """A job's own token: it may do what the job asked for, and in a fork's case only read."""
        given = dict.fromkeys(permissions, "read") if is_fork else permissions
        token = f"{TOKEN}-{len(self._tokens)}"
        self._tokens[token] = given
        return token

    def pull(self, head: str) -> int:
        """Open a pull request, whose branch is at this commit."""
        self._number += 1
        found = {
            "number": self._number,
            "head": {"sha": head},
            "base": {"ref": "main"},
            "merged_at": None,
            "html_url": f"{self.url}/{REPOSITORY}/pull/{self._number}",
        }
        self.pulls.append(found)
        return self._number

    def say(self, number: int, author: str | None, body: str) -> dict[str, Any]:
        """A comment, as somebody writes it; None is an account that is gone."""
        self._id += 1
        comment = {
            "id": self._id,
            "body": body,
            "user": None if author is None else {"login": author},
            "html_url": f"{self.url}/{REPOSITORY}/pull/{number}#issuecomment-{self._id}",
        }
        self.comments.setdefault(number, []).append(comment)
        return comment

    def texts(self, number: int) -> list[str]:
        return [comment["body"] for comment in self.comments.get(number, [])]

    def open_issues(self) -> list[dict[str, Any]]:
        return [each for each in self.issues if each["state"] == "open"]

    def answer(self, asked: Asked) -> Reply:
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self._tokens:
            return Reply(status=401, body={"message": "Bad credentials"})
        if not _is_allowed(asked, self._tokens[token]):
            return FORBIDDEN
        routes: list[Route] = [
            ("GET", "/user", self._who),
            ("GET", rf"{_REPO}/issues/(\d+)/comments", self._comments),
            ("POST", rf"{_REPO}/issues/(\d+)/comments", self._comment),
            ("PATCH", rf"{_REPO}/issues/comments/(\d+)", self._edit_comment),
            ("GET", rf"{_REPO}/issues", self._issues),
            ("POST", rf"{_REPO}/issues", self._issue),
            ("PATCH", rf"{_REPO}/issues/(\d+)", self._edit_issue),
            ("GET", rf"{_REPO}/commits/([0-9a-f]+)/pulls", self._pulls_of),
        ]
        return route(routes, asked)

    def _who(self, _: Asked) -> Reply:
        return FORBIDDEN if self.user is None else Reply(body={"login": self.user})

    def _comments(self, asked: Asked, number: str) -> Reply:
        return self.paged(asked, self.comments.get(int(number), []))

    def _comment(self, asked: Asked, number: str) -> Reply:
        if int(number) > self._number:
            return Reply(status=404, body={"message": "Not Found"})
        if len(asked.body["body"]) > LONGEST:
            return _too_long()
        return Reply(status=201, body=self.say(int(number), self.author, asked.body["body"]))

    def _edit_comment(self, asked: Asked, id: str) -> Reply:
        for comment in (each for some in self.comments.values() for each in some):
            if comment["id"] == int(id):
                comment["body"] = asked.body["body"]
                return Reply(body=comment)
        return Reply(status=404, body={"message": "Not Found"})

    def _issues(self, asked: Asked) -> Reply:
        """Pull requests are among them, as at GitHub."""
        everything = [
            *self.issues,
            *({**pull, "state": "open", "pull_request": {}, "user": None} for pull in self.pulls),
        ]
        state, creator = asked.query.get("state", "open"), asked.query.get("creator")
        found = [
            each
            for each in everything
            if state in {"all", each["state"]}
            and (creator is None or creator == (each["user"] or {}).get("login", creator))
        ]
        return self.paged(asked, found)

    def _issue(self, asked: Asked) -> Reply:
        self._number += 1
        issue = {
            "number": self._number,
            "title": asked.body["title"],
            "body": asked.body["body"],
            "state": "open",
            "user": {"login": self.author},
            "html_url": f"{self.url}/{REPOSITORY}/issues/{self._number}",
        }
        self.issues.append(issue)
        return Reply(status=201, body=issue)

    def _edit_issue(self, asked: Asked, number: str) -> Reply:
        for issue in self.issues:
            if issue["number"] == int(number):
                issue.update(asked.body)
                return Reply(body=issue)
        return Reply(status=404, body={"message": "Not Found"})

    def _pulls_of(self, asked: Asked, commit: str) -> Reply:
        numbers = self.commits.get(commit, [])
        return self.paged(asked, [each for each in self.pulls if each["number"] in numbers])


def _is_allowed(asked: Asked, permissions: Mapping[str, str]) -> bool:
    """What the documentation lists below "permissions" for each of these."""
    wanted = {"write"} if asked.method != "GET" else {"read", "write"}
    kinds = {"issues"}
    if asked.path.endswith("/pulls"):
        kinds = {"pull-requests"}
    elif "/comments" in asked.path:
        kinds = {"issues", "pull-requests"}
    elif asked.path == "/user":
        return True
    return any(permissions.get(kind) in wanted for kind in kinds)


def _too_long() -> Reply:
    message = f"Validation Failed: body is too long (maximum is {LONGEST} characters)"
    return Reply(status=422, body={"message": message})
