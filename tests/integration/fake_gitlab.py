"""GitLab's REST API, as far as this program uses it, written from its public documentation.

https://docs.gitlab.com/api: notes, issues, commits, users and rest (pagination).
"""

from __future__ import annotations

from typing import Any

from tests.integration.fake_forge import TOKEN, Asked, FakeForge, Reply, Route, route

PROJECT = "42"
BOT = "project_42_bot"


class FakeGitLab(FakeForge):
    """One project, whose access token belongs to a bot."""

    prefix = "/api/v4"

    def __init__(self) -> None:
        super().__init__()
        self.notes: dict[int, list[dict[str, Any]]] = {}
        self.issues: list[dict[str, Any]] = []
        self.requests: list[dict[str, Any]] = []
        self.commits: dict[str, list[int]] = {}
        self._id = 1000

    def environment(self) -> dict[str, str]:
        return {"CI_API_V4_URL": self.url, "CI_PROJECT_ID": PROJECT, "GITLAB_TOKEN": TOKEN}

    def say(self, number: int, author: str, body: str, *, system: bool = False) -> dict[str, Any]:
        self._id += 1
        note = {"id": self._id, "body": body, "author": {"username": author}, "system": system}
        self.notes.setdefault(number, []).append(note)
        return note

    def texts(self, number: int) -> list[str]:
        return [note["body"] for note in self.notes.get(number, [])]

    def answer(self, asked: Asked) -> Reply:
        if asked.headers.get("private-token") != TOKEN:
            return Reply(status=401, body={"message": "401 Unauthorized"})
        project = f"/projects/{PROJECT}"
        routes: list[Route] = [
            ("GET", "/user", lambda _: Reply(body={"username": BOT})),
            ("GET", rf"{project}/merge_requests/(\d+)/notes", self._notes),
            ("POST", rf"{project}/merge_requests/(\d+)/notes", self._note),
            ("PUT", rf"{project}/merge_requests/(\d+)/notes/(\d+)", self._edit_note),
            ("GET", rf"{project}/issues", self._issues),
            ("POST", rf"{project}/issues", self._issue),
            ("PUT", rf"{project}/issues/(\d+)", self._edit_issue),
            (
                "GET",
                rf"{project}/repository/commits/([0-9a-f]+)/merge_requests",
                self._requests_of,
            ),
        ]
        return route(routes, asked)

    def _notes(self, asked: Asked, number: str) -> Reply:
        return self.paged(asked, self.notes.get(int(number), []))

    def _note(self, asked: Asked, number: str) -> Reply:
        # GitLab cuts blank ends off.
        return Reply(status=201, body=self.say(int(number), BOT, asked.body["body"].strip()))

    def _edit_note(self, asked: Asked, number: str, id: str) -> Reply:
        for note in self.notes.get(int(number), []):
            if note["id"] == int(id):
                note["body"] = asked.body["body"].strip()
                return Reply(body=note)
        return Reply(status=404, body={"message": "404 Not found"})

    def _issues(self, asked: Asked) -> Reply:
        found = [
            each
            for each in self.issues
            if each["state"] == asked.query.get("state", each["state"])
            and each["author"]["username"] == asked.query.get("author_username")
        ]
        return self.paged(asked, found)

    def _issue(self, asked: Asked) -> Reply:
        issue = {
            "iid": len(self.issues) + 1,
            "title": asked.body["title"],
            "description": asked.body["description"],
            "state": "opened",
            "author": {"username": BOT},
            "web_url": f"{self.url}/-/issues/{len(self.issues) + 1}",
        }
        self.issues.append(issue)
        return Reply(status=201, body=issue)

    def _edit_issue(self, asked: Asked, number: str) -> Reply:
        for issue in self.issues:
            if issue["iid"] == int(number):
                issue["title"] = asked.body["title"]
                issue["description"] = asked.body["description"]
                if asked.body.get("state_event") == "close":
                    issue["state"] = "closed"
                return Reply(body=issue)
        return Reply(status=404, body={"message": "404 Not found"})

    def _requests_of(self, asked: Asked, commit: str) -> Reply:
        numbers = self.commits.get(commit, [])
        return self.paged(asked, [each for each in self.requests if each["iid"] in numbers])
